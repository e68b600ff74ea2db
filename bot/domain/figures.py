"""Figures about plans in which no person can be read: counts, and medians over enough plans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from statistics import median

#: A median over fewer plans would tell about one of them.
ENOUGH = 3
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Timing:
    """When a plan was handed over, first reacted to and decided on; the decision has left."""

    submitted_at: datetime
    reacted_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Span:
    """How long something took in the middle of `count` plans; `days` None for fewer than ENOUGH."""

    count: int
    days: float | None


@dataclass(frozen=True)
class Month:
    """The plans that were handed over in one month (`2026-11`); None is all of them together."""

    month: str | None
    sent: int
    to_reaction: Span
    to_decision: Span


def by_month(timings: Iterable[Timing], zone: tzinfo) -> tuple[Month, ...]:
    """Give the figures of all months together and then of each, the newest first.

    Months are those of `zone`. Days are days of 24 hours, weekends and holidays among them.
    """
    months: dict[str, list[Timing]] = {}
    for timing in timings:
        name = timing.submitted_at.astimezone(zone).strftime("%Y-%m")
        months.setdefault(name, []).append(timing)
    everything = [timing for found in months.values() for timing in found]
    newest_first = sorted(months, reverse=True)
    return (
        _month(None, everything),
        *(_month(name, months[name]) for name in newest_first),
    )


def _month(name: str | None, timings: list[Timing]) -> Month:
    return Month(
        month=name,
        sent=len(timings),
        to_reaction=_span([_days(one.submitted_at, one.reacted_at) for one in timings]),
        to_decision=_span([_days(one.submitted_at, one.decided_at) for one in timings]),
    )


def _days(start: datetime, end: datetime | None) -> float | None:
    return (end - start).total_seconds() / _DAY_SECONDS if end else None


def _span(found: list[float | None]) -> Span:
    known = [days for days in found if days is not None]
    return Span(len(known), median(known) if len(known) >= ENOUGH else None)
