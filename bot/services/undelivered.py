"""Tells a teacher that the e-mail with the plan could not be delivered."""

from __future__ import annotations

from datetime import datetime

from bot.domain.troubles import is_trouble
from bot.domain.turn import Reply
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.texts.my_plans import UNDELIVERED

_HAND_OVER = "hand_over:"


async def tell_undelivered(uow: UnitOfWork, now: datetime, key: str, problem: str) -> None:
    """Tell the teacher, once, that the hand-over under `key` was given up."""
    if not key.startswith(_HAND_OVER) or not is_trouble(problem):
        return
    plan = await uow.plans.find(key.removeprefix(_HAND_OVER))
    if plan is None:
        return
    reply = Reply(UNDELIVERED.format(reference=plan.reference))
    await Notices().to_teacher(uow, now, plan, f"undelivered:{plan.id}", reply)
