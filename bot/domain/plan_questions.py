"""The questions of a plan as data: what is asked, why, with which example and options."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import UnknownStepError
from bot.domain.text import folded


class Part(StrEnum):
    """The parts of the road, in order; only PLAN is numbered ("vraag 3 van 6")."""

    ROUTE = "route"
    IDEA = "idea"
    SUPPORT = "support"
    PLAN = "plan"
    SENDER = "sender"


@dataclass(frozen=True)
class Option:
    """A possible answer: `value` for the rules, `label` on the button, `also` typed forms."""

    value: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question; with `options` it is a choice, and `free` says if other text is fine too."""

    key: str
    part: Part
    title: str
    wording: str
    why: str = ""
    example: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    free: bool = True

    def option_for(self, text: str) -> Option | None:
        """Find the option that `text` names: its label, or one of its typed forms as words.

        With several typed forms in one sentence the longest one counts ("nee, dat weet ik niet"
        is "weet ik niet"); forms of equal length for different options name none of them.
        """
        said = folded(text)
        for option in self.options:
            if said == folded(option.label):
                return option
        found: dict[int, set[Option]] = {}
        for option in self.options:
            for form in (option.label, *option.also):
                if f" {folded(form)} " in f" {said} ":
                    found.setdefault(len(folded(form)), set()).add(option)
        if not found:
            return None
        longest = found[max(found)]
        return next(iter(longest)) if len(longest) == 1 else None

    def option_by_value(self, value: str | None) -> Option | None:
        """Find the option with this value, or None."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True)
class QuestionSet:
    """All questions in the order of the road; `version` names this very wording."""

    version: str
    questions: tuple[Question, ...]

    def __getitem__(self, key: str) -> Question:
        for question in self.questions:
            if question.key == key:
                return question
        raise UnknownStepError

    def __contains__(self, key: object) -> bool:
        return any(question.key == key for question in self.questions)

    def of(self, part: Part) -> tuple[Question, ...]:
        """Give the questions of one part, in order."""
        return tuple(question for question in self.questions if question.part is part)

    def position(self, key: str) -> tuple[int, int] | None:
        """Give (3, 6) for the third of six plan questions; None outside the plan part."""
        keys = [question.key for question in self.of(Part.PLAN)]
        return (keys.index(key) + 1, len(keys)) if key in keys else None
