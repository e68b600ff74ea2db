"""Deliveries that wait for the operator: given up, or held because they may have left before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.alarm_ports import ALARM
from bot.storage.review_tables import due
from bot.storage.tables import conversation, inbox, outbox, plan

_WAITING = ("due", "sending")


@dataclass(frozen=True)
class StoppedDelivery:
    """A delivery that does not go by itself; `since` is when it was tried last, or held."""

    id: int
    key: str
    channel: str
    address: str
    reference: str | None
    since: datetime
    problem: str | None


@dataclass(frozen=True)
class HeldMoment:
    """Something that was to happen to a plan at `due_at`, and may have happened."""

    id: int
    kind: str
    reference: str | None
    due_at: datetime


@dataclass(frozen=True)
class Waiting:
    """How much waits for the operator."""

    parked: int
    given_up: int
    held: int


@dataclass(frozen=True)
class Held:
    """How much was set aside because it may have happened after a copy was made."""

    messages: int
    deliveries: int
    moments: int


class SqlSetAside:
    """What waits for the operator, in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def deliveries(self, state: str) -> list[StoppedDelivery]:
        """Give what is in this state (`given_up` or `held`), the oldest first."""
        query = (
            select(outbox, plan.c.reference)
            .outerjoin(plan, plan.c.id == outbox.c.plan_id)
            .where(outbox.c.state == state)
            .order_by(outbox.c.id)
        )
        return [
            StoppedDelivery(
                row.id, row.key, row.channel, row.address, row.reference, row.due_at, row.problem
            )
            for row in (await self._connection.execute(query)).all()
        ]

    async def moments(self) -> list[HeldMoment]:
        """Give what was held of the things to happen, the earliest first."""
        query = (
            select(due, plan.c.reference)
            .outerjoin(plan, plan.c.id == due.c.plan_id)
            .where(due.c.state == "held")
            .order_by(due.c.due_at, due.c.id)
        )
        rows = (await self._connection.execute(query)).all()
        return [HeldMoment(row.id, row.kind, row.reference, row.due_at) for row in rows]

    async def resend(self, row_id: int, now: datetime, address: str | None = None) -> bool:
        """Let a delivery be tried anew, perhaps to another address; what left of it stays left.

        False when it does not wait for that (any more): what was sent is never sent again.
        """
        values: dict[str, Any] = {"state": "due", "due_at": now, "tries": 0, "problem": None}
        return await self._release(row_id, values | ({"address": address} if address else {}))

    async def drop(self, row_id: int) -> bool:
        """Never make a delivery; False when it does not wait for that (any more)."""
        return await self._release(row_id, {"state": "cancelled"})

    async def release_moment(self, moment_id: int) -> bool:
        """Let what was held happen now; False when it is not held (any more)."""
        return await self._settle_moment(moment_id, "due")

    async def drop_moment(self, moment_id: int) -> bool:
        """Let what was held not happen; False when it is not held (any more)."""
        return await self._settle_moment(moment_id, "cancelled")

    async def waiting(self) -> Waiting:
        """Count what waits for the operator."""
        return Waiting(
            parked=await self._count(inbox, "parked"),
            given_up=await self._count(outbox, "given_up"),
            held=await self._count(outbox, "held") + await self._count(due, "held"),
        )

    async def hold(self, now: datetime) -> Held:
        """Set aside all that waits in a copy that was put back: it may have happened since.

        What was to be sent, and what was to happen before `now`, is held; messages that were not
        answered are parked. Nothing of it is lost, and nothing happens twice unless somebody says
        so. Alarms are cancelled: what they tell of is old.
        """
        await self._connection.execute(
            update(outbox)
            .where(outbox.c.state.in_(_WAITING), outbox.c.key.startswith(ALARM))
            .values(state="cancelled", lease_until=None)
        )
        await self._connection.execute(
            update(conversation).values(lease_owner=None, lease_until=None)
        )
        deliveries = await self._connection.execute(
            update(outbox)
            .where(outbox.c.state.in_(_WAITING))
            .values(state="held", due_at=now, lease_until=None)
        )
        messages = await self._connection.execute(
            update(inbox).where(inbox.c.state == "new").values(state="parked")
        )
        moments = await self._connection.execute(
            update(due).where(due.c.state == "due", due.c.due_at <= now).values(state="held")
        )
        return Held(messages.rowcount, deliveries.rowcount, moments.rowcount)

    async def _release(self, row_id: int, values: dict[str, Any]) -> bool:
        changed = await self._connection.execute(
            update(outbox)
            .where(outbox.c.id == row_id, outbox.c.state.in_(("given_up", "held")))
            .values(**values, lease_until=None)
        )
        return bool(changed.rowcount)

    async def _settle_moment(self, moment_id: int, state: str) -> bool:
        changed = await self._connection.execute(
            update(due).where(due.c.id == moment_id, due.c.state == "held").values(state=state)
        )
        return bool(changed.rowcount)

    async def _count(self, table: Any, state: str) -> int:
        query = select(func.count()).select_from(table).where(table.c.state == state)
        return int((await self._connection.execute(query)).scalar_one())
