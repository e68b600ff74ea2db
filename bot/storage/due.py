"""Moments at which something is to happen: rows, so that no restart makes one late or double."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.review_ports import Due, DueKind
from bot.storage.insert_once import insert_once
from bot.storage.review_tables import due


class SqlDueMoments:
    """The due moments in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def add(self, new: Due) -> bool:
        """Store a moment; False when its key was stored before."""
        row_id = await insert_once(
            self._connection,
            due,
            "key",
            key=new.key,
            kind=new.kind.value,
            plan_id=new.plan_id,
            contact_id=new.contact_id,
            due_at=new.due_at,
            state="due",
        )
        return row_id is not None

    async def cancel(self, plan_id: str, *kinds: DueKind) -> None:
        """Let nothing of these kinds happen any more for a plan; without kinds nothing at all."""
        named = [kind.value for kind in kinds or DueKind]
        await self._connection.execute(
            update(due)
            .where(due.c.plan_id == plan_id, due.c.state == "due", due.c.kind.in_(named))
            .values(state="cancelled")
        )

    async def take(self, now: datetime, limit: int) -> list[Due]:
        """Take what is due, the earliest first; when this transaction commits, it is done."""
        query = (
            select(due)
            .where(due.c.state == "due", due.c.due_at <= now)
            .order_by(due.c.due_at, due.c.contact_id, due.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = (await self._connection.execute(query)).all()
        if rows:
            await self._connection.execute(
                update(due)
                .where(due.c.id.in_([row.id for row in rows]))
                .values(state="done", done_at=now)
            )
        return [_due(row) for row in rows]

    async def next_at(self) -> datetime | None:
        """Give the first moment at which something is due, or None."""
        query = select(func.min(due.c.due_at)).where(due.c.state == "due")
        found: datetime | None = (await self._connection.execute(query)).scalar()
        return found

    async def of_plan(self, plan_id: str) -> list[Due]:
        """Give what is still to happen for a plan, the earliest first."""
        query = (
            select(due)
            .where(due.c.plan_id == plan_id, due.c.state == "due")
            .order_by(due.c.due_at, due.c.id)
        )
        return [_due(row) for row in (await self._connection.execute(query)).all()]


def _due(row: Row[Any]) -> Due:
    return Due(row.key, DueKind(row.kind), row.due_at, row.plan_id, row.contact_id)
