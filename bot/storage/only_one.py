"""Lets one process of several on a database server fetch from Telegram; the others stand by."""

from __future__ import annotations

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database

log = structlog.get_logger()

_WHY = (
    "Een andere wegwijzer op deze database haalt de berichten van Telegram al op. "
    "Ik neem het over als die stopt."
)
#: Who fetches from Telegram: it serves one at a time, and breaks off the other.
_FETCHING = 7_310_002


class OnlyOne:
    """A lock of the server, held by a connection of our own: it ends with process or server."""

    def __init__(self, database: Database) -> None:
        """Ask `database` for the lock."""
        self._database = database
        self._connection: AsyncConnection | None = None
        self._stands_by = False

    async def is_us(self) -> bool:
        """Say whether we hold it now; take it when nobody does.

        On SQLite it is always us: two processes cannot serve one file.
        """
        if self._database.is_sqlite:
            return True
        try:
            if self._connection is None:
                plain = await self._database.engine.connect()
                self._connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            # Asking again for what we hold is as good as holding it, and tells that we still do.
            query = select(func.pg_try_advisory_lock(_FETCHING))
            is_us = bool((await self._connection.execute(query)).scalar_one())
        except BaseException:
            await self.let_go()
            raise
        if not is_us and not self._stands_by:
            log.warning("telegram_stands_by", why=_WHY)
        self._stands_by = not is_us
        return is_us

    async def let_go(self) -> None:
        """Leave it to the next; a connection that went back to the pool would still hold it."""
        connection, self._connection = self._connection, None
        if connection:
            await connection.invalidate()
            await connection.close()
