"""How many mails went to addresses that somebody typed; they stand beside what goes out."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.insert_once import insert_once
from bot.storage.tables import outbox

#: No sender takes these, and they belong to no plan: deleting one leaves the count as it is.
_CHANNEL = "tally"


class SqlMailTally:
    """The count in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def add(self, mark: str, key: str, now: datetime) -> None:
        """Count one mail to the address with this mark, once under `key`.

        Keys name plans, which may be deleted before the count is; so none of them is kept.
        """
        told_apart = hashlib.sha256(f"{mark}:{key}".encode()).hexdigest()
        await insert_once(
            self._connection,
            outbox,
            "key",
            key=f"{_CHANNEL}:{told_apart}",
            channel=_CHANNEL,
            address=mark,
            payload={},
            state="sent",
            due_at=now,
            tries=0,
            parts_sent=0,
            sent_at=now,
        )

    async def since(self, moment: datetime, mark: str | None = None) -> int:
        """Give how many were counted since a moment, perhaps of one address alone."""
        query = select(func.count()).where(
            outbox.c.state == "sent", outbox.c.due_at > moment, outbox.c.channel == _CHANNEL
        )
        if mark is not None:
            query = query.where(outbox.c.address == mark)
        return int((await self._connection.execute(query)).scalar_one())

    async def forget(self, before: datetime) -> None:
        """Delete what was counted up to a moment."""
        await self._connection.execute(
            delete(outbox).where(
                outbox.c.state == "sent", outbox.c.due_at <= before, outbox.c.channel == _CHANNEL
            )
        )
