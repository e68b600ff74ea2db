"""The teacher takes back a plan that was handed over."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.plan import CONFIRM, DECIDED, Plan, PlanStatus
from bot.domain.plan_events import Review
from bot.domain.plan_states import Action, allowed_actions, next_status
from bot.domain.roles import Role
from bot.domain.teacher_view import shown_status
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services import asked_answer
from bot.services.access import Access
from bot.services.asking import Asker
from bot.services.plan_readers import readers, receivers
from bot.services.teacher_acts import Act, TeacherActs
from bot.services.turns import Work
from bot.texts import plan_intake as plan_words
from bot.texts import withdrawal as words
from bot.texts.review import contact_name

_KIND = "withdraw"


class Withdrawal:
    """The use cases around taking a plan back: asked once more, then done for good."""

    def __init__(self, asker: Asker, access: Access, acts: TeacherActs) -> None:
        """Name people by `access`; store and tell by `acts`."""
        self._asker = asker
        self._access = access
        self._acts = acts

    async def ask(self, work: Work) -> list[Reply]:
        """Ask whether the plan of the pressed button is to be taken back, and say what it means."""
        plan = await work.own_plan(work.turn.value or "")
        found = await self._may_withdraw(work, plan)
        if plan is None or isinstance(found, str):
            return await self._asker.again(work, first=str(found))
        who = contact_name(await self._acts.holder(work, found))
        got = await readers(work.uow, self._access, plan)
        work.open(OpenKind.CHOOSE)
        # Only what is asked in this very message can be confirmed.
        work.conversation = replace(work.conversation, pending={"kind": _KIND, "plan_id": plan.id})
        at = OpenKind.CHOOSE.value
        choices = (
            Choice(words.YES, "withdraw_confirm", plan.id, at),
            Choice(words.NO, "withdraw_keep", plan.id, at),
        )
        return [Reply(words.ask_withdrawal(plan, who, got), choices)]

    async def confirm(self, work: Work) -> list[Reply]:
        """Take the plan back: who has it hears so, links stop working, nothing more is due.

        What was not sent yet stays here; who never got the plan hears nothing of it.
        """
        plan = await work.own_plan(work.turn.value or "")
        if plan is None or work.pending != {"kind": _KIND, "plan_id": plan.id}:
            return await self._asker.again(work, first=plan_words.EXPIRED)
        review = await self._may_withdraw(work, plan)
        if isinstance(review, str):
            return await self._asker.again(work, first=review)
        uow = work.uow
        is_told = bool(await receivers(uow, self._access, plan))
        await uow.outbox.cancel_of_plan(plan.id, but_to=plan.text("email"))
        status = next_status(plan.status, Action.WITHDRAW, Role.TEACHER)
        after = replace(plan, status=status, open_step=CONFIRM)
        act = Act(Action.WITHDRAW)
        await self._acts.store(work, plan, after, review, act, is_told=is_told)
        await uow.due.cancel(plan.id)
        await uow.links.revoke(plan_id=plan.id)
        if work.conversation.plan_id == plan.id:
            await asked_answer.put_away(work)
        who = contact_name(await self._acts.holder(work, review))
        said = words.withdrawn_text(plan, who, is_told=is_told)
        return await self._asker.again(work, first=said)

    async def keep(self, work: Work) -> list[Reply]:
        """Leave the plan where it is."""
        return await self._asker.again(work, first=words.KEPT)

    async def _may_withdraw(self, work: Work, plan: Plan | None) -> Review | str:
        """Give the review of a plan that can be taken back, else the words that say why not."""
        if plan is None:
            return plan_words.EXPIRED
        if plan.status is PlanStatus.WITHDRAWN:
            return words.WITHDRAWN_BEFORE
        review = await work.uow.reviews.get(plan.id)
        if review and is_withdrawable(plan):
            return review
        events = await work.uow.reviews.events(plan.id)
        return words.DECIDED if shown_status(plan, review, events) in DECIDED else words.NOT_NOW


def is_withdrawable(plan: Plan) -> bool:
    """Say whether the teacher can take the plan back."""
    return Action.WITHDRAW in allowed_actions(plan.status, Role.TEACHER)
