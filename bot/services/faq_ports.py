"""What the FAQ needs from storage."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.faq import Gap


class Gaps(Protocol):
    """What the directory or the FAQ lacked, without who asked."""

    async def add(self, kind: str, text: str, now: datetime) -> None:
        """Note a gap for the beheerder."""
        ...

    async def all(self) -> list[Gap]:
        """Give all gaps, the newest first."""
        ...

    async def remove(self, gap_id: int) -> bool:
        """Take a gap off the list; False when there was none with this id."""
        ...


class Votes(Protocol):
    """Whether answers helped, without who said so."""

    async def give(self, turn_id: int, entry: str, *, is_up: bool, now: datetime) -> None:
        """Store what was thought of the answer that a turn gave; a second thumb replaces it."""
        ...
