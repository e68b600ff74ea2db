"""Asks a teacher to send again what was said while we were away for so long that it is lost."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.inbox import Channel
from bot.domain.plan import TEACHER_IS_UP, Plan
from bot.domain.turn import Reply
from bot.services.ports import UnitOfWork
from bot.services.review_ports import Due
from bot.texts.heartbeat import away_text


def absence_key(since: datetime, until: datetime, plan_id: str) -> str:
    """Name the message about one absence, between these moments, by the plan it goes with."""
    return f"away:{int(since.timestamp())}:{int(until.timestamp())}:{plan_id}"


async def tell_of_absence(uow: UnitOfWork, plan: Plan, due: Due, _now: datetime) -> None:
    """Tell the teacher in the Telegram chat, if the plan still waits for this teacher.

    The message waits out the quiet hours: by then the plan may be sent, and the chat blocked.
    """
    if plan.status not in TEACHER_IS_UP:
        return
    since, until = (datetime.fromtimestamp(int(part), UTC) for part in due.key.split(":")[1:3])
    for talk in await uow.conversations.of_person(plan.person_id):
        if talk.channel is Channel.TELEGRAM and not talk.is_closed:
            await uow.turns.push(talk, due.key, [Reply(away_text(since, until))])
            return
