"""Terms in school days: which days count, and the day on which a term ends.

A school day is no weekend, no day that is free in the whole country, and in no school holiday of
the holiday region (vakantieregio) where the school stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.dutch_time import AMSTERDAM

HOLIDAY_REGIONS = ("noord", "midden", "zuid")

_DAY = timedelta(days=1)
_SATURDAY = 5
_NUDGE_TIME = time(9)


@dataclass(frozen=True)
class Holiday:
    """A school holiday in one holiday region; the first and last day are free too."""

    name: str
    region: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Say whether `day` is in this holiday."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class FixedDay:
    """A day that is free in the whole country on the same date every year."""

    name: str
    month: int
    day: int

    def is_on(self, day: date) -> bool:
        """Say whether `day` is this day."""
        return (day.month, day.day) == (self.month, self.day)


@dataclass(frozen=True)
class EasterDay:
    """A day that is free in the whole country, so many days after Easter (or before: negative)."""

    name: str
    days_after: int

    def is_on(self, day: date) -> bool:
        """Say whether `day` is this day."""
        return day - easter(day.year) == timedelta(days=self.days_after)


NationalDay = FixedDay | EasterDay


@dataclass(frozen=True)
class SchoolCalendar:
    """Which days are school days, in each holiday region.

    The holiday region may be None, for a school of which it is not known or that has none. Then a
    day is free as soon as one of the three regions is free: a term may end later than needed, but
    nobody is reminded during a holiday.
    """

    holidays: tuple[Holiday, ...]
    national_days: tuple[NationalDay, ...]

    @property
    def known_until(self) -> date | None:
        """The last day up to which the holidays of every region are known; None without holidays.

        After it only weekends and national days are free.
        """
        ends = [
            max(
                (holiday.last for holiday in self.holidays if holiday.region == region),
                default=None,
            )
            for region in HOLIDAY_REGIONS
        ]
        known = [end for end in ends if end]
        return min(known) if len(known) == len(HOLIDAY_REGIONS) else None

    def is_school_day(self, day: date, holiday_region: str | None) -> bool:
        """Say whether schools in the region are open on `day`."""
        _check_region(holiday_region)
        return not (
            day.weekday() >= _SATURDAY
            or any(national.is_on(day) for national in self.national_days)
            or any(
                holiday.holds(day)
                for holiday in self.holidays
                if holiday_region in (None, holiday.region)
            )
        )

    def add_school_days(self, start: date, count: int, holiday_region: str | None) -> date:
        """Give the `count`-th school day after `start`; 0 gives `start`, or the next school day."""
        if count < 0:
            raise ValueError("a term has no negative number of school days")
        day = start
        if count == 0:
            while not self.is_school_day(day, holiday_region):
                day += _DAY
            return day
        while count:
            day += _DAY
            if self.is_school_day(day, holiday_region):
                count -= 1
        return day

    def school_days_between(self, start: date, end: date, holiday_region: str | None) -> int:
        """Count the school days after `start` up to and including `end`.

        So it undoes `add_school_days`. Where `end` is before `start` the count is negative.
        """
        if end < start:
            return -self.school_days_between(end, start, holiday_region)
        days = (start + _DAY * number for number in range(1, (end - start).days + 1))
        return sum(self.is_school_day(day, holiday_region) for day in days)


def nudge_moment(day: date) -> datetime:
    """Give the moment of `day` at which people are reminded: 09:00 in the Netherlands."""
    # The clock changes at night, so 09:00 exists once on every day.
    return datetime.combine(day, _NUDGE_TIME, tzinfo=AMSTERDAM)


def easter(year: int) -> date:
    """Give Easter Sunday, by the method of Meeus, Jones and Butcher."""
    golden = year % 19
    century, rest = divmod(year, 100)
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _check_region(holiday_region: str | None) -> None:
    # An unknown name would silently make every holiday a school day.
    if holiday_region is not None and holiday_region not in HOLIDAY_REGIONS:
        raise ValueError(f"unknown holiday region: {holiday_region}")
