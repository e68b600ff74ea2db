"""Wakes a worker at once when there is something to do, instead of at its next look."""

from __future__ import annotations

import asyncio


class Bell:
    """Rings for everybody who waits now; a ring that nobody waits for is kept for the next one."""

    def __init__(self) -> None:
        """Start silent."""
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Wait for a ring, at most `seconds`; then look for yourself."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return
        self._event.clear()


class Broadcast:
    """Wakes every waiter at each ring; each waits for the first ring after it began."""

    def __init__(self) -> None:
        """Start silent."""
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Wait for the next ring, at most `seconds`."""
        event = self._event
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return
