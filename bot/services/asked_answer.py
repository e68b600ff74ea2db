"""Shows the one answer that a question from the region opened again, and remembers which it was.

What is remembered in the conversation keeps an answer with the question that was on the screen:
that one may be taken back and another be asked while somebody types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.conversation import Conversation, InboxRow
from bot.domain.personal_data import personal_data_for
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, open_question
from bot.domain.turn import Choice, OpenKind
from bot.services.ports import UnitOfWork
from bot.services.turns import Work
from bot.texts import plan_intake as plan_words
from bot.texts import revision as words
from bot.texts.review import REVISE

_KIND = "revise"


async def question_of(work: Work, plan: Plan) -> PlanEvent | None:
    """Give the question that waits for the teacher's answer; None when none does."""
    if plan.status is not PlanStatus.ASKED:
        return None
    return open_question(await work.uow.reviews.events(plan.id))


async def in_full(work: Work, plan: Plan) -> tuple[str, tuple[Choice, ...]]:
    """Open the answer and give the words that ask for it, with its choices."""
    question, title = await _opened(work, plan)
    return words.ask_text(plan, question, title), _choices(plan)


async def in_short(work: Work, plan: Plan) -> tuple[str, tuple[Choice, ...]]:
    """Give the same, shortly."""
    question, title = await _opened(work, plan)
    return words.again_text(question, title), _choices(plan)


def remember(work: Work, question: PlanEvent, typed: int | None = None) -> None:
    """Remember which question was shown, and the turn of a new answer that is not sent yet."""
    pending = {"kind": _KIND, "step": question.step, "question": question.id, "typed": typed}
    work.conversation = replace(work.conversation, pending=pending)


def remembered(work: Work) -> tuple[int | None, int | None]:
    """Give the id of the question that was shown last, and the turn of an answer not sent yet."""
    pending = work.pending or {}
    if pending.get("kind") != _KIND:
        return None, None
    return pending["question"], pending["typed"]


async def forget_personal(work: Work, plan: Plan, typed: int | None) -> None:
    """Empty a message that is written anew, if it seems to hold what the plan does not need."""
    text = (await work.uow.inbox.get(typed)).text if typed else ""
    if typed and personal_data_for(plan.open_step, text):
        await work.uow.inbox.forget_text(typed)


async def just_asked(uow: UnitOfWork, talk: Conversation, row: InboxRow) -> Plan | None:
    """Give the plan that a message answers although nothing is open: who reads a question replies.

    Only the first message after the question, when one plan alone waits for its teacher; it
    becomes a proposal, which leaves when the teacher says so.
    """
    plans = await uow.plans.of(talk.person_id)
    asked = [plan for plan in plans if plan.status is PlanStatus.ASKED]
    if len(asked) != 1:
        return None
    question = open_question(await uow.reviews.events(asked[0].id))
    before = await uow.inbox.previous_at(row.id)
    is_reply = question is not None and (before is None or before < question.at <= row.received_at)
    return asked[0] if is_reply else None


def step_asked(talk: Conversation) -> str | None:
    """Give the step that the conversation still waits for, whether or not it is open by now."""
    pending = talk.pending or {}
    return pending["step"] if pending.get("kind") == _KIND else None


def revise_choices(plans: Sequence[Plan], *, is_named: bool = False) -> tuple[Choice, ...]:
    """Give the button that opens the answer of each plan; among more each names its own."""
    if len(plans) == 1 and not is_named:
        return (Choice(REVISE, "revise", plans[0].id),)
    return tuple(Choice(f"{REVISE}: {plan.reference}", "revise", plan.id) for plan in plans)


async def put_away(work: Work) -> None:
    """Take the plan out of hand; the draft that was last worked on waits again, on pause."""
    work.put_plan_away()
    plans = await work.uow.plans.of(work.turn.person_id)
    draft = next((plan for plan in plans if plan.status is PlanStatus.DRAFT), None)
    if draft:
        work.conversation = replace(work.conversation, plan_id=draft.id)


async def _opened(work: Work, plan: Plan) -> tuple[PlanEvent, str]:
    question = await question_of(work, plan)
    if question is None:
        # A plan in this state without a question is one that storage does not know.
        raise LookupError
    work.open(OpenKind.PLAN, plan.id)
    remember(work, question)
    questions = await work.uow.questions.get(plan.questions_version)
    return question, questions[plan.open_step].title


def _choices(plan: Plan) -> tuple[Choice, ...]:
    return (
        Choice(plan_words.KEEP, "revise_keep", plan.id, plan.at),
        Choice(words.LATER, "revise_later", plan.id, plan.at),
    )
