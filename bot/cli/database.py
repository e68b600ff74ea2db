"""Gives commands a migrated database for one piece of work."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from bot.bootstrap import make_database
from bot.config import read_settings
from bot.logs import set_up_logs
from bot.storage.database import Database
from bot.storage.in_use import alone, in_use
from bot.storage.migrate import migrate

Result = TypeVar("Result")
_WIPED_LATER = (
    "Gewist. In het databasebestand staan nog oude bytes, want iets anders is er net mee bezig. "
    "De wegwijzer ruimt ze zelf op, bij zijn start en elke dag."
)


def with_database(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Run `work` on the database of the settings and give its result."""
    return _run(work, in_use)


def alone_with_database(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Do the same, but refuse while the app, or another command, uses an SQLite database."""
    return _run(work, alone)


def _run(
    work: Callable[[Database], Awaitable[Result]],
    using: Callable[[str], AbstractContextManager[None]],
) -> Result:
    settings = read_settings()
    set_up_logs("WARNING")

    async def run() -> Result:
        database = make_database(settings)
        try:
            await migrate(database)
            result = await work(database)
            if database.has_erased and not await database.wipe():
                print(_WIPED_LATER, file=sys.stderr)
            return result
        finally:
            await database.close()

    with using(settings.database):
        return asyncio.run(run())
