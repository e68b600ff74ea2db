"""Moments at which something is to happen: rows, so that no restart makes one late or double."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.review_ports import Due, DueKind
from bot.storage.insert_once import insert_once
from bot.storage.review_tables import due
from bot.storage.tables import contact, plan

#: Names the lock of the one who takes, among all locks of this kind in the database.
_TAKING = 5_706_014


class SqlDueMoments:
    """The due moments in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"

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

    async def cancel(self, plan_id: str, *kinds: DueKind, but: Collection[str] = ()) -> None:
        """Let nothing of these kinds happen any more for a plan; without kinds nothing at all.

        What has a key in `but` stays as it is.
        """
        named = [kind.value for kind in kinds or DueKind]
        await self._connection.execute(
            update(due)
            .where(
                due.c.plan_id == plan_id,
                due.c.state.in_(("due", "held")),
                due.c.kind.in_(named),
                due.c.key.not_in(but),
            )
            .values(state="cancelled")
        )

    async def take(self, now: datetime, limit: int) -> list[Due]:
        """Take what is due, the earliest first; when this transaction commits, it is done.

        Nobody else can change the plans it is about until then; what is due for a plan that
        somebody is changing right now is left. Who is to be reminded of one of these is reminded of
        everything in one go, above `limit` if need be. While another process takes, there is
        nothing to take.
        """
        if not await self._may_take():
            return []
        query = _due_at(now).order_by(due.c.due_at, due.c.contact_id, due.c.id).limit(limit)
        rows = list(await self._locked(query))
        if len(rows) == limit:
            rows += await self._locked(_together_with(rows, now))
        rows = await self._with_their_plans(rows)
        if rows:
            await self._connection.execute(
                update(due)
                .where(due.c.id.in_([row.id for row in rows]))
                .values(state="done", done_at=now)
            )
        return [_due(row) for row in rows]

    async def put_back(self, key: str, due_at: datetime) -> None:
        """Let something that was taken, or is still due, happen at another moment."""
        await self._connection.execute(
            update(due)
            .where(due.c.key == key, due.c.state != "cancelled")
            .values(state="due", due_at=due_at, done_at=None)
        )

    async def done_at(self, key: str) -> datetime | None:
        """Give when something was done; None when it was not, or is not known."""
        query = select(due.c.done_at).where(due.c.key == key, due.c.state == "done")
        found: datetime | None = (await self._connection.execute(query)).scalar()
        return found

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

    async def _may_take(self) -> bool:
        """Say whether nobody else takes until this transaction ends.

        Two who take at once would share out the reminders of one person: two messages, not one.
        """
        if self._is_sqlite:
            # A transaction that writes is alone there.
            return True
        lock = select(func.pg_try_advisory_xact_lock(_TAKING))
        return bool((await self._connection.execute(lock)).scalar())

    async def _with_their_plans(self, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
        """Give the rows whose plan is ours until this transaction ends; never wait for one.

        Who changes a plan locks it, and then what is due for it: waiting here could stop both.
        """
        query = select(plan.c.id).where(plan.c.id.in_({row.plan_id for row in rows}))
        ours = await self._connection.execute(query.with_for_update(skip_locked=True))
        free = {None, *ours.scalars()}
        return [row for row in rows if row.plan_id in free]

    async def _locked(self, query: Select[tuple[Any, ...]]) -> Sequence[Row[Any]]:
        locked = query.with_for_update(of=due, skip_locked=True)
        found: Sequence[Row[Any]] = (await self._connection.execute(locked)).all()
        return found


def _due_at(now: datetime) -> Select[tuple[Any, ...]]:
    return select(due).where(due.c.state == "due", due.c.due_at <= now)


def _together_with(rows: Sequence[Row[Any]], now: datetime) -> Select[tuple[Any, ...]]:
    """Select the other reminders of everybody whom these rows remind: contacts and teachers."""
    reminders = [row for row in rows if row.kind == DueKind.REMIND.value]
    contacts = {row.contact_id for row in reminders if row.contact_id}
    emails = select(func.lower(contact.c.email)).where(contact.c.id.in_(contacts))
    same = select(contact.c.id).where(func.lower(contact.c.email).in_(emails))
    plans = {row.plan_id for row in reminders if not row.contact_id}
    teachers = select(plan.c.person_id).where(plan.c.id.in_(plans))
    return (
        _due_at(now)
        .join(plan, plan.c.id == due.c.plan_id)
        .where(
            due.c.kind == DueKind.REMIND.value,
            due.c.id.not_in([row.id for row in rows]),
            or_(
                due.c.contact_id.in_(contacts),
                due.c.contact_id.in_(same),
                and_(due.c.contact_id.is_(None), plan.c.person_id.in_(teachers)),
            ),
        )
        .order_by(due.c.due_at, due.c.id)
    )


def _due(row: Row[Any]) -> Due:
    return Due(row.key, DueKind(row.kind), row.due_at, row.plan_id, row.contact_id)
