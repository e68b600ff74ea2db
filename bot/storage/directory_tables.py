"""The table of imported schools; `migrations/` brings a database to exactly this."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from bot.storage.tables import Moment, metadata

#: The rows of a list are replaced together, so they share `imported_at`.
school = Table(
    "school",
    metadata,
    Column("list_name", String(120), primary_key=True),
    Column("key", String(420), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("place", String(200), nullable=False),
    Column("municipality", String(200), nullable=False),
    Column("province", String(32), nullable=False),
    Column("brin", String(6)),
    Column("region_id", String(64)),
    Column("basis", String(16)),
    Column("source", String(300), nullable=False),
    Column("checked_on", String(10), nullable=False),
    Column("imported_at", Moment, nullable=False),
)
