"""Lets a message that was put aside be answered after all."""

from __future__ import annotations

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.turn import Reply
from bot.services.parked_ports import ParkedMessage
from bot.services.ports import UnitOfWork
from bot.texts.conversation import RETRIED


async def retry_parked(uow: UnitOfWork, message: ParkedMessage) -> bool:
    """Let a message be answered after all, and tell the person first which one.

    False, and nothing changes, when that is too late or it is not put aside any more.
    """
    if message.went_on or not await uow.parked.retry(message.id):
        return False
    talk = await uow.conversations.get(message.conversation_id)
    if not talk.is_closed:
        at = message.received_at.astimezone(AMSTERDAM)
        said = RETRIED.format(date=f"{at.day}-{at.month}", time=f"{at:%H:%M}")
        await uow.turns.push(talk, f"retried:{message.id}:{message.attempt}", [Reply(said)])
    return True
