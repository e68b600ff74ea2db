"""Brings a database to this version, and is killed at a statement on the way.

Run as `python -m tests.faults.migrate_and_die URL NUMBER`; when there are fewer statements it ends
well. With `in-pieces` behind it, every statement is committed by itself, as it may not be.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

from bot.services.clock import SystemClock
from bot.storage.database import Database
from bot.storage.migrate import migrate


async def main(url: str, number: int, *, in_pieces: bool) -> None:
    database = Database(url, SystemClock())
    if in_pieces:
        database.engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    left = number

    def die(*_arguments: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    # After the statement: the database has done it.
    event.listen(database.engine.sync_engine, "after_cursor_execute", die)
    await migrate(database)
    await database.close()
    print(number - left)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), in_pieces="in-pieces" in sys.argv))
