"""Keeps to Telegram's speed: about thirty messages a second in all, and what a 429 says."""

from __future__ import annotations

import asyncio
import time


class QuietError(Exception):
    """The other side asked for quiet; `seconds` are left of it."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class Pace:
    """Lets sends through at a rate, and none at all while the other side asked for quiet."""

    def __init__(self, per_second: float = 25.0) -> None:
        """Allow `per_second` sends a second."""
        self._gap = 1.0 / per_second
        self._next = 0.0
        self._quiet_until = 0.0

    async def wait(self) -> None:
        """Wait for this send's own moment; raises QuietError instead of waiting for long."""
        now = time.monotonic()
        if now < self._quiet_until:
            raise QuietError(self._quiet_until - now)
        mine = max(now, self._next)
        self._next = mine + self._gap
        if mine > now:
            await asyncio.sleep(mine - now)

    def pause(self, seconds: float) -> None:
        """Let nothing through for `seconds`."""
        self._quiet_until = max(self._quiet_until, time.monotonic() + seconds)
