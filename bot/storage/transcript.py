"""A conversation as its page shows it: what the person said, and what was said back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.inbox import Channel, Kind
from bot.domain.turn import Document, DocumentKind
from bot.storage.database import Database
from bot.storage.tables import choice, conversation, inbox, outbox

#: A page shows at most this many messages of each side; older ones stay stored.
MOST_LINES = 400
_OLD_BUTTON = "(een oude knop)"


@dataclass(frozen=True)
class Button:
    """A button that can be pressed now, by its opaque key."""

    key: str
    label: str


@dataclass(frozen=True)
class Line:
    """One message: the person's own (`id` is of the inbox) or the answer's (of the outbox).

    `turn_id` is the message that it is, or answers; `mark` is what the page named its own message.
    """

    turn_id: int
    id: int
    is_own: bool
    text: str
    at: datetime
    mark: str | None = None
    buttons: tuple[Button, ...] = ()
    document_name: str | None = None


@dataclass(frozen=True)
class Cursor:
    """How far a page has read: the first and last own message and the last thing said.

    A message that came before an answer can be answered later, so one number does not do. When
    `first` is another, the conversation was deleted meanwhile and has begun again.
    """

    first: int = 0
    own: int = 0
    said: int = 0


@dataclass(frozen=True)
class Transcript:
    """A conversation at one moment; `is_busy` while a message still waits for its answer."""

    cursor: Cursor = Cursor()
    lines: tuple[Line, ...] = ()
    is_busy: bool = False

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Give the buttons of what was said last; none while an answer is on its way."""
        said = [line for line in self.lines if not line.is_own]
        if self.is_busy or not said:
            return ()
        last = max(said, key=lambda line: line.id).turn_id
        return tuple(button for line in said if line.turn_id == last for button in line.buttons)

    def after(self, cursor: Cursor) -> tuple[Line, ...]:
        """Give the lines that a page with this cursor lacks; all when it has to begin again."""
        if cursor.first != self.cursor.first:
            return self.lines
        return tuple(
            line for line in self.lines if line.id > (cursor.own if line.is_own else cursor.said)
        )


class Transcripts:
    """Reads conversations by channel and address; one that is not there yet is empty."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def cursor(self, channel: Channel, address: str) -> Cursor:
        """Give how far the conversation is, in one cheap query."""
        talk = _talk(channel, address)
        said = select(func.max(outbox.c.id)).where(_said_in(talk, channel)).scalar_subquery()
        query = select(func.min(inbox.c.id), func.max(inbox.c.id), said).where(
            inbox.c.conversation_id == talk
        )
        async with self._reading() as connection:
            row = (await connection.execute(query)).one()
        return Cursor(*(number or 0 for number in row))

    async def read(self, channel: Channel, address: str) -> Transcript:
        """Give the conversation: each message followed by what was said to it."""
        talk = _talk(channel, address)
        async with self._reading() as connection:
            # First what was said: were an answer saved between the two queries, the page would
            # miss it for a moment and then get it, instead of waiting for it for ever.
            said = (await connection.execute(_said_lines(talk, channel))).all()
            own = (await connection.execute(_own_lines(talk))).all()
            first = select(func.min(inbox.c.id)).where(inbox.c.conversation_id == talk)
            first_id = (await connection.execute(first)).scalar()
        lines = [line for line in map(_own_line, own) if line.text]
        lines += map(_said_line, said)
        return Transcript(
            cursor=Cursor(first_id or 0, _last(own), _last(said)),
            lines=tuple(sorted(lines, key=lambda line: (line.turn_id, not line.is_own, line.id))),
            is_busy=any(row.state == "new" for row in own),
        )

    async def document(self, channel: Channel, address: str, said_id: int) -> Document | None:
        """Give the file that went with something said in this conversation, None elsewhere."""
        query = select(outbox.c.payload).where(
            outbox.c.id == said_id, _said_in(_talk(channel, address), channel)
        )
        async with self._reading() as connection:
            payload = (await connection.execute(query)).scalar()
        found = payload and payload["document"]
        if not found:
            return None
        return Document(DocumentKind(found["kind"]), found["subject"], found["name"])

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._database.engine.connect() as plain:
            yield await plain.execution_options(sqlite_begin="DEFERRED")


def _talk(channel: Channel, address: str) -> ScalarSelect[Any]:
    return (
        select(conversation.c.id)
        .where(conversation.c.channel == channel.value, conversation.c.address == address)
        .scalar_subquery()
    )


def _said_in(talk: ScalarSelect[Any], channel: Channel) -> Any:
    return and_(outbox.c.conversation_id == talk, outbox.c.channel == channel.value)


def _said_lines(talk: ScalarSelect[Any], channel: Channel) -> Select[Any]:
    return (
        select(outbox.c.id, outbox.c.turn_id, outbox.c.payload, outbox.c.due_at)
        .where(_said_in(talk, channel), outbox.c.turn_id.is_not(None))
        .order_by(outbox.c.id.desc())
        .limit(MOST_LINES)
    )


def _own_lines(talk: ScalarSelect[Any]) -> Select[Any]:
    return (
        select(inbox, choice.c.label)
        .outerjoin(
            choice,
            and_(choice.c.key == inbox.c.text, choice.c.conversation_id == inbox.c.conversation_id),
        )
        .where(inbox.c.conversation_id == talk)
        .order_by(inbox.c.id.desc())
        .limit(MOST_LINES)
    )


def _own_line(row: Row[Any]) -> Line:
    return Line(row.id, row.id, True, _own_text(row), row.received_at, mark=row.source)


def _own_text(row: Row[Any]) -> str:
    text: str = row.text
    if row.kind == Kind.COMMAND:
        return f"/{text}" if text else ""
    if row.kind != Kind.PRESS:
        return text
    label: str | None = row.pressed["label"] if row.pressed else row.label
    # Without a label it was pressed on a page from before the conversation was deleted.
    return label or _OLD_BUTTON


def _said_line(row: Row[Any]) -> Line:
    document = row.payload["document"]
    return Line(
        turn_id=row.turn_id,
        id=row.id,
        is_own=False,
        text=row.payload["text"],
        at=row.due_at,
        buttons=tuple(Button(it["key"], it["label"]) for it in row.payload["choices"]),
        document_name=document["name"] if document else None,
    )


def _last(rows: Sequence[Row[Any]]) -> int:
    return int(rows[0].id) if rows else 0
