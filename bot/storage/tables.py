"""The tables; `migrations/` brings a database to exactly this."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite has no time zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC for storing."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give a stored moment back with its time zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# `sqlite_autoincrement`: a number is never given out again, also not after a deletion.
def _id() -> Column[str]:
    return Column("id", String(36), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, ForeignKey(target, ondelete="CASCADE"), nullable=nullable)


person = Table("person", metadata, _id(), Column("created_at", Moment, nullable=False))

conversation = Table(
    "conversation",
    metadata,
    _id(),
    _ref("person_id", "person.id"),
    Column("channel", String(16), nullable=False),
    Column("address", String(128), nullable=False),
    Column("open_kind", String(16), nullable=False),
    Column("under_kind", String(16), nullable=False),
    Column("plan_id", String(36)),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("pending", JSON),
    Column("is_closed", Boolean, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Moment),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("channel", "address"),
    Index(None, "person_id"),
)

#: `state`: new → done, or parked (too many failures, or found unanswered in a copy that was put
#: back); `attempt` fences late answers.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _ref("conversation_id", "conversation.id"),
    Column("key", String(160), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String(96)),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("open", JSON),
    Column("pressed", JSON),
    Column("retry_at", Moment),
    Column("was_told", Boolean, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("done_at", Moment),
    Index(None, "state", "id"),
    Index(None, "conversation_id", "id"),
    sqlite_autoincrement=True,
)

turn = Table(
    "turn",
    metadata,
    Column(
        "id",
        ForeignKey("inbox.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("replies", JSON, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

#: Buttons by the opaque key that Telegram and the web page carry.
choice = Table(
    "choice",
    metadata,
    Column("key", String(32), primary_key=True),
    _ref("conversation_id", "conversation.id"),
    Column("turn_id", Integer, nullable=False),
    Column("choice", JSON, nullable=False),
    Column("label", String(96), nullable=False),
    Index(None, "conversation_id", "turn_id"),
)

question_set = Table(
    "question_set",
    metadata,
    Column("version", String(32), primary_key=True),
    Column("content", JSON, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    _id(),
    _ref("person_id", "person.id"),
    _ref("questions_version", "question_set.version"),
    Column("status", String(16), nullable=False),
    Column("open_step", String(48), nullable=False),
    Column("reference", String(24), unique=True),
    Column("summary", JSON),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("submitted_at", Moment),
    Index(None, "person_id"),
)

#: Every version of every answer; `is_current` marks the one that counts.
answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _ref("plan_id", "plan.id"),
    Column("step", String(48), nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text),
    Column("value", Text),
    Column("is_current", Boolean, nullable=False),
    Column("turn_id", Integer, nullable=False),
    Column("source", String(96)),
    Column("given_at", Moment, nullable=False),
    UniqueConstraint("plan_id", "step", "version"),
    Index(None, "source"),
    sqlite_autoincrement=True,
)

reference_counter = Table(
    "reference_counter",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

contact = Table(
    "contact",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("role", String(24), nullable=False),
    Column("email", String(254), nullable=False),
    Column("region_id", String(64)),
    Column("school", String(200)),
    Column("name", String(200)),
    Column("source", String(300), nullable=False),
    Column("checked_on", String(10), nullable=False),
    Column("stand_in_id", String(16)),
    Column("absent_from", String(10)),
    Column("absent_until", String(10)),
    Column("conversation_id", String(36)),
    Index(None, "region_id", "role"),
)

gap = Table(
    "gap",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(24), nullable=False),
    Column("text", Text, nullable=False),
    Column("noted_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

#: Whether an answer helped: by the turn that gave it. Of whom that was is known while it is kept.
faq_vote = Table(
    "faq_vote",
    metadata,
    Column("turn_id", Integer, primary_key=True, autoincrement=False),
    Column("entry", String(64), primary_key=True),
    Column("is_up", Boolean, nullable=False),
    Column("given_at", Moment, nullable=False),
)

#: `state`: due → sending → sent, or given_up, or cancelled; held when it may have been sent before
#: a copy was put back. Web and terminal rows are `shown`. `due_at` of what was given up: when.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("address", String(254), nullable=False),
    _ref("conversation_id", "conversation.id", nullable=True),
    Column("plan_id", String(36)),
    Column("turn_id", Integer),
    Column("payload", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("parts_sent", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("sent_at", Moment),
    Column("problem", String(64)),
    Index(None, "state", "due_at"),
    Index(None, "conversation_id", "id"),
    Index(None, "turn_id"),
    sqlite_autoincrement=True,
)
