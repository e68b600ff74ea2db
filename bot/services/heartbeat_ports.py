"""What is needed from storage to notice that we were away, and for whom that matters."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.inbox import Channel


class Heartbeats(Protocol):
    """When a channel was last open to us."""

    async def beat(self, channel: Channel, now: datetime) -> datetime | None:
        """Note that a channel is open to us; give when it last was before, None the first time.

        Of several processes that note it at once, each gets the moment of the one before it.
        """
        ...

    async def try_storing(self, now: datetime) -> None:
        """Store something, which fails where nothing can be stored."""
        ...

    async def in_the_middle(self, channel: Channel, active_since: datetime) -> list[str]:
        """Give a plan of each teacher who has one to act on and said something here since then.

        Of several plans it is the one that changed last; a closed chat is left out.
        """
        ...
