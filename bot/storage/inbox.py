"""The inbox: every incoming message, stored before it is confirmed to whoever brought it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Conversation, InboxRow
from bot.domain.inbox import Incoming, Kind
from bot.domain.turn import Choice, Open
from bot.storage.insert_once import insert_once
from bot.storage.tables import choice, conversation, inbox, outbox

#: As many messages as one long answer is ever sent in.
_NEARBY = 10


class SqlInbox:
    """The incoming messages in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection
        self.has_erased = False

    async def add(self, talk: Conversation, incoming: Incoming, now: datetime) -> int | None:
        """Store a message; give its id, or None when this very delivery was stored before."""
        row_id: int | None = await insert_once(
            self._connection,
            inbox,
            "key",
            conversation_id=talk.id,
            key=incoming.key,
            kind=incoming.kind.value,
            text=incoming.text,
            source=incoming.source,
            state="new",
            attempt=0,
            failures=0,
            was_told=False,
            received_at=now,
        )
        return row_id

    async def get(self, row_id: int) -> InboxRow:
        """Give a message; in a writing transaction nobody else can change it meanwhile."""
        query = (
            select(inbox, conversation.c.person_id)
            .join(conversation, conversation.c.id == inbox.c.conversation_id)
            .where(inbox.c.id == row_id)
            .with_for_update(of=inbox)
        )
        return _row((await self._connection.execute(query)).one())

    async def before(self, row_id: int) -> list[InboxRow]:
        """Give the messages just before this one in the same conversation, the newest first."""
        this = select(inbox.c.conversation_id).where(inbox.c.id == row_id).scalar_subquery()
        query = (
            select(inbox, conversation.c.person_id)
            .join(conversation, conversation.c.id == inbox.c.conversation_id)
            .where(inbox.c.conversation_id == this, inbox.c.id < row_id)
            .order_by(inbox.c.id.desc())
            .limit(_NEARBY)
        )
        return [_row(row) for row in (await self._connection.execute(query)).all()]

    async def forget_text(self, row_id: int) -> None:
        """Empty the text of a message, where it holds a secret that is no longer needed."""
        await self._connection.execute(update(inbox).where(inbox.c.id == row_id).values(text=""))
        self.has_erased = True

    async def previous_at(self, row_id: int) -> datetime | None:
        """Give when the message before this one came in, in the same conversation."""
        this = select(inbox.c.conversation_id).where(inbox.c.id == row_id).scalar_subquery()
        query = (
            select(inbox.c.received_at)
            .where(inbox.c.conversation_id == this, inbox.c.id < row_id)
            .order_by(inbox.c.id.desc())
            .limit(1)
        )
        came_in: datetime | None = (await self._connection.execute(query)).scalar()
        return came_in

    async def first_open(self, conversation_id: str, now: datetime) -> int | None:
        """Give the oldest open message of a conversation, None when it must wait or is none."""
        query = (
            select(inbox.c.id, inbox.c.retry_at)
            .where(inbox.c.conversation_id == conversation_id, inbox.c.state == "new")
            .order_by(inbox.c.id)
            .limit(1)
        )
        row = (await self._connection.execute(query)).first()
        if row is None or (row.retry_at and row.retry_at > now):
            return None
        return int(row.id)

    async def begin_attempt(self, row_id: int, open_: Open, pressed: Choice | None) -> None:
        """Count an attempt and freeze what is open; an older attempt can no longer commit."""
        row = await self.get(row_id)
        values: dict[str, object] = {"attempt": row.attempt + 1}
        if row.attempt == 0:
            values["open"] = open_.to_dict()
            values["pressed"] = pressed.to_dict() if pressed else None
        await self._connection.execute(update(inbox).where(inbox.c.id == row_id).values(**values))

    async def postpone(self, row_id: int, now: datetime, seconds: float, *, failed: bool) -> int:
        """Put a message back for later and fence the attempt; give how often it failed by itself.

        `failed` counts against the message; without it the cause lies elsewhere (Rasa is away).
        """
        await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == row_id)
            .values(
                attempt=inbox.c.attempt + 1,
                failures=inbox.c.failures + (1 if failed else 0),
                retry_at=now + timedelta(seconds=seconds),
            )
        )
        query = select(inbox.c.failures).where(inbox.c.id == row_id)
        return int((await self._connection.execute(query)).scalar_one())

    async def tell_once(self, row_id: int) -> bool:
        """Say whether the person still has to hear that this message is kept; only once True."""
        result = await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == row_id, inbox.c.was_told.is_(False))
            .values(was_told=True)
        )
        return bool(result.rowcount)

    async def park(self, row_id: int) -> None:
        """Put a message aside that fails again and again; it stays stored."""
        await self._connection.execute(
            update(inbox).where(inbox.c.id == row_id).values(state="parked")
        )

    async def choice_by_key(self, conversation_id: str, key: str) -> Choice | None:
        """Find the button with this key, if it was shown in this conversation."""
        query = select(choice.c.choice).where(
            choice.c.key == key, choice.c.conversation_id == conversation_id
        )
        found = (await self._connection.execute(query)).scalar()
        return Choice.from_dict(found) if found else None

    async def last_choices(self, conversation_id: str) -> list[Choice]:
        """Give the buttons that were shown last in this conversation, the newest message first.

        What is said without being asked stands with the message before it, so there may be two
        messages with a button of the same name.
        """
        last = (
            select(func.max(choice.c.turn_id))
            .where(choice.c.conversation_id == conversation_id)
            .scalar_subquery()
        )
        shown = (
            select(outbox.c.payload)
            .where(outbox.c.conversation_id == conversation_id, outbox.c.turn_id == last)
            .order_by(outbox.c.id.desc())
        )
        payloads = (await self._connection.execute(shown)).scalars().all()
        keys = [button["key"] for payload in payloads for button in payload["choices"]]
        query = select(choice.c.key, choice.c.choice).where(
            choice.c.conversation_id == conversation_id, choice.c.turn_id == last
        )
        rows = (await self._connection.execute(query)).all()
        found = {row.key: row.choice for row in rows}
        return [Choice.from_dict(found[key]) for key in keys if key in found]

    async def count_open(self) -> int:
        """Give the number of messages that still wait."""
        query = select(func.count()).select_from(inbox).where(inbox.c.state == "new")
        return int((await self._connection.execute(query)).scalar_one())


def _row(row: Row[Any]) -> InboxRow:
    return InboxRow(
        id=row.id,
        conversation_id=row.conversation_id,
        person_id=row.person_id,
        kind=Kind(row.kind),
        text=row.text,
        source=row.source,
        attempt=row.attempt,
        open=Open.from_dict(row.open) if row.open else Open(),
        pressed=Choice.from_dict(row.pressed) if row.pressed else None,
        received_at=row.received_at,
    )
