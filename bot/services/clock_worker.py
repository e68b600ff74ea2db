"""Looks every second whether something is due, and has it done."""

from __future__ import annotations

from bot.services.bell import Bell
from bot.services.clock import Clock
from bot.services.clockwork import Clockwork
from bot.services.looking import keep_looking
from bot.services.ports import Store


class ClockWorker:
    """The loop behind everything that happens by itself."""

    def __init__(self, store: Store, clockwork: Clockwork, clock: Clock) -> None:
        """Let `clockwork` do what is due in `store` by `clock`."""
        self._store = store
        self._clockwork = clockwork
        self._clock = clock

    async def look(self) -> None:
        """Do all that is due now, in batches of one transaction each."""
        async with self._store.read() as uow:
            next_at = await uow.due.next_at()
        if next_at is None or self._clock.now() < next_at:
            return
        fired = 1
        while fired:
            async with self._store.write() as uow:
                fired = await self._clockwork.fire(uow, self._clock.now())

    async def run(self) -> None:
        """Look until cancelled; what is under way then is undone, and done at the next start."""
        await keep_looking(self.look, Bell(), "clock_not_read")
