"""Waiting for a change across threads and event loops, without polling."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
Sleeper = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class Changes:
    """Lets anyone wait until something under one lock is as they want it."""

    def __init__(self, lock: threading.RLock) -> None:
        self._condition = threading.Condition(lock)
        self._sleepers: set[Sleeper] = set()

    def tell(self) -> None:
        """Let everybody who waits look again."""
        with self._condition:
            self._condition.notify_all()
            for loop, event in self._sleepers:
                loop.call_soon_threadsafe(event.set)

    async def until(self, check: Callable[[], T | None], within: float | None) -> T | None:
        """Give the first answer of `check` that is not None, or None after `within` seconds.

        `check` runs at once and after each change, with the lock held.
        """
        event = asyncio.Event()
        sleeper = (asyncio.get_running_loop(), event)
        with self._condition:
            self._sleepers.add(sleeper)
        try:
            async with asyncio.timeout(within):
                while (found := self._look(check)) is None:
                    await event.wait()
                    event.clear()
                return found
        except TimeoutError:
            return self._look(check)
        finally:
            with self._condition:
                self._sleepers.discard(sleeper)

    def until_blocking(self, check: Callable[[], T | None], within: float | None) -> T | None:
        """Do the same as `until` for a caller without an event loop."""
        found: list[T] = []

        def look() -> bool:
            answer = check()
            found.extend([] if answer is None else [answer])
            return bool(found)

        with self._condition:
            self._condition.wait_for(look, within)
        return found[0] if found else None

    def _look(self, check: Callable[[], T | None]) -> T | None:
        with self._condition:
            return check()
