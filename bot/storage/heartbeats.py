"""When a channel was last open to us, and for whom it matters that it was not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, String, Table, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.inbox import Channel
from bot.domain.plan import TEACHER_IS_UP
from bot.storage.insert_once import insert_once
from bot.storage.tables import Moment, conversation, inbox, metadata, plan

#: No channel: written to see whether writing works.
_TRIED = "storage"

#: Of nobody: one row for a channel.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("at", Moment, nullable=False),
)


class SqlHeartbeats:
    """The heartbeats in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def beat(self, channel: Channel, now: datetime) -> datetime | None:
        """Note that a channel is open to us; give when it last was before, None the first time.

        Of several processes that note it at once, each gets the moment of the one before it.
        """
        is_first = await insert_once(
            self._connection, heartbeat, "channel", channel=channel.value, at=now
        )
        if is_first:
            return None
        this = heartbeat.c.channel == channel.value
        query = select(heartbeat.c.at).where(this).with_for_update()
        before: datetime = (await self._connection.execute(query)).scalar_one()
        await self._connection.execute(update(heartbeat).where(this).values(at=now))
        return before

    async def try_storing(self, now: datetime) -> None:
        """Store something, which fails where nothing can be stored."""
        if not await insert_once(self._connection, heartbeat, "channel", channel=_TRIED, at=now):
            this = heartbeat.c.channel == _TRIED
            await self._connection.execute(update(heartbeat).where(this).values(at=now))

    async def in_the_middle(self, channel: Channel, active_since: datetime) -> list[str]:
        """Give a plan of each teacher who has one to act on and said something here since then.

        Of several plans it is the one that changed last; a closed chat is left out.
        """
        said_something = exists().where(
            inbox.c.conversation_id == conversation.c.id, inbox.c.received_at >= active_since
        )
        query = (
            select(plan.c.id, plan.c.person_id)
            .join(conversation, conversation.c.person_id == plan.c.person_id)
            .where(
                conversation.c.channel == channel.value,
                conversation.c.is_closed.is_(False),
                plan.c.status.in_([status.value for status in TEACHER_IS_UP]),
                said_something,
            )
            .order_by(plan.c.changed_at.desc(), plan.c.id)
        )
        found: dict[str, str] = {}
        for row in (await self._connection.execute(query)).all():
            found.setdefault(row.person_id, row.id)
        return list(found.values())
