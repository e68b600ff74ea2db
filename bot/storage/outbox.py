"""The outbox: everything that goes out, queued in the transaction that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Delivery
from bot.storage.insert_once import insert_once
from bot.storage.tables import outbox

#: The states of what has not left yet, or only perhaps.
_NOT_LEFT = ("due", "sending", "given_up", "held")


@dataclass(frozen=True)
class OutboxRow:
    """A claimed delivery; `tries` counts this one, `parts_sent` what already left of it."""

    id: int
    key: str
    channel: str
    address: str
    conversation_id: str | None
    plan_id: str | None
    payload: dict[str, Any]
    tries: int
    parts_sent: int


class SqlOutbox:
    """The outbox in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def add(self, delivery: Delivery, now: datetime) -> bool:
        """Queue a delivery; False when one with its key was queued before."""
        row_id = await insert_once(
            self._connection,
            outbox,
            "key",
            key=delivery.key,
            channel=delivery.channel,
            address=delivery.address,
            conversation_id=delivery.conversation_id,
            plan_id=delivery.plan_id,
            payload=delivery.payload,
            state="due",
            due_at=now,
            tries=0,
            parts_sent=0,
        )
        return row_id is not None

    async def claim(
        self, channels: Iterable[str], now: datetime, *, limit: int, seconds: float
    ) -> list[OutboxRow]:
        """Take due deliveries, in order within a conversation, for `seconds`.

        A delivery whose claim ran out (its process is gone) is taken again.
        """
        earlier = outbox.alias("earlier")
        is_first = ~exists().where(
            earlier.c.conversation_id == outbox.c.conversation_id,
            earlier.c.id < outbox.c.id,
            earlier.c.state.in_(("due", "sending")),
        )
        query = (
            select(outbox)
            .where(
                outbox.c.channel.in_(list(channels)),
                _is_claimable(now),
                is_first,
            )
            .order_by(outbox.c.id)
            .limit(limit)
            .with_for_update(of=outbox, skip_locked=True)
        )
        rows = (await self._connection.execute(query)).all()
        if rows:
            await self._connection.execute(
                update(outbox)
                .where(outbox.c.id.in_([row.id for row in rows]))
                .values(
                    state="sending",
                    lease_until=now + timedelta(seconds=seconds),
                    tries=outbox.c.tries + 1,
                )
            )
        return [_row(row) for row in rows]

    async def renew(self, row_ids: Iterable[int], now: datetime, seconds: float) -> None:
        """Keep claims that are still being worked on for `seconds` more."""
        await self._connection.execute(
            update(outbox)
            .where(outbox.c.id.in_(list(row_ids)), outbox.c.state == "sending")
            .values(lease_until=now + timedelta(seconds=seconds))
        )

    async def part_sent(self, row_id: int, parts: int) -> None:
        """Record that so many `parts` of a long message have left."""
        await self._set(row_id, parts_sent=parts)

    async def sent(self, row_id: int, now: datetime) -> None:
        """Record that a delivery has arrived."""
        await self._set(row_id, state="sent", sent_at=now, problem=None, lease_until=None)

    async def retry(self, row_id: int, due_at: datetime, problem: str) -> None:
        """Put a delivery back until `due_at`, unless it was cancelled meanwhile."""
        await self._end_try(row_id, state="due", due_at=due_at, problem=problem)

    async def give_up(self, row_id: int, now: datetime, problem: str) -> bool:
        """Record that a delivery cannot be made; False when it was cancelled meanwhile."""
        return await self._end_try(row_id, state="given_up", due_at=now, problem=problem)

    async def give_up_conversation(self, conversation_id: str, now: datetime, problem: str) -> None:
        """Record that nothing can be delivered in this conversation for now."""
        await self._connection.execute(
            update(outbox)
            .where(
                outbox.c.conversation_id == conversation_id,
                outbox.c.state.in_(("due", "sending")),
            )
            .values(state="given_up", due_at=now, problem=problem, lease_until=None)
        )

    async def release_all(self, channels: Iterable[str]) -> None:
        """Put back what a process that is no more was sending."""
        await self._connection.execute(
            update(outbox)
            .where(outbox.c.channel.in_(list(channels)), outbox.c.state == "sending")
            .values(state="due", lease_until=None)
        )

    async def state_of_plan(self, plan_id: str) -> str | None:
        """Give the state of a plan's hand-over, or None when nothing was queued.

        One that failed and will be tried again is `retrying`.
        """
        query = select(outbox.c.state, outbox.c.problem).where(
            outbox.c.key == f"hand_over:{plan_id}"
        )
        row = (await self._connection.execute(query)).first()
        if row is None:
            return None
        return "retrying" if row.problem and row.state == "due" else str(row.state)

    async def cancel_of_plan(self, plan_id: str, *, but_to: str | None) -> None:
        """Let no e-mail about a plan leave that has not left yet, except to this address.

        One that is under way at this very moment may still arrive; it is not tried again.
        """
        await self._cancel_mails(outbox.c.plan_id == plan_id, outbox.c.address != (but_to or ""))

    async def cancel_of_links(self, link_ids: Iterable[str]) -> int:
        """Let no e-mail leave that leads to one of these links; give how many still waited."""
        return await self._cancel_mails(outbox.c.payload["link_id"].as_string().in_(list(link_ids)))

    async def rewrite(self, row_id: int, address: str, payload: dict[str, Any]) -> None:
        """Let a delivery go to this address with this payload, as if it was never tried."""
        await self._set(row_id, address=address, payload=payload, tries=0)

    async def cancel(self, row_id: int) -> None:
        """Record that a delivery is not to be made any more."""
        await self._set(row_id, state="cancelled", lease_until=None)

    async def is_mailed(self, keys: str, address: str) -> bool:
        """Say whether a mail with a key that begins with `keys` goes, or went, to an address."""
        query = select(outbox.c.id).where(
            outbox.c.key.startswith(keys, autoescape=True),
            outbox.c.channel == "email",
            outbox.c.address == address,
            outbox.c.state != "cancelled",
        )
        return (await self._connection.execute(query.limit(1))).first() is not None

    async def of_turn(self, turn_id: int) -> list[dict[str, Any]]:
        """Give what was said in a turn, in order: each payload with its `id`."""
        query = select(outbox.c.id, outbox.c.payload).where(outbox.c.turn_id == turn_id)
        rows = (await self._connection.execute(query.order_by(outbox.c.id))).all()
        return [{"id": row.id, **row.payload} for row in rows]

    async def count(self, state: str, channel: str) -> int:
        """Give how many deliveries of a channel are in a state."""
        query = (
            select(func.count())
            .select_from(outbox)
            .where(outbox.c.state == state, outbox.c.channel == channel)
        )
        return int((await self._connection.execute(query)).scalar_one())

    async def has_due(self, channels: Iterable[str], now: datetime) -> bool:
        """Say whether something can be claimed."""
        query = (
            select(outbox.c.id)
            .where(outbox.c.channel.in_(list(channels)), _is_claimable(now))
            .limit(1)
        )
        return (await self._connection.execute(query)).first() is not None

    async def _cancel_mails(self, *which: ColumnElement[bool]) -> int:
        cancelled = await self._connection.execute(
            update(outbox)
            .where(*which, outbox.c.channel == "email", outbox.c.state.in_(_NOT_LEFT))
            .values(state="cancelled", lease_until=None)
        )
        return int(cancelled.rowcount)

    async def _end_try(self, row_id: int, **values: Any) -> bool:
        ended = await self._connection.execute(
            update(outbox)
            .where(outbox.c.id == row_id, outbox.c.state != "cancelled")
            .values(lease_until=None, **values)
        )
        return bool(ended.rowcount)

    async def _set(self, row_id: int, **values: Any) -> None:
        await self._connection.execute(update(outbox).where(outbox.c.id == row_id).values(**values))


def _is_claimable(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(outbox.c.state == "due", outbox.c.due_at <= now),
        and_(outbox.c.state == "sending", outbox.c.lease_until < now),
    )


def _row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        key=row.key,
        channel=row.channel,
        address=row.address,
        conversation_id=row.conversation_id,
        plan_id=row.plan_id,
        payload=row.payload,
        tries=row.tries + 1,
        parts_sent=row.parts_sent,
    )
