"""Offers to put right what may be taken the wrong way: an answer for a question, or the reverse."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.plan import Plan
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.turns import UseCase, Work
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


#: Where a text can be the answer to the plan question, although something else is asked on top.
_MAY_ANSWER = (OpenKind.PLAN, OpenKind.FIND_REGION, OpenKind.QUESTION)


async def was_answer(work: Work) -> tuple[Choice, ...]:
    """Offer, at a plan question that takes any text, to take the typed text as its answer."""
    turn = work.turn
    is_typed = turn.text and not turn.pressed
    if turn.open.kind not in _MAY_ANSWER or not is_typed or not turn.open.plan_id:
        return ()
    plan = await work.uow.plans.get(turn.open.plan_id)
    questions = await work.uow.questions.get(plan.questions_version)
    step = turn.open.step or ""
    if step not in questions or not questions[step].free:
        return ()
    return (Choice(words.WAS_ANSWER, "was_answer", str(turn.id)),)


def with_doubt(use_case: UseCase) -> UseCase:
    """Give a use case that, on a guess in a plan, offers to take the text as the answer instead."""

    async def run(work: Work) -> list[Reply]:
        replies = await use_case(work)
        if not work.turn.is_guess or not replies:
            return replies
        *first, last = replies
        return [*first, replace(last, choices=(*last.choices, *await was_answer(work)))]

    return run
