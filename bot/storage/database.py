"""Opens the database, SQLite or PostgreSQL, and its transactions."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.services.clock import Clock
from bot.storage.unit_of_work import SqlUnitOfWork

#: How long we wait for another process that writes.
_BUSY_SECONDS = 30.0
#: In steps: SQLite cannot be told to stop waiting, and who asks us to stop is not that patient.
_LOOK_AGAIN_MS = 250
log = structlog.get_logger()


class Database:
    """The store: every transaction of the product goes through `write` or `read`."""

    def __init__(self, url: str, clock: Clock) -> None:
        """Prepare the engine for `url`; nothing is opened before the first transaction."""
        self.url = url
        self.engine = _engine(url)
        self.clock = clock
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # Writers that find SQLite busy sleep and look again; in a line of our own none has to.
        self._line = asyncio.Lock() if self.is_sqlite else nullcontext()
        self._second_line = asyncio.Lock() if self.is_sqlite else nullcontext()
        self._must_rewrite = False
        self._must_empty_log = False

    @asynccontextmanager
    async def write(self, *, first: bool = False) -> AsyncIterator[SqlUnitOfWork]:
        """Open a transaction that may change things; leaving it without an error commits.

        `first` goes before the others that wait: for what has happened outside already, and would
        happen again if we fell before it is recorded.
        """
        before = nullcontext() if first else self._second_line
        try:
            async with before, self._line, self.engine.begin() as connection:
                uow = SqlUnitOfWork(connection, self.clock)
                yield uow
        except OperationalError as error:
            log.error("database_failed", code=_code(error))
            raise
        # A server has no file of ours: what stays there, and how long, is with who runs it.
        if self.is_sqlite and uow.has_erased:
            self._must_rewrite = self._must_empty_log = True

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """Open a transaction that only reads and never waits for a writer."""
        async with self.engine.connect() as plain:
            connection = await plain.execution_options(sqlite_begin="DEFERRED")
            yield SqlUnitOfWork(connection, self.clock)

    @property
    def has_erased(self) -> bool:
        """Say whether something was erased that can still be in the bytes of our files."""
        return self._must_rewrite or self._must_empty_log

    async def wipe(self) -> bool:
        """Take what was erased out of the bytes of our files; False when that has to wait.

        The file is written anew, because SQLite overwrites what is deleted but not the copies of
        it that it left behind when it moved rows. The log is emptied once no reader needs it.
        """
        async with self._second_line, self._line, self.engine.connect() as plain:
            connection = await plain.execution_options(sqlite_begin=None)
            try:
                if self._must_rewrite:
                    await connection.exec_driver_sql("VACUUM")
                    self._must_rewrite = False
                emptied = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                self._must_empty_log = bool(emptied.one().busy)
            except OperationalError as error:
                log.warning("erased_not_wiped", code=_code(error))
        return not self.has_erased

    async def run_sync(self, work: Any) -> Any:
        """Run `work(connection)` on a plain connection, as Alembic needs it."""
        async with self.engine.begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _code(error: OperationalError) -> str:
    """Give the database's own name for what is wrong; its sentence can hold what was typed."""
    return str(
        getattr(error.orig, "sqlite_errorname", None)
        or getattr(error.orig, "sqlstate", None)
        or "no_connection"
    )


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_pre_ping=True, pool_size=10, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late and is DEFERRED; we begin ourselves (see below).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        # FULL: a commit that was acknowledged survives a power cut, NORMAL may lose it.
        "synchronous=FULL",
        "busy_timeout=30000",
        "foreign_keys=ON",
        # What is deleted is overwritten; by itself only some builds of SQLite do that.
        "secure_delete=ON",
        # Last: what comes before may have to wait for another process that makes the file.
        f"busy_timeout={_LOOK_AGAIN_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    if mode is None:
        return
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql(f"BEGIN {mode}")
            return
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", None)
            if code != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
