"""Looks into the app's database from outside, with plain SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import NullPool, create_engine, text

Rows = list[dict[str, Any]]


class Stored:
    """Reads the app's database with SQL of our own."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url.replace("+aiosqlite", ""), poolclass=NullPool)

    def rows(self, query: str) -> Rows:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]

    def number(self, query: str) -> int:
        (row,) = self.rows(query)
        return int(next(iter(row.values())))

    def hold_what_the_clock_does(self) -> None:
        """Let nothing happen any more because of the time that passes."""
        with self._engine.begin() as connection:
            connection.execute(text("UPDATE due SET state = 'held' WHERE state = 'due'"))

    def is_quiet(self) -> bool:
        """Say whether nothing waits to be answered or delivered."""
        waiting = "SELECT count(*) FROM inbox WHERE state = 'new'"
        leaving = "SELECT count(*) FROM outbox WHERE state IN ('due', 'sending')"
        return not self.number(waiting) and not self.number(leaving)
