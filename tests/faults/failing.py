"""Statements that fail, so that a transaction has to undo all that it did before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.storage.database import Database


class FailedStatementError(Exception):
    """The database fell over, of all moments now."""


class Failing:
    """Counts statements and commits of a database, and lets one of them fail."""

    def __init__(self, database: Database) -> None:
        self._left = 0
        self.failed = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._passes)
        event.listen(database.engine.sync_engine, "commit", self._passes)

    @contextmanager
    def at(self, number: int) -> Iterator[None]:
        """Let the statement with this number fail, from 1; 0 for none."""
        self._left = number
        try:
            yield
        finally:
            self._left = 0

    def _passes(self, *_arguments: Any) -> None:
        if self._left:
            self._left -= 1
            if not self._left:
                self.failed += 1
                raise FailedStatementError
