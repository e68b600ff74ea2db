"""Stores what a teacher does with a plan that was handed over, and lets the others know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.contacts import Contact
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.services.reminders import Reminders
from bot.services.review_effects import ReviewEffects
from bot.services.turns import Work
from bot.texts.review import TEACHER


@dataclass(frozen=True)
class Act:
    """What the teacher did; the fields are those of the event that it leaves."""

    action: Action
    step: str | None = None
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class TeacherActs:
    """One act is one event; who has the plan and who asked hear of it; the clock starts anew."""

    def __init__(self, effects: ReviewEffects, reminders: Reminders) -> None:
        """Tell by `effects`; restart the clock of `reminders`."""
        self._effects = effects
        self._reminders = reminders

    async def store(
        self,
        work: Work,
        before: Plan,
        after: Plan,
        review: Review,
        act: Act,
        *,
        is_told: bool = True,
    ) -> PlanEvent:
        """Store plan, review and event, and tell who has the plan, unless not `is_told`."""
        changed = replace(review, waiting_since=work.now)
        event = PlanEvent(
            plan_id=after.id,
            at=work.now,
            role=Role.TEACHER,
            name=TEACHER,
            action=act.action,
            before=before.status,
            after=after.status,
            version=changed.version,
            step=act.step,
            text=act.text,
            data=act.data,
        )
        event = replace(event, id=await work.uow.reviews.add_event(event))
        await work.uow.plans.save(before, after, work.turn, work.now)
        await work.uow.reviews.save(changed)
        if is_told:
            await self._effects.tell(work.uow, work.now, after, changed, event)
        await self._reminders.restart(work.uow, after, changed, work.now)
        return event

    async def who_asked(self, work: Work, plan: Plan, review: Review, action: Action) -> Contact:
        """Give who asked for an act; who has the plan where that one is gone."""
        return await self._effects.who_asked(work.uow, plan, review, action)

    async def holder(self, work: Work, review: Review) -> Contact:
        """Give who has the plan."""
        return await self._effects.holder(work.uow, review)


async def leave_event(work: Work, before: Plan, after: Plan, action: Action) -> None:
    """Note that the teacher put a plan aside, or took it up again, while writing."""
    event = PlanEvent(
        plan_id=after.id,
        at=work.now,
        role=Role.TEACHER,
        name=TEACHER,
        action=action,
        before=before.status,
        after=after.status,
    )
    await work.uow.reviews.add_event(event)
