"""Notices that nothing can be stored: a full disk, a database that is gone or held by another.

An alarm is a row of the outbox, and just then there can be none. So this one goes past it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.notices import Notice
from bot.services.bell import Bell
from bot.services.clock import Clock
from bot.services.looking import keep_looking
from bot.services.ports import Store
from bot.texts.alarms import nothing_stored

log = structlog.get_logger()

#: Each look is a write.
EVERY = timedelta(seconds=10)
#: A database that starts anew, or is held for a moment, mends itself sooner.
PATIENCE = timedelta(minutes=1)
APART = timedelta(hours=1)
#: Longer than a writer waits for SQLite; a server that is silent makes us wait for ever.
_TOO_LONG = 45.0

#: Mails the operator at once; says whether that worked.
Tell = Callable[[Notice], Awaitable[bool]]


class StorageWatch:
    """The worker that tries whether something can be stored, and tells the operator when not."""

    def __init__(self, store: Store, clock: Clock, tell: Tell) -> None:
        """Tell time by `clock`, and the operator by `tell`."""
        self._store = store
        self._clock = clock
        self._tell = tell
        self._looked: datetime | None = None
        self._failing_since: datetime | None = None
        self._told: datetime | None = None

    @property
    def can_store(self) -> bool:
        """Say whether the last try worked."""
        return self._failing_since is None

    async def look(self) -> None:
        """Try, at most once in `EVERY`; tell after `PATIENCE`, at most once in `APART`."""
        now = self._clock.now()
        if self._looked and abs(now - self._looked) < EVERY:
            return
        self._looked = now
        if await self._try(now):
            if self._failing_since:
                log.info("storing_works_again")
            self._failing_since = None
            return
        self._failing_since = self._failing_since or now
        is_told = self._told is not None and abs(now - self._told) < APART
        if now - self._failing_since >= PATIENCE and not is_told:
            notice = Notice(*nothing_stored(self._failing_since))
            self._told = now if await self._tell(notice) else None

    async def run(self) -> None:
        """Look until cancelled."""
        await keep_looking(self.look, Bell(), "storage_watch_failed")

    async def _try(self, now: datetime) -> bool:
        try:
            async with asyncio.timeout(_TOO_LONG), self._store.write() as uow:
                await uow.heartbeats.try_storing(now)
        # Whatever it is, a full disk or a lost connection: nothing is stored.
        except Exception as error:
            log.error("nothing_can_be_stored", error=type(error).__name__)
            return False
        return True
