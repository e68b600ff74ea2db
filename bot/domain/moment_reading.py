"""Reads one line into days and times as they were written; `moments` makes moments of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.moment_words import (
    AHEAD,
    DATES,
    DAYS_AHEAD,
    FILLERS,
    MONTHS,
    NUMBERS,
    SHIFTS,
    TIMES,
    WEEKDAY,
    WEEKDAYS,
    WORD,
)

_CENTURY = 2000
_LAST_MINUTE = 59


class Unclear(StrEnum):
    """Why a piece of text is no moment."""

    UNREADABLE = "unreadable"
    NO_DATE = "no_date"
    NO_TIME = "no_time"
    #: there is no 31 November
    NO_SUCH_DAY = "no_such_day"
    #: that date falls on another day of the week
    OTHER_WEEKDAY = "other_weekday"
    #: it has been, unless next year was meant
    NEEDS_YEAR = "needs_year"


class UnclearError(Exception):
    """A line that names no moment; it never leaves `moments`."""

    def __init__(self, why: Unclear) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Day:
    """A day as it was written: a date, days ahead, or a day of the week; perhaps two of these.

    `part` is the part of the day that was named with it.
    """

    month: int | None = None
    day: int = 0
    year: int | None = None
    ahead: int | None = None
    weekday: int | None = None
    is_next_week: bool = False
    part: str | None = None

    @property
    def is_weekday_only(self) -> bool:
        """Say whether nothing but a day of the week was named."""
        return self.month is None and self.ahead is None

    def joined(self, other: Day) -> Day | None:
        """Give the one day that two names in a row mean ("di 1 dec"), None where they are two."""
        if self.is_weekday_only is other.is_weekday_only:
            return None
        name, day = (self, other) if self.is_weekday_only else (other, self)
        return replace(day, weekday=name.weekday, part=name.part or day.part)


@dataclass(frozen=True)
class Time:
    """A time as it was written, in minutes; `is_exact` when a zero stands before it."""

    minutes: int
    part: str | None
    is_exact: bool


@dataclass
class Line:
    """The days of a line, each with its times, in the order in which they are written.

    Where the line begins with a time, each time belongs to the day behind it, and `waiting` holds
    the times that have no day yet.
    """

    entries: list[tuple[Day, list[Time]]] = field(default_factory=list)
    waiting: list[Time] = field(default_factory=list)
    _is_time_first: bool = False
    _is_behind_day: bool = False

    def add_day(self, day: Day) -> None:
        """Add a day, or make the day before it more precise."""
        if self._is_behind_day:
            last, times = self.entries[-1]
            both = last.joined(day)
            if both:
                self.entries[-1] = (both, times)
                return
        self.entries.append((day, self.waiting))
        self.waiting = []
        self._is_behind_day = True

    def add_time(self, at: Time) -> None:
        """Add a time to its day."""
        self._is_time_first = self._is_time_first or not self.entries
        (self.waiting if self._is_time_first else self.entries[-1][1]).append(at)
        self._is_behind_day = False


def read_line(text: str) -> Line:
    """Read a line in lower case; raises UnclearError at a word that may mean anything."""
    line = Line()
    place = 0
    while place < len(text):
        found = _first(text, place, *DATES, AHEAD, WEEKDAY)
        if found:
            line.add_day(_day(found))
        elif found := _first(text, place, *TIMES):
            line.add_time(_time(found))
        else:
            found = WORD.match(text, place)
            if found and found[0] not in FILLERS:
                raise UnclearError(Unclear.UNREADABLE)
        place = found.end() if found else place + 1
    return line


def _first(text: str, place: int, *patterns: re.Pattern[str]) -> re.Match[str] | None:
    matches = (pattern.match(text, place) for pattern in patterns)
    return next((match for match in matches if match), None)


def _day(match: re.Match[str]) -> Day:
    said = match.groupdict()
    if ahead := said.get("ahead"):
        return Day(ahead=DAYS_AHEAD[ahead], part=said["part"])
    if weekday := said.get("weekday"):
        is_next_week = bool(said["next"])
        return Day(weekday=WEEKDAYS[weekday], is_next_week=is_next_week, part=said["part"])
    month = MONTHS[said["name"]] if said.get("name") else int(said["month"])
    year = int(said["year"]) if said.get("year") else None
    if year is not None and len(said["year"]) == 2:
        year += _CENTURY
    return Day(month, int(said["day"]), year)


def _time(match: re.Match[str]) -> Time:
    said = match.groupdict()
    hour, minute = said.get("hour") or said["word"], int(said.get("minute") or 0)
    if minute > _LAST_MINUTE:
        raise UnclearError(Unclear.UNREADABLE)
    minutes = (NUMBERS.get(hour) or int(hour)) * 60 + minute
    minutes += SHIFTS.get(said.get("shift") or "", 0)
    return Time(minutes, said["part"], hour.startswith("0"))
