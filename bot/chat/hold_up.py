"""Tells people that their message cannot be stored yet, when that lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

#: A database that is busy or starts anew is back before anybody wonders.
PATIENCE = 6.0


class HoldUp:
    """Knows since when nothing can be stored, and who heard of it; each hears it once."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Use `tell` with the address of who should hear it; nothing can be queued meanwhile."""
        self._tell = tell
        self._since: float | None = None
        self._told: set[str] = set()

    @contextmanager
    def noticed(self, addresses: Iterable[str]) -> Iterator[None]:
        """Store messages of `addresses` in the body; they hear of it when it does not work out."""
        loop, waiting = asyncio.get_running_loop(), set(addresses)
        self._since = loop.time() if self._since is None else self._since
        late = self._since + PATIENCE
        timer = loop.call_at(late, self._say, waiting)
        try:
            yield
        except Exception:
            # It may fail at once, each time again, and never last.
            if loop.time() >= late:
                self._say(waiting)
            raise
        else:
            self._since = None
            self._told.clear()
        finally:
            timer.cancel()

    def _say(self, addresses: set[str]) -> None:
        for address in sorted(addresses - self._told):
            self._told.add(address)
            self._tell(address)
