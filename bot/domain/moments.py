"""Reads moments that somebody typed in plain Dutch: "di 1 dec 15:30, 3 december 10.00"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.moment_reading import Day, Time, Unclear, UnclearError, read_line
from bot.domain.moment_words import LATE, WORD

#: A date without a year that lies further ahead was meant to be in the past.
_FAR = timedelta(days=300)
#: A year that lies further ahead is a slip of the finger.
_MOST_YEARS = 2
#: Nobody meets before seven in the morning: "half vier" is in the afternoon.
_EARLIEST = 7 * 60
_HALF_DAY = 12 * 60
_DAY = 24 * 60
_BULLET = re.compile(r"\s*(?:[-*•–]|\d[.)](?=\s))\s*")


@dataclass(frozen=True)
class Unread:
    """A line that names no moments, as it was typed, and why."""

    text: str
    why: Unclear


@dataclass(frozen=True)
class Moments:
    """What was read: the moments in the order of time, each once, and what could not be read."""

    found: tuple[datetime, ...] = ()
    unread: tuple[Unread, ...] = ()


def read_moments(text: str, now: datetime) -> Moments:
    """Read every moment in `text`; `now` is aware, and in the time zone that people mean.

    A date without a year is the next one; a day of the week alone is the next such day. Hours
    before seven mean the afternoon ("half vier", "3 uur"), unless a zero or the part of the day
    stands with them. Of a period ("10:00-11:00") the beginning counts. A moment may lie in the
    past. A line of which one word is not understood is given back as unread: who guesses invites
    somebody at the wrong moment.
    """
    found: set[datetime] = set()
    unread = []
    for part in re.split(r"[\n;]", text):
        bullet = _BULLET.match(part)
        line = part[bullet.end() :] if bullet else part
        if not WORD.search(line):
            continue
        try:
            found.update(_moments(line.lower(), now))
        except UnclearError as error:
            unread.append(Unread(line.strip(), error.why))
    return Moments(tuple(sorted(found)), tuple(unread))


def _moments(text: str, now: datetime) -> Iterator[datetime]:
    line = read_line(text)
    if line.waiting:
        raise UnclearError(Unclear.NO_DATE)
    if not line.entries:
        raise UnclearError(Unclear.UNREADABLE)
    for day, times in line.entries:
        if not times:
            raise UnclearError(Unclear.NO_TIME)
        for at in times:
            clock = _clock(at, at.part or day.part)
            yield datetime.combine(_date(day, clock, now), clock, now.tzinfo)


def _clock(at: Time, part: str | None) -> time:
    minutes = at.minutes
    is_early = minutes < _HALF_DAY if part in LATE else part is None and minutes < _EARLIEST
    if is_early and not at.is_exact:
        minutes += _HALF_DAY
    if minutes >= _DAY:
        raise UnclearError(Unclear.UNREADABLE)
    return time(*divmod(minutes, 60))


def _date(day: Day, at: time, now: datetime) -> date:
    if day.is_weekday_only:
        return _next_weekday(day, at, now)
    today = now.date()
    if day.ahead is not None:
        found = today + timedelta(days=day.ahead)
    else:
        found = _calendar_date(day, today)
    if day.weekday not in (None, found.weekday()):
        raise UnclearError(Unclear.OTHER_WEEKDAY)
    return found


def _next_weekday(day: Day, at: time, now: datetime) -> date:
    today = now.date()
    wanted = day.weekday or 0
    if day.is_next_week:
        return today + timedelta(days=7 - today.weekday() + wanted)
    found = today + timedelta(days=(wanted - today.weekday()) % 7)
    is_over = datetime.combine(found, at, now.tzinfo) <= now
    return found + timedelta(days=7) if is_over else found


def _calendar_date(said: Day, today: date) -> date:
    month, day = said.month or 0, said.day
    if said.year is not None:
        if said.year > today.year + _MOST_YEARS:
            raise UnclearError(Unclear.UNREADABLE)
        return _existing(said.year, month, day)
    is_still_to_come = (month, day) >= (today.month, today.day)
    found = _existing(today.year if is_still_to_come else today.year + 1, month, day)
    if found - today > _FAR:
        raise UnclearError(Unclear.NEEDS_YEAR)
    return found


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UnclearError(Unclear.NO_SUCH_DAY) from None
