"""Judges a text as an answer, a question or a command, from the text and from what is open.

Standard library only and without side effects: the plan judge in Rasa's pipeline and the unit tests
call the same function.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from wegwijzer_rasa.wording import COMMANDS, FILLERS, QUESTION_STARTS, RUN_UPS, YES

PLAN_ANSWER = "plan_answer"
UNKNOWN = "unknown"
FIND_REGION = "find_region"
CHOOSE = "choose"
FAQ_PREFIX = "faq_"

COMMAND_WORDS_AT_MOST = 10
QUESTION_WORDS_AT_MOST = 25
#: Chosen on a list of texts apart from the training lines, see tests/conversations.
COMMAND_AT_LEAST = 0.10
QUESTION_AT_LEAST = 0.65
#: "Welke bedrijven meedoen volgt nog" begins as a question does.
UNMARKED_QUESTION_AT_LEAST = 0.85
KNOWN_AT_LEAST = 0.50

#: What a person can ask in the middle of a plan in the form of a question, besides the FAQ.
ASKABLE = frozenset(
    "human contact privacy status my_plans bot_challenge find_region ask_question export_data "
    "cmd_help cmd_example cmd_overview cmd_back cmd_skip cmd_pause cmd_correct".split()
)
#: Never taken on the classifier's word alone: what follows on yes or send cannot be taken back.
ONLY_IN_SO_MANY_WORDS = frozenset({"affirm", "deny", "cmd_send"})
#: Yes and no are answers while a plan question is open.
NEVER_IN_A_PLAN = frozenset({"affirm", "deny"})

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:]+\s+|\n+")
_QUOTES = "\"'“”„‘’«»"


@dataclass(frozen=True)
class Guess:
    """One line of the classifier's ranking."""

    intent: str
    confidence: float


def judge(text: str, open_kind: str, ranking: Sequence[Guess]) -> Guess:
    """Decide what `text` means while `open_kind` is open; `ranking` is best first.

    In a plan everything is the answer unless there is evidence of a command or a question; where
    a school is asked, everything else is the search; elsewhere a guess must be sure enough.
    """
    if open_kind == "plan":
        return _on_evidence(text, ranking, NEVER_IN_A_PLAN) or Guess(PLAN_ANSWER, 1.0)
    if open_kind == "find_region":
        return _on_evidence(text, ranking, NEVER_IN_A_PLAN) or Guess(FIND_REGION, 1.0)
    if open_kind == "choose":
        return _on_evidence(text, ranking, NEVER_IN_A_PLAN) or Guess(CHOOSE, 1.0)
    if open_kind in ("confirm", "delete") and is_yes(text):
        return Guess("affirm", 1.0)
    return _known(text, ranking, never=frozenset({"affirm"}))


def is_yes(text: str) -> bool:
    """Tell if a text is a plain yes, and nothing else: what follows cannot be taken back."""
    return " ".join(words_of(text)) in YES and not text.rstrip().endswith("?")


def _on_evidence(text: str, ranking: Sequence[Guess], never: frozenset[str]) -> Guess | None:
    for guess in ranking:
        if guess.confidence < COMMAND_AT_LEAST:
            break
        if guess.intent not in never and is_command(text, guess.intent):
            return guess
    top = ranking[0] if ranking else Guess(UNKNOWN, 0.0)
    can_be_asked = top.intent.startswith(FAQ_PREFIX) or top.intent in ASKABLE
    marked = text.rstrip().endswith("?")
    at_least = QUESTION_AT_LEAST if marked else UNMARKED_QUESTION_AT_LEAST
    if can_be_asked and top.confidence >= at_least and is_question(text):
        return top
    return None


def _known(text: str, ranking: Sequence[Guess], never: frozenset[str]) -> Guess:
    if not ranking or looks_like_a_payload(text):
        return Guess(UNKNOWN, 1.0)
    top = ranking[0]
    in_so_many_words = is_command(text, top.intent)
    asks = text.rstrip().endswith("?")
    if top.intent in ONLY_IN_SO_MANY_WORDS and (asks or not in_so_many_words):
        return Guess(UNKNOWN, top.confidence)
    if top.intent in (PLAN_ANSWER, UNKNOWN) or top.intent in never:
        return Guess(UNKNOWN, top.confidence)
    at_least = COMMAND_AT_LEAST if in_so_many_words else KNOWN_AT_LEAST
    return top if top.confidence >= at_least else Guess(UNKNOWN, top.confidence)


def looks_like_a_payload(text: str) -> bool:
    """Tell if a text is written as Rasa writes an intent; "/terug" is only a word with a slash."""
    text = text.strip()
    return text.startswith("/") and not text[1:].isalpha()


def is_command(text: str, intent: str) -> bool:
    """Tell if a text is this command in so many words: short, and nothing else in it."""
    wording = COMMANDS.get(intent)
    text = text.strip()
    if wording is None or "\n" in text or text[:1] in _QUOTES or looks_like_a_payload(text):
        return False
    words = [_spelled(word, wording.keys) for word in words_of(text)]
    if not 0 < len(words) <= COMMAND_WORDS_AT_MOST:
        return False
    named = [key for key in wording.keys if _in_order(key.split(), words)]
    allowed = FILLERS | wording.also | {word for key in named for word in key.split()}
    return bool(named) and allowed.issuperset(words) and wording.never.isdisjoint(words)


def is_question(text: str) -> bool:
    """Tell if a text is a question and nothing but a question."""
    text = text.strip()
    if text[:1] in _QUOTES or looks_like_a_payload(text):
        return False
    if len(words_of(text)) > QUESTION_WORDS_AT_MOST:
        return False
    sentences = [part for part in _split(text) if not RUN_UPS.issuperset(words_of(part))]
    return bool(sentences) and all(_asks(sentence) for sentence in sentences)


def words_of(text: str) -> list[str]:
    """Give the words of a text in lower case, without punctuation and emoji."""
    return _WORD.findall(text.lower())


def _split(text: str) -> list[str]:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [text[a:b].strip() for a, b in pairwise([0, *ends, len(text)])]


def _asks(sentence: str) -> bool:
    words = words_of(sentence)
    while words and words[0] in RUN_UPS and len(words) > 1:
        words = words[1:]
    return sentence.endswith("?") or not QUESTION_STARTS.isdisjoint(words[:1])


def _in_order(wanted: Sequence[str], words: Sequence[str]) -> bool:
    rest = iter(words)
    return all(word in rest for word in wanted)


def _spelled(word: str, keys: Sequence[str]) -> str:
    parts = [part for key in keys for part in key.split()]
    if len(word) < 5 or word in FILLERS or word in parts:
        return word
    return next((part for part in parts if len(part) > 4 and is_slip_of(word, part)), word)


def is_slip_of(word: str, meant: str) -> bool:
    """Tell if a word is this one but for one letter missing, too many or swapped with the next.

    A wrong letter is no slip: "honden" is not "houden".
    """
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    same = 0
    while same < min(len(word), len(meant)) and word[same] == meant[same]:
        same += 1
    rest, wanted = word[same:], meant[same:]
    if len(word) == len(meant):
        return not rest or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    return rest == wanted[1:] or rest[1:] == wanted
