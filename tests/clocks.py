"""A clock for tests: it stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SteppingClock:
    """Begins on a Sunday morning in November 2026 and moves only when told."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def step(self, **delta: float) -> None:
        self.moment += timedelta(**delta)
