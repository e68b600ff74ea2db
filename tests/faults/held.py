"""A process of its own that holds the write lock of an SQLite file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.storage.in_use import sqlite_file

_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@asynccontextmanager
async def held(url: str) -> AsyncIterator[None]:
    """Let nobody write while the body runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLD, str(sqlite_file(url)),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    assert await process.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        process.stdin.close()
        assert await process.wait() == 0
