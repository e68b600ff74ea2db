"""Checks what the school's management filled in, and says in Dutch what lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.domain.errors import BadInputError, NotAllowedError
from bot.domain.plan_questions import Part, QuestionSet
from bot.domain.plan_states import MANAGEMENT_ACTIONS, Action
from bot.domain.text import clean, is_blank
from bot.services.review_input import MAX_LENGTH
from bot.texts import management as words
from bot.texts.review import TEXT_TOO_LONG

#: Together they are the name of an event.
LONGEST_NAME = 200
LONGEST_FUNCTION = 90
#: The parts of a plan that remarks can be about.
REMARKABLE = (Part.IDEA, Part.PLAN)


@dataclass(frozen=True)
class Verdict:
    """What the management says: `action` is ENDORSE, RETURN or DECLINE.

    `remarks` are by the key of an answer; `mark` names the form, so that sending it twice does it
    once. `seen` is the `idea_mark` of what was shown, where that is known.
    """

    action: Action
    name: str
    function: str
    text: str = ""
    remarks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    mark: str | None = None
    seen: str | None = None


def read_name(text: str) -> str:
    """Give a name on one line; raises BadInputError with a Dutch sentence."""
    return _line(text, LONGEST_NAME, words.NAME_LACKS, words.NAME_TOO_LONG)


def read_function(text: str) -> str:
    """Give a function on one line; raises BadInputError with a Dutch sentence."""
    return _line(text, LONGEST_FUNCTION, words.FUNCTION_LACKS, words.FUNCTION_TOO_LONG)


def checked(verdict: Verdict, questions: QuestionSet) -> Verdict:
    """Give what was filled in, cleaned; raises BadInputError where something lacks.

    Who returns or declines says why: in general, or at one of the answers.
    """
    if verdict.action not in MANAGEMENT_ACTIONS:
        raise NotAllowedError
    text = _long(verdict.text)
    remarks = {step: _long(remark) for step, remark in verdict.remarks.items()}
    remarks = {step: remark for step, remark in remarks.items() if not is_blank(remark)}
    keys = {question.key for part in REMARKABLE for question in questions.of(part)}
    if not keys.issuperset(remarks):
        raise BadInputError(words.UNKNOWN_ANSWER)
    name, function = read_name(verdict.name), read_function(verdict.function)
    if verdict.action is not Action.ENDORSE and is_blank(text) and not remarks:
        is_return = verdict.action is Action.RETURN
        raise BadInputError(words.REMARKS_LACK if is_return else words.REASON_LACKS)
    return Verdict(verdict.action, name, function, text, remarks, verdict.mark, verdict.seen)


def _line(text: str, limit: int, lacks: str, too_long: str) -> str:
    line = " ".join(clean(text).split())
    if is_blank(line):
        raise BadInputError(lacks)
    if len(line) > limit:
        raise BadInputError(too_long.format(limit=limit))
    return line


def _long(text: str) -> str:
    cleaned = clean(text).strip()
    if len(cleaned) > MAX_LENGTH:
        raise BadInputError(TEXT_TOO_LONG.format(length=len(cleaned), limit=MAX_LENGTH))
    return cleaned
