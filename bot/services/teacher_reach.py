"""Whether the teacher hears at once what happens to a plan, or only on coming back."""

from __future__ import annotations

from enum import Enum, auto

from bot.domain.inbox import Channel
from bot.domain.plan import Plan
from bot.services.ports import UnitOfWork


class Reach(Enum):
    """How a teacher hears what was not asked for."""

    AT_ONCE = auto()
    #: no e-mail, and a chat that shows nothing until it is opened again
    IN_OPEN_CHAT = auto()
    #: no e-mail, and a Telegram chat that takes no messages any more
    CLOSED = auto()


async def reach_of(uow: UnitOfWork, plan: Plan) -> Reach:
    """Say how the teacher of a plan is reached, as `Notices.to_teacher` does it."""
    if plan.text("email"):
        return Reach.AT_ONCE
    talks = await uow.conversations.of_person(plan.person_id)
    if talks and talks[0].channel is Channel.TELEGRAM:
        return Reach.CLOSED if talks[0].is_closed else Reach.AT_ONCE
    return Reach.IN_OPEN_CHAT
