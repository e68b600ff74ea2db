"""What a text came to, held against what it should come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.understanding.lines import Line
from bot.chat.understanding import Understood

#: These two are one: the entry's answer goes on with the command.
_REGION_ENTRY, _REGION_COMMAND = "welke-regio", "find_region"


class Result(StrEnum):
    """How a line ended.

    For what should be stored or left unanswered only RIGHT is good; of a question RIGHT says that
    it is answered at once, OFFERED that the right entry is among the choices.
    """

    RIGHT = "right"
    OFFERED = "offered"
    #: asked back, with choices that are all wrong
    MISSED = "missed"
    UNKNOWN = "unknown"
    #: stored as the answer of the plan question
    STORED = "stored"
    #: something else was answered or done, as if it were sure
    WRONG = "wrong"


@dataclass(frozen=True)
class Scored:
    """A line, what it came to, and how that ended."""

    line: Line
    understood: Understood
    result: Result


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """Give it as a number from 0 to 1."""
        return self.hits / self.of if self.of else 0.0


def score(lines: Iterable[Line], understood: Mapping[Line, Understood]) -> list[Scored]:
    """Score every line but those of schools, which understanding does not decide."""
    return [
        Scored(line, understood[line], result_of(line, understood[line]))
        for line in lines
        if line.kind != "school"
    ]


def result_of(line: Line, understood: Understood) -> Result:
    """Tell how a line ended."""
    if line.kind == "plan_answer":
        return Result.RIGHT if understood.outcome == "plan_answer" else Result.WRONG
    if line.kind == "out_of_scope":
        return _left_alone(understood)
    if _is_right(line, understood):
        return Result.RIGHT
    is_offered = bool(set(understood.suggestions) & set(line.expected))
    match understood.outcome:
        case "suggest":
            return Result.OFFERED if is_offered else Result.MISSED
        case "plan_answer":
            # The offer stands behind one press on "Dit was een vraag".
            return Result.OFFERED if is_offered else Result.STORED
        case "unknown":
            return Result.UNKNOWN
    return Result.WRONG


def _left_alone(understood: Understood) -> Result:
    match understood.outcome:
        case "unknown":
            return Result.RIGHT
        case "suggest":
            return Result.MISSED
    return Result.WRONG


def _is_right(line: Line, understood: Understood) -> bool:
    """Tell if exactly what was expected is answered or done."""
    answered = understood.faq is not None and understood.faq in line.expected
    done = line.command is not None and understood.command == line.command
    return answered or done or (_expects_region(line) and _gives_region(understood))


def _expects_region(line: Line) -> bool:
    return line.command == _REGION_COMMAND or _REGION_ENTRY in line.expected


def _gives_region(understood: Understood) -> bool:
    return understood.command == _REGION_COMMAND or understood.faq == _REGION_ENTRY
