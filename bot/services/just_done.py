"""Whether somebody did something only a moment ago, so that it can be said that it was done."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.authority import events_for
from bot.domain.plan_states import Action
from bot.domain.roles import Actor
from bot.services.ports import UnitOfWork

#: A page that is shown again later tells how things stand by then.
_A_MOMENT = timedelta(minutes=2)


async def was_just_done(
    uow: UnitOfWork, actor: Actor, plan_id: str, action: str, now: datetime
) -> bool:
    """Say whether the last thing that happened to a plan is `action`, by `actor`, just now.

    `action` may be any text. It is for who has been let in to the plan already.
    """
    stored, review = await uow.reviews.events(plan_id), await uow.reviews.get(plan_id)
    events = events_for(stored, actor.role, review)
    if action not in {one.value for one in Action} or not events:
        return False
    last = events[-1]
    is_own = (last.role, last.contact_id) == (actor.role, actor.contact_id)
    return is_own and last.action == action and now - last.at < _A_MOMENT
