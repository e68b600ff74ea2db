"""Time as the services see it; tests bring their own clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from bot.domain.dutch_time import AMSTERDAM


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the present moment, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Give the present moment, in UTC."""
        return datetime.now(UTC)


def dutch_date(moment: datetime) -> str:
    """Give the ISO date of `moment` in the Netherlands."""
    return moment.astimezone(AMSTERDAM).date().isoformat()
