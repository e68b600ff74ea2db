"""Wakes a worker at once when there is something to do, instead of at its next look."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


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
        if await heard(self._event, seconds):
            self._event.clear()


class Broadcast:
    """Wakes who listens for one name (a chat's address), or everybody."""

    def __init__(self) -> None:
        """Start silent."""
        # An entry lives as long as somebody holds its event.
        self._events: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

    def listen(self, name: str) -> asyncio.Event:
        """Give an event that the next ring for `name` sets; listen first, then look."""
        event = self._events.get(name)
        if event is None:
            event = self._events[name] = asyncio.Event()
        return event

    def ring(self, name: str | None = None) -> None:
        """Wake all who listen for `name`; without a name, everybody."""
        for rung in [name] if name is not None else list(self._events):
            event = self._events.pop(rung, None)
            if event:
                event.set()


async def heard(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, at most `seconds`, and say whether it came."""
    # Not `wait_for`: before Python 3.12 that can lose a cancellation that comes with the event.
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
