"""What is needed from storage to count mails to addresses that somebody typed."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class MailTally(Protocol):
    """How many mails went to which address; an address is known by its mark alone."""

    async def add(self, mark: str, key: str, now: datetime) -> None:
        """Count one mail to the address with this mark, once under `key`."""
        ...

    async def since(self, moment: datetime, mark: str | None = None) -> int:
        """Give how many were counted since a moment, perhaps of one address alone."""
        ...

    async def forget(self, before: datetime) -> None:
        """Delete what was counted up to a moment."""
        ...
