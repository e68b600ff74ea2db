"""Judges a text as an answer, a question or a command, from the text and from what is open.

Standard library only and without side effects: the plan judge in Rasa's pipeline and the unit tests
call the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wegwijzer_rasa.phrasing import (
    asks_somewhere,
    is_command,
    is_question,
    is_yes,
    looks_like_a_payload,
    may_be_question,
    said_here,
    words_of,
)
from wegwijzer_rasa.wording import ADDRESSING, OWN_DATA

PLAN_ANSWER = "plan_answer"
UNKNOWN = "unknown"
PASTED_PLAN = "pasted_plan"
FIND_REGION = "find_region"
CHOOSE = "choose"
FAQ_PREFIX = "faq_"
_NO_GUESS = (UNKNOWN, PLAN_ANSWER)


SUGGESTED_AT_MOST = 3

#: Never taken on the ranking's word alone: what follows on yes or send cannot be taken back.
ONLY_IN_SO_MANY_WORDS = frozenset({"affirm", "deny", "cmd_send"})
#: In a plan "verstuur maar" leads to the read-back, where it is asked once more.
ONLY_AFTER_A_QUESTION = frozenset({"cmd_send"})
#: Answers here are names: one that sounds like a command is still a name.
NAMING_STEPS = frozenset({"naam", "titel", "school", "place", "email", "management_who"})
#: As a question this is an entry of the FAQ, whose answer goes on with the command.
ASKED = {FIND_REGION: "welke-regio"}
#: Yes and no are answers while a plan question is open.
NEVER_IN_A_PLAN = frozenset({"affirm", "deny"})
#: "Laat maar" at a list of choices is not about the question underneath.
NEVER_AT_A_CHOICE = NEVER_IN_A_PLAN | {"cmd_skip", "cmd_keep"}
#: What a text is where something is asked for and nothing else is evident.
_READ_AS = {"plan": PLAN_ANSWER, "find_region": FIND_REGION, "choose": CHOOSE}


@dataclass(frozen=True)
class Thresholds:
    """From which likelihood what is done; chosen on tests/understanding, see docs/understanding.md.

    `sure` and `command`: a guess is acted upon, a command a little sooner, for it is seen at once
    and costs nothing. `maybe`: the nearest questions are offered. `share`: a command in so many
    words needs this share of the ranking. `unknown`: a text with this share or more of the lines
    that are not known here is not offered anything.

    In a plan: from `answer` a text is an answer, whatever else it looks like; above `surely_answer`
    there is not even a doubt. What asks nothing and tells us nothing has to be less likely an
    answer than `order` or `question` to be one of those, and than `aside` to be about something
    else than the plan. A question that is not known is one below
    `unknown_question`, and with its mark it is no answer at all below `no_answer`.
    """

    sure: float = 0.55
    command: float = 0.60
    maybe: float = 0.25
    share: float = 0.02
    unknown: float = 0.45
    answer: float = 0.30
    surely_answer: float = 0.90
    order: float = 0.20
    aside: float = 0.05
    question: float = 0.01
    unknown_question: float = 0.10
    no_answer: float = 0.05


CHOSEN = Thresholds()


@dataclass(frozen=True)
class Guess:
    """One line of the ranking: an intent and its share."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Heard:
    """A text as the model read it, best guess first.

    `sure` is how likely the best guess besides `unknown` and `plan_answer` is right, `answer` how
    likely the text answers a plan question, where one is open. The app tells that the text is one
    of that question's choices (`is_choice`), that the question takes nothing else (`only_choices`)
    and that the text has the headings of a `whole_plan`.
    """

    text: str
    ranking: Sequence[Guess]
    sure: float
    answer: float
    is_choice: bool = False
    only_choices: bool = False
    whole_plan: bool = False

    @property
    def top(self) -> Guess | None:
        """Give the best guess besides `unknown` and `plan_answer`."""
        return next((guess for guess in self.ranking if guess.intent not in _NO_GUESS), None)

    @property
    def nearest(self) -> tuple[str, ...]:
        """Give the ids of the FAQ entries that come nearest, best first."""
        ids = [faq_id(guess.intent) for guess in self.ranking]
        return tuple(id_ for id_ in ids if id_)[:SUGGESTED_AT_MOST]


@dataclass(frozen=True)
class Judgement:
    """What follows: an intent of the domain, how sure that is, and FAQ entries that go with it.

    With `faq` the first entry is the answer, with `suggest` they are offered, with `plan_answer`
    the text may be a question after all.
    """

    intent: str
    confidence: float
    suggestions: tuple[str, ...] = ()
    #: whether the model thought so, rather than the text saying so in so many words
    is_guess: bool = False


def judge(
    heard: Heard, open_kind: str, step: str | None = None, at: Thresholds = CHOSEN
) -> Judgement:
    """Decide what a text means while `open_kind` is open, in a plan at the question `step`.

    In a plan everything is the answer unless there is evidence of a command or a question; where
    a school is asked, everything else is the search; elsewhere a guess must be sure enough.
    """
    if looks_like_a_payload(heard.text):
        return Judgement(_READ_AS.get(open_kind, UNKNOWN), 1.0)
    if heard.is_choice and open_kind == "plan":
        return Judgement(PLAN_ANSWER, 1.0)
    if heard.whole_plan and open_kind != "delete":
        return Judgement(PASTED_PLAN, 1.0)
    if open_kind == "plan" and (said := said_here(heard.text)):
        asked = faq_id(said)
        return Judgement("faq", 1.0, (asked,)) if asked else Judgement(said, 1.0)
    if open_kind == "plan" and heard.only_choices:
        return _in_so_many_words(heard, NEVER_IN_A_PLAN, at) or _where_choices_are_asked(heard, at)
    if open_kind in _READ_AS:
        return _in_so_many_words(heard, NEVER_IN_A_PLAN, at) or _where_asked(
            heard, open_kind, step, at
        )
    if open_kind in ("confirm", "delete") and is_yes(heard.text):
        return Judgement("affirm", 1.0)
    return _in_so_many_words(heard, frozenset({"affirm"}), at) or _where_nothing_is_asked(heard, at)


def likely_right(ranking: Sequence[Guess]) -> float:
    """Give the share of the best guess besides `unknown` and `plan_answer`."""
    return next((guess.confidence for guess in ranking if guess.intent not in _NO_GUESS), 0.0)


def likely_answer(ranking: Sequence[Guess]) -> float:
    """Give the share of `plan_answer`."""
    return next((guess.confidence for guess in ranking if guess.intent == PLAN_ANSWER), 0.0)


def _in_so_many_words(heard: Heard, never: frozenset[str], at: Thresholds) -> Judgement | None:
    for guess in heard.ranking:
        if guess.confidence < at.share:
            break
        if guess.intent in ONLY_IN_SO_MANY_WORDS and heard.text.rstrip().endswith("?"):
            continue
        if guess.intent not in never and is_command(heard.text, guess.intent):
            return Judgement(guess.intent, max(heard.sure, guess.confidence))
    return None


def _where_asked(heard: Heard, open_kind: str, step: str | None, at: Thresholds) -> Judgement:
    read_as = _READ_AS[open_kind]
    known = _known(heard, at, ONLY_AFTER_A_QUESTION if open_kind == "plan" else frozenset())
    if known is None:
        return _doubtful_where_asked(heard, read_as, at)
    if known.intent in (NEVER_IN_A_PLAN if open_kind == "plan" else NEVER_AT_A_CHOICE):
        return Judgement(read_as, heard.answer)
    if _is_evident(heard, known, step, at):
        return known
    may_ask = heard.answer < at.surely_answer and asks_somewhere(heard.text)
    return Judgement(read_as, heard.answer, heard.nearest if may_ask else ())


def _where_choices_are_asked(heard: Heard, at: Thresholds) -> Judgement:
    """Judge what is none of the choices: it cannot be stored, so a question may be one sooner."""
    known = _known(heard, at, ONLY_AFTER_A_QUESTION)
    if known and known.intent not in NEVER_IN_A_PLAN:
        asks = asks_somewhere(heard.text)
        if asks or (known.intent != "faq" and heard.answer < at.answer):
            return known
    if may_be_question(heard.text):
        if heard.sure >= at.maybe and heard.nearest:
            return Judgement("suggest", heard.sure, heard.nearest)
        if heard.text.rstrip().endswith("?"):
            return Judgement(UNKNOWN, 1 - heard.sure)
    return Judgement(PLAN_ANSWER, heard.answer)


def _is_evident(heard: Heard, known: Judgement, step: str | None, at: Thresholds) -> bool:
    """Tell if a text is so unlike an answer, and so like what is known, that it is no answer."""
    if known.intent == "faq":
        limit = at.answer if asks_somewhere(heard.text) else at.question
        return heard.answer < limit
    if may_be_question(heard.text):
        return heard.answer < at.answer
    if not known.intent.startswith("cmd_"):
        # "Een bezoek aan een bedrijf" is an activity before it is a wish to leave the plan.
        return heard.answer < at.aside and step not in NAMING_STEPS
    if not ADDRESSING.isdisjoint(words_of(heard.text)):
        return heard.answer < at.answer
    return heard.answer < at.order and step not in NAMING_STEPS


def _doubtful_where_asked(heard: Heard, read_as: str, at: Thresholds) -> Judgement:
    if not may_be_question(heard.text):
        return Judgement(read_as, heard.answer)
    if heard.answer < at.unknown_question and is_question(heard.text):
        if heard.sure >= at.maybe and heard.nearest:
            return Judgement("suggest", heard.sure, heard.nearest)
        if heard.answer < at.no_answer and heard.text.rstrip().endswith("?"):
            return Judgement(UNKNOWN, 1 - heard.sure)
    return Judgement(read_as, heard.answer, heard.nearest)


def _where_nothing_is_asked(heard: Heard, at: Thresholds) -> Judgement:
    if heard.text.lstrip().startswith("/"):
        # A command that we do not have; what it is called says nothing about STO.
        return Judgement(UNKNOWN, 1.0)
    known = _known(heard, at)
    if known:
        return known
    top = heard.top
    may_be_asked = top is not None and top.intent not in ONLY_IN_SO_MANY_WORDS
    if heard.ranking and heard.ranking[0].intent == UNKNOWN:
        may_be_asked = may_be_asked and heard.ranking[0].confidence < at.unknown
    if may_be_asked and heard.sure >= at.maybe and heard.nearest:
        return Judgement("suggest", heard.sure, heard.nearest)
    return Judgement(UNKNOWN, 1 - heard.sure)


def _known(heard: Heard, at: Thresholds, also: frozenset[str] = frozenset()) -> Judgement | None:
    top = heard.top
    if top is None or (top.intent in ONLY_IN_SO_MANY_WORDS and top.intent not in also):
        return None
    asked = faq_id(top.intent)
    if heard.sure < (at.sure if asked else at.command):
        return None
    if top.intent == "delete_data" and OWN_DATA.isdisjoint(words_of(heard.text)):
        # "Wis dit" is about an answer; what wipes everything has to say so.
        return None
    if asked:
        return Judgement("faq", heard.sure, heard.nearest)
    if top.intent in ASKED and may_be_question(heard.text):
        return Judgement("faq", heard.sure, (ASKED[top.intent], *heard.nearest[:2]))
    return Judgement(top.intent, heard.sure, is_guess=True)


def faq_id(intent: str) -> str | None:
    """Give the FAQ entry that an intent of the training stands for, if it does."""
    return intent[len(FAQ_PREFIX) :].replace("_", "-") if intent.startswith(FAQ_PREFIX) else None
