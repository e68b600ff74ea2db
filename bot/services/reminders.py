"""The clock on a plan: who is silent is reminded twice, then it goes one step up the route."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.plan import WAITING_FOR_REGION, Plan, PlanStatus
from bot.domain.plan_events import Review
from bot.services.ports import UnitOfWork
from bot.services.review_ports import Due, DueKind

_CLOCK = (DueKind.REMIND, DueKind.ESCALATE, DueKind.LAPSE)


class Reminders:
    """Sets the clock of a plan anew whenever somebody acts."""

    async def restart(self, uow: UnitOfWork, plan: Plan, review: Review, now: datetime) -> None:
        """Forget what was due for a plan and set what is due from this moment."""
        await uow.due.cancel(plan.id, *_CLOCK)
        if plan.status not in WAITING_FOR_REGION | {PlanStatus.ASKED}:
            return
        last = DueKind.LAPSE if plan.status is PlanStatus.ASKED else DueKind.ESCALATE
        for number, kind in enumerate((DueKind.REMIND, DueKind.REMIND, last), start=1):
            key = f"{plan.id}:{now.timestamp()}:{number}"
            await uow.due.add(Due(key, kind, now + timedelta(days=7 * number), plan.id))
