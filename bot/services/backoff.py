"""How long to wait before trying again: twice as long each time, up to a limit."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Backoff:
    """Gives `first` seconds, then twice that, and so on to `last`; starts over after a success."""

    first: float
    last: float
    failures: int = field(default=0, init=False)

    def next(self) -> float:
        """Count one more failure and give the seconds to wait."""
        self.failures += 1
        return backoff(self.failures, self.first, self.last)

    def reset(self) -> None:
        """Start over."""
        self.failures = 0


def backoff(failures: int, first: float, last: float) -> float:
    """Give the seconds to wait after the `failures`-th failure in a row."""
    # Capped, so that years of failures do not make a number too large for a float.
    return min(first * 2.0 ** min(max(failures - 1, 0), 60), last)
