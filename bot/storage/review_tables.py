"""The tables of what follows the writing: links, events, versions, reviews and due moments."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.storage.tables import Moment, metadata


def _plan(*, nullable: bool = False) -> Column[str]:
    return Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), nullable=nullable)


#: What a link opens; what it reads like is computed from its id and never stored.
link = Table(
    "link",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("purpose", String(16), nullable=False),
    _plan(nullable=True),
    Column("contact_id", String(16)),
    Column("email", String(254)),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("is_revoked", Boolean, nullable=False),
    Column("used_at", Moment),
    Index(None, "plan_id"),
    Index(None, "contact_id"),
)

#: Everything that was done to a plan; `mark` makes a form that is sent twice one event.
plan_event = Table(
    "plan_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _plan(),
    Column("at", Moment, nullable=False),
    Column("role", String(24), nullable=False),
    Column("name", String(300), nullable=False),
    Column("contact_id", String(16)),
    Column("action", String(32), nullable=False),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("step", String(48)),
    Column("text", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("mark", String(64), unique=True),
    Index(None, "plan_id", "id"),
    sqlite_autoincrement=True,
)

#: The summary of every version, from the hand-over on.
plan_version = Table(
    "plan_version",
    metadata,
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("summary", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
)

review = Table(
    "review",
    metadata,
    Column("plan_id", ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True),
    Column("region_id", String(64)),
    Column("school", String(200)),
    Column("holder_role", String(24), nullable=False),
    Column("holder_id", String(16)),
    Column("waiting_since", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("leaves_at", Moment),
    Column("is_released", Boolean, nullable=False),
    Column("is_last_station", Boolean, nullable=False),
    Index(None, "region_id"),
)

#: What is to happen at a moment; `state`: due → done, or cancelled; held when it may have happened
#: before a copy was put back. `key` makes it happen once.
due = Table(
    "due",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    _plan(nullable=True),
    Column("contact_id", String(16)),
    Column("due_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("done_at", Moment),
    Index(None, "state", "due_at"),
    Index(None, "plan_id", "state"),
    sqlite_autoincrement=True,
)
