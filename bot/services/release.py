"""Lets a decision leave for the teacher, once it can no longer be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.plan import DECIDED, Plan
from bot.domain.plan_events import last_of
from bot.domain.plan_states import DECISIONS, Action
from bot.services.escalation_step import open_case
from bot.services.ports import UnitOfWork
from bot.services.review_effects import ReviewEffects
from bot.services.review_ports import Due


class Release:
    """Tells the teacher of a decision, and who has the plan when another took it."""

    def __init__(self, effects: ReviewEffects) -> None:
        """Tell by `effects`."""
        self._effects = effects

    async def fire(self, uow: UnitOfWork, plan: Plan, _due: Due, now: datetime) -> None:
        """Tell the teacher the last decision, unless it was undone or was told before."""
        case = await open_case(uow, plan)
        decision = last_of(case.events, *DECISIONS)
        leaves_at = case.review.leaves_at
        if plan.status not in DECIDED or case.review.is_released or decision is None:
            return
        if leaves_at is None or now < leaves_at:
            return
        await uow.reviews.save(replace(case.review, is_released=True))
        await uow.reviews.add_event(case.event(Action.RELEASE, now, {"decision": decision.id}))
        await self._effects.tell_teacher(uow, now, plan, decision)
        await self._effects.tell_decided(uow, now, plan, case.review, decision)
