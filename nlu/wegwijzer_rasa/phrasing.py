"""Tells what a text is by its wording: a command, a question, a plain yes.

Standard library only and without side effects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from wegwijzer_rasa.wording import (
    COMMANDS,
    FILLERS,
    QUESTION_STARTS,
    QUESTION_WORDS,
    RUN_UPS,
    SAID_HERE,
    YES,
)

COMMAND_WORDS_AT_MOST = 10
QUESTION_WORDS_AT_MOST = 25
#: Behind these a question word only refers to what is meant.
_NOT_ASKED = frozenset("alles iets niets veel dat datgene degene iedereen al dingen".split())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:]+\s+|\n+")
_CLAUSE_END = re.compile(r"[,;:.!]+\s+|\n+|\s-+\s|(?<=\?)\s+")
_QUOTES = "\"'“”„‘’«»"


def is_yes(text: str) -> bool:
    """Tell if a text is a plain yes, and nothing else: what follows cannot be taken back."""
    return " ".join(words_of(text)) in YES and not text.rstrip().endswith("?")


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


def said_here(text: str) -> str | None:
    """Give the intent of a short question about the open plan question itself ("moet dat?")."""
    return SAID_HERE.get(" ".join(words_of(text)))


def may_be_question(text: str) -> bool:
    """Tell if a text asks something, perhaps after telling something else."""
    clauses = [part for part in _CLAUSE_END.split(text.strip()) if words_of(part)]
    return bool(clauses) and (is_question(text) or _asks(clauses[-1]))


def asks_somewhere(text: str) -> bool:
    """Tell if a text has the mark or the words of a question anywhere.

    In "alles wat we nodig hebben" the word asks nothing.
    """
    words = words_of(text)
    asking = any(
        word in QUESTION_WORDS and before not in _NOT_ASKED
        for before, word in zip(["", *words], words, strict=False)
    )
    return "?" in text or asking or may_be_question(text)


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
