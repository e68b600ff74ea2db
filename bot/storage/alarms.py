"""The alarms to the operator: rows of the outbox, known by their keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.alarm_ports import ALARM, LastAlarm
from bot.storage.tables import outbox


class SqlAlarms:
    """The alarms in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def last(self) -> LastAlarm | None:
        """Give the newest alarm; while this transaction lasts nobody else takes or changes it."""
        query = (
            select(outbox)
            .where(outbox.c.key.startswith(ALARM))
            .order_by(outbox.c.id.desc())
            .limit(1)
            .with_for_update(of=outbox)
        )
        row = (await self._connection.execute(query)).first()
        if row is None:
            return None
        return LastAlarm(row.id, row.key, row.state, row.sent_at or row.due_at, row.payload)

    async def rewrite(self, alarm: LastAlarm, payload: dict[str, Any]) -> None:
        """Let an alarm that has not left say something else."""
        await self._connection.execute(
            update(outbox).where(outbox.c.id == alarm.id).values(payload=payload)
        )

    async def put_off(self, alarm: LastAlarm, at: datetime) -> None:
        """Let an alarm leave later."""
        await self._connection.execute(
            update(outbox).where(outbox.c.id == alarm.id).values(due_at=at)
        )

    async def take_back(self, key: str) -> dict[str, Any]:
        """Let an alarm not leave any more; give what it says."""
        where = outbox.c.key == key
        await self._connection.execute(update(outbox).where(where).values(state="cancelled"))
        query = select(outbox.c.payload).where(where)
        payload: dict[str, Any] = (await self._connection.execute(query)).scalar_one()
        return payload
