"""Marks an answer that may be a question after all, so that one press puts it right."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.plan import Plan
from bot.domain.turn import Choice
from bot.services.turns import Work
from bot.texts import faq as words


@dataclass(frozen=True)
class Doubt:
    """A text that was stored as an answer and may be a question: which turn, and what it asks."""

    turn_id: int
    #: whether the step had an answer before this one
    replaced: bool
    suggestions: tuple[str, ...]

    def choice(self) -> Choice:
        """Give the button that says that it was a question."""
        value = f"{self.turn_id}|{int(self.replaced)}|{','.join(self.suggestions)}"
        return Choice(words.WAS_QUESTION, "was_question", value)

    @classmethod
    def read(cls, value: str) -> Doubt:
        """Read back what the button carries."""
        turn_id, replaced, ids = value.split("|")
        return cls(int(turn_id), replaced == "1", tuple(filter(None, ids.split(","))))


def doubt_of(work: Work, before: Plan, step: str) -> tuple[Choice, ...]:
    """Offer to take an answer back, where the text that gave it may be a question."""
    turn = work.turn
    if turn.pressed or not turn.suggestions:
        return ()
    return (Doubt(turn.id, before.text(step) is not None, turn.suggestions).choice(),)
