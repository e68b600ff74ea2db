"""Switches that make the next calls fail, wait or lose their reply."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Literal

from tests.botapi.changes import Changes
from tests.botapi.errors import ApiError, by_status, too_many_requests

Drop = Literal["before", "after"]


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of `method` ("*": any; None: until stopped).

    `status` refuses the call without acting; with `drop` the connection breaks before or after
    acting; `hold` lets the call wait until `release`; `delay` is in seconds.
    """

    method: str
    times: int | None = 1
    status: int | None = None
    retry_after: int = 1
    description: str | None = None
    drop: Drop | None = None
    delay: float = 0.0
    hold: bool = False
    chat_id: int | None = None
    hits: int = 0
    released: bool = False
    _changes: Changes = field(default_factory=lambda: Changes(threading.RLock()), repr=False)

    def refusal(self) -> ApiError | None:
        """Give the error that the call gets instead of its answer, if any."""
        if self.status is None:
            return None
        if self.status == 429:
            return too_many_requests(self.retry_after)
        usual = by_status(self.status)
        return ApiError(self.status, self.description or usual.description)

    def release(self) -> None:
        """Let the calls that are held or delayed go on, and hold no more."""
        self.released = True
        self._changes.tell()

    def stop(self) -> None:
        """Touch no further calls."""
        self.times = 0
        self.release()

    async def wait_for_hits(self, count: int = 1, within: float = 5.0) -> None:
        """Return when `count` calls were touched; raise TimeoutError if they do not come."""
        enough = await self._changes.until(lambda: self.hits >= count or None, within)
        if enough is None:
            raise TimeoutError(f"{self.hits} of {count} calls of {self.method} came")

    async def delay_call(self) -> None:
        """Let a call wait as long as the switch says."""
        if self.hold or self.delay:
            limit = None if self.hold else self.delay
            await self._changes.until(lambda: self.released or None, limit)

    def matches(self, method: str, chat_id: int | None) -> bool:
        """Tell whether the switch is on for a call."""
        return (
            self.times != 0
            and self.method.lower() in ("*", method.lower())
            and self.chat_id in (None, chat_id)
        )

    def touch(self) -> None:
        """Count a call."""
        self.hits += 1
        if self.times is not None:
            self.times -= 1
        self._changes.tell()
