"""What silence does to a plan: it goes one step up the route, or a question is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.contacts import Contact
from bot.domain.errors import NotFoundError
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review, open_question
from bot.domain.plan_states import Action, next_status
from bot.domain.reminders import is_at_last_station, reached
from bot.domain.roles import Role
from bot.domain.summary import RecipientRole
from bot.services.access import Access
from bot.services.ports import UnitOfWork
from bot.services.reminders import Reminders, dutch_day
from bot.services.review_effects import ReviewEffects
from bot.services.review_targets import present
from bot.texts.reminders import holder_name
from bot.texts.review import CLOCK


@dataclass(frozen=True)
class Case:
    """A plan that was handed over, with what happened to it; nobody else can change it now."""

    plan: Plan
    review: Review
    events: tuple[PlanEvent, ...]

    def event(
        self, action: Action, now: datetime, data: Mapping[str, Any], step: str | None = None
    ) -> PlanEvent:
        """Give the event of an action of the clock; raises NotAllowedError where it may not be."""
        return PlanEvent(
            plan_id=self.plan.id,
            at=now,
            role=Role.CLOCK,
            name=CLOCK,
            action=action,
            before=self.plan.status,
            after=next_status(self.plan.status, action, Role.CLOCK),
            version=self.review.version,
            step=step,
            data=data,
        )


class EscalationStep:
    """Passes plans on that nobody acts on; tells the new holder and the teacher."""

    def __init__(self, access: Access, effects: ReviewEffects, reminders: Reminders) -> None:
        """Find who is next by `access`; tell people by `effects`; restart the clock."""
        self._access = access
        self._effects = effects
        self._reminders = reminders

    async def step_up(
        self, uow: UnitOfWork, case: Case, now: datetime, reason: str = "silent"
    ) -> None:
        """Give the plan to the next on the route; the operator keeps what comes to the operator."""
        if is_at_last_station(case.review):
            return
        to = await self._reminders.next_holder(uow, case.review, now, case.events)
        await self._pass_on(uow, case, to, now, reason)

    async def pass_on_if_away(self, uow: UnitOfWork, case: Case, now: datetime) -> bool:
        """Pass the plan on, instead of reminding who cannot act; say whether that was done.

        Who is away has a stand-in who is there. Who is no contact any more is passed over.
        """
        review = case.review
        if review.holder_role is Role.OPERATOR:
            return False
        holder = await self._access.contact(uow, review.holder_id)
        if holder is None:
            await self.step_up(uow, case, now, "gone")
            return True
        day = dutch_day(now)
        stand_in = await present(uow, self._access, holder, day)
        if stand_in.id == holder.id or stand_in.is_absent(day):
            return False
        if stand_in.id in reached(case.events):
            return False
        await self._pass_on(uow, case, stand_in, now, "absent")
        return True

    async def lapse(self, uow: UnitOfWork, case: Case, now: datetime) -> None:
        """Close a question that the teacher does not answer; the plan goes on as it was."""
        question = open_question(case.events)
        step = question.step if question else None
        event = case.event(Action.LAPSE, now, {"from": await self._holder_name(uow, case)}, step)
        await self._settle(uow, case, replace(case.review, waiting_since=now), event, now)

    async def _pass_on(
        self, uow: UnitOfWork, case: Case, to: Contact, now: datetime, reason: str
    ) -> None:
        data = {
            "from": await self._holder_name(uow, case),
            "from_id": case.review.holder_id,
            "to": to.id,
            "reason": reason,
        }
        role = Role(to.role.value)
        review = replace(
            case.review,
            holder_role=role,
            holder_id=to.id,
            waiting_since=now,
            is_last_station=role is Role.OPERATOR,
        )
        await self._settle(uow, case, review, case.event(Action.ESCALATE, now, data), now)

    async def _settle(
        self, uow: UnitOfWork, case: Case, review: Review, event: PlanEvent, now: datetime
    ) -> None:
        event = replace(event, id=await uow.reviews.add_event(event))
        moved = replace(case.plan, status=event.after)
        await uow.plans.move(moved, now)
        await uow.reviews.save(review)
        await self._effects.tell(uow, now, moved, review, event)
        await self._reminders.restart(uow, moved, review, now)

    async def _holder_name(self, uow: UnitOfWork, case: Case) -> str:
        contact = await self._access.contact(uow, case.review.holder_id)
        return holder_name(contact, RecipientRole(case.review.holder_role.value))


async def open_case(uow: UnitOfWork, plan: Plan) -> Case:
    """Give the case of a plan that is locked; raises NotFoundError when it has no review."""
    review = await uow.reviews.get(plan.id)
    if review is None:
        raise NotFoundError
    return Case(plan, review, await uow.reviews.events(plan.id))
