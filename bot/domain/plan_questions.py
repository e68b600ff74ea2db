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
        """Find the option that `text` names: its label, or a typed form and nothing that counts.

        "Ja, ze staan erachter" is an option said in other words; "ja, maar nog niet iedereen" is
        none: a guess here would change who gets the plan, or what it says about people.
        """
        said = folded(text)
        for option in self.options:
            if said == folded(option.label):
                return option
        named = [option for option in self.options if _says(said, option)]
        return named[0] if len(named) == 1 else None

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


#: Words that add nothing to a choice; no denial, no doubt and no "but" is among them.
_ADDS_NOTHING = """
hoor ze zij we wij ik die dat het is er zijn helemaal wel eigenlijk volgens mij denk mijn school
teamleider directeur directie leidinggevende schoolleiding rector team onze ons al een heel erg
zeker de daar dus gelukkig doen doet met aan sto
"""
_NEUTRAL = frozenset(_ADDS_NOTHING.split())


def _says(said: str, option: Option) -> bool:
    allowed = _NEUTRAL | ({"ja"} if option.label.startswith("Ja") else {"nee"})
    for form in map(folded, option.also):
        before, found, after = f" {said} ".partition(f" {form} ")
        if found and allowed.issuperset(f"{before} {after}".split()):
            return True
    return False


def choices_in(question: Question, text: str) -> tuple[bool, bool]:
    """Tell if a text names a choice of the question, and if the question takes nothing else."""
    return question.option_for(text) is not None, bool(question.options) and not question.free
