"""What the directory needs from storage."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.directory import School


class Schools(Protocol):
    """The imported schools."""

    async def all(self) -> list[School]:
        """Give every imported school, by list and key."""
        ...

    async def of(self, list_name: str) -> list[School]:
        """Give the schools of one list, by key."""
        ...

    async def replace(self, list_name: str, schools: list[School], now: datetime) -> None:
        """Put these schools in the place of all that the list held."""
        ...

    async def version(self) -> str:
        """Give a mark that differs after every import."""
        ...


class SchoolUnitOfWork(Protocol):
    """One transaction on the imported schools."""

    @property
    def schools(self) -> Schools:
        """Give the imported schools."""
        ...


class SchoolStore(Protocol):
    """Opens transactions on the imported schools."""

    def write(self) -> AbstractAsyncContextManager[SchoolUnitOfWork]:
        """Open a transaction that may change things."""
        ...

    def read(self) -> AbstractAsyncContextManager[SchoolUnitOfWork]:
        """Open a transaction that only reads."""
        ...
