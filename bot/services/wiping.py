"""Takes what was erased out of the bytes on the disk as well, soon after it was erased."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from bot.services.bell import Bell
from bot.services.clock import Clock
from bot.services.looking import keep_looking

#: Writers wait while a file is written anew: who deletes over and over may not make that often.
LATER = timedelta(minutes=1)


class WipedStore(Protocol):
    """Knows what was erased, and can wipe it."""

    @property
    def has_erased(self) -> bool:
        """Say whether something was erased that can still be in the bytes of the files."""
        ...

    async def wipe(self) -> bool:
        """Take it out of them; False when that has to wait."""
        ...


class Wiper:
    """The worker that wipes; people who type wait for it no longer than for another writer."""

    def __init__(self, store: WipedStore, clock: Clock) -> None:
        """Wipe what is erased in `store`, and wait by `clock` before it is done again."""
        self._store = store
        self._clock = clock
        self._tried: datetime | None = None

    async def look(self) -> None:
        """Wipe if something was erased, at most once in `LATER`, whether it worked or not."""
        now = self._clock.now()
        waits = self._tried is not None and abs(now - self._tried) < LATER
        if waits or not self._store.has_erased:
            return
        self._tried = now
        await self._store.wipe()

    async def run(self) -> None:
        """Look until cancelled."""
        await keep_looking(self.look, Bell(), "wiping_failed")
