"""Checks a school year from what is stored alone, with a calendar and a clock of its own."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import Row, Table, select

from bot.domain.contacts import Contact
from bot.storage.database import Database
from bot.storage.review_tables import due, plan_event, review
from bot.storage.tables import conversation, outbox, plan

HOLIDAYS = Path(__file__).parents[2] / "content" / "holidays.yml"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: Where each region of the year lies; None counts the holidays of all three.
PLACES = {
    "assen": "noord",
    "groningenstad": "noord",
    "rotterdamzuid": "midden",
    "breda": "zuid",
    "zuid-limburg": "zuid",
}
#: Free in the whole country on a weekday in this school year and the autumn after it.
FREE = {
    date(2027, 1, 1),
    date(2027, 3, 26),
    date(2027, 3, 29),
    date(2027, 4, 27),
    date(2027, 5, 5),
    date(2027, 5, 6),
    date(2027, 5, 7),
    date(2027, 5, 17),
    date(2026, 12, 25),
    date(2027, 12, 25),
    date(2027, 12, 26),
    date(2028, 1, 1),
}
QUIET = {"note", "remind", "release"}
WAITING = {"submitted", "received", "revised", "invited", "asked"}
DECIDED = {"approved", "conditional", "not_now"}
DAYS = (5, 10, 15)
_REFERENCE = re.compile(r"STO-\d{4}-\d{4}")


@cache
def is_school_day(day: date, place: str | None) -> bool:
    """Say whether schools are open, straight from the file."""
    if day.weekday() >= 5 or day in FREE:
        return False
    for year in yaml.safe_load(HOLIDAYS.read_text())["school_years"]:
        for holiday in year["holidays"]:
            for name in ("noord", "midden", "zuid"):
                if place in (None, name):
                    text = holiday.get(name) or holiday["everywhere"]
                    first, last = map(date.fromisoformat, text.split(" t/m "))
                    if first <= day <= last:
                        return False
    return True


def school_day_after(day: date, count: int, place: str | None) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_school_day(day, place)
    return day


def nine(day: date) -> datetime:
    return datetime.combine(day, time(9), AMSTERDAM).astimezone(UTC)


@dataclass
class Story:
    """One plan with everything that happened to it."""

    plan: Row[Any]
    review: Row[Any]
    is_on_telegram: bool
    events: list[Row[Any]] = field(default_factory=list)

    def place(self, event: Row[Any]) -> str | None:
        """Give where the holidays count then: a plan without a region gets one on its way."""
        handed_over_to = self.plan.summary["region_id"]
        on_its_way = [one for one in self.events if one.id <= event.id and one.action == "forward"]
        region = handed_over_to or (self.review.region_id if on_its_way else None)
        return PLACES.get(region or "")


@dataclass(frozen=True)
class Step:
    """What the clock did, or should have done: `number` 1 or 2 reminds `to`, 3 goes on."""

    number: int
    to: str
    at: datetime


@dataclass
class Findings:
    """What is wrong, and how much there was of everything."""

    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


class Checker:
    """Knows who is when away, and when nothing ran."""

    def __init__(
        self,
        contacts: list[Contact],
        standstills: tuple[tuple[datetime, datetime], ...],
        leaves: tuple[str, datetime],
    ) -> None:
        self._contacts = {contact.id: contact for contact in contacts}
        self._standstills = standstills
        self._leaves = leaves
        self.found = Findings()

    async def check(self, database: Database) -> Findings:
        """Check everything that the year left."""
        stories = await _stories(database)
        for story in stories.values():
            self._check_story(story)
        await self._check_messages(database, stories)
        left = [row for row in await _all(database, due) if row.state == "due"]
        self.found.wrong += [f"still due: {row.key}" for row in left]
        return self.found

    def _check_story(self, story: Story) -> None:
        self._check_end(story)
        for number, (begin, done, end) in enumerate(_periods(story.events)):
            expected = list(self._expected(story, begin, end))
            self.found.counts["waiting periods"] += 1
            name = f"{story.plan.reference} period {number}"
            missing = Counter(expected) - Counter(done)
            extra = Counter(done) - Counter(expected)
            self.found.lost += [f"{name}: {step}" for step in missing.elements()]
            self.found.double += [f"{name}: {step}" for step in extra.elements()]

    def _check_end(self, story: Story) -> None:
        status, events = story.plan.status, story.events
        actions = Counter(event.action for event in events)
        self.found.counts.update(actions)
        reasons = [event.data["reason"] for event in events if event.action == "escalate"]
        self.found.counts.update(f"escalate {reason}" for reason in reasons)
        self.found.counts[f"ends {status}"] += 1
        for event in events:
            at = event.at.astimezone(AMSTERDAM)
            is_day = is_school_day(at.date(), story.place(event)) and 9 <= at.hour < 17
            if event.role == "clock" and event.action != "release" and not is_day:
                self.found.wrong.append(f"{story.plan.reference}: {event.action} at {at}")
        if status in DECIDED:
            decided = [event for event in events if event.action in _DECISIONS][-1]
            released = [event.at for event in events if event.action == "release"]
            due_at = self._running(decided.at + timedelta(minutes=10), None)
            if released != [due_at] or not story.review.is_released:
                self.found.wrong.append(f"{story.plan.reference}: released {released}")
        elif status != "withdrawn":
            self.found.counts["ends at last station"] += 1
            last = _periods(events)[-1][1]
            reminded = [(step.number, step.to) for step in last]
            if reminded != [(1, "operator"), (2, "operator")] or not story.review.is_last_station:
                self.found.wrong.append(f"{story.plan.reference} ends {status}: {reminded}")

    def _expected(self, story: Story, begin: Row[Any], end: datetime | None) -> Iterator[Step]:
        """Give the steps whose moment passed before somebody acted."""
        if begin.after not in WAITING:
            return
        holder = story_holder(story, begin)
        day = _counted_from(story, begin)
        place = story.place(begin)
        steps = 2 if holder == "operator" and begin.after != "asked" else 3
        for number in range(1, steps + 1):
            between = DAYS[number - 1] - (DAYS[number - 2] if number > 1 else 0)
            day = school_day_after(day, between, place)
            at = self._running(nine(day), place)
            if end is not None and at >= end and not _is_same(at, end):
                return
            day = at.astimezone(AMSTERDAM).date()
            if begin.after == "asked":
                yield Step(number, "teacher" if number < 3 else "lapse", at)
                continue
            reason = self._unreachable(holder, at) if number < 3 else "silent"
            yield Step(3 if reason else number, reason or holder, at)
            if reason:
                return

    def _unreachable(self, holder: str, at: datetime) -> str:
        """Say why a plan goes on instead of a reminder to the holder; "" where it does not."""
        contact = self._contacts.get(holder)
        if contact is None:
            return ""
        if holder == self._leaves[0] and at >= self._leaves[1]:
            return "gone"
        stand_in = self._contacts.get(contact.stand_in_id or "")
        day = at.astimezone(AMSTERDAM).date().isoformat()
        is_away = (contact.absent_from or "9") <= day <= (contact.absent_until or "0")
        return "absent" if is_away and stand_in else ""

    def _running(self, at: datetime, place: str | None) -> datetime:
        """Give the moment at which something that is due at `at` was really done."""
        for start, end in self._standstills:
            if start <= at < end:
                local = end.astimezone(AMSTERDAM)
                is_day = is_school_day(local.date(), place) and 9 <= local.hour < 17
                is_early = local.hour < 9 and is_school_day(local.date(), place)
                if is_day:
                    return end
                return nine(local.date() if is_early else school_day_after(local.date(), 1, place))
        return at

    async def _check_messages(self, database: Database, stories: dict[str, Story]) -> None:
        """Compare the reminders that were stored with the messages that left for people."""
        told: Counter[tuple[str, str, datetime]] = Counter()
        mails: Counter[tuple[str, date]] = Counter()
        for row in await _all(database, outbox):
            if not row.key.startswith("remind:"):
                continue
            references = set(_REFERENCE.findall(json.dumps(row.payload)))
            if row.channel == "email":
                mails[row.address.lower(), row.due_at.astimezone(AMSTERDAM).date()] += 1
                self.found.counts["reminder mails"] += 1
                self.found.counts["reminder mails about several plans"] += len(references) > 1
            for reference in references:
                told[reference, row.channel, row.due_at] += 1
        self.found.wrong += [f"several mails: {mail}" for mail, count in mails.items() if count > 1]
        for story in stories.values():
            for event in story.events:
                if event.action == "remind":
                    is_pushed = event.data["to"] == "teacher" and story.is_on_telegram
                    channel = "telegram" if is_pushed else "email"
                    told[story.plan.reference, channel, event.at] -= 1
        self.found.lost += [f"not told: {what}" for what, count in told.items() if count < 0]
        # A page shows what was mailed as well.
        self.found.double += [
            f"told too often: {what}"
            for what, count in told.items()
            if count > 0
            if what[1] != "web"
        ]


_DECISIONS = ("approve", "approve_with_conditions", "not_now")


def _periods(events: list[Row[Any]]) -> list[tuple[Row[Any], list[Step], datetime | None]]:
    """Give each waiting period: how it began, what the clock did in it, and when it ended."""
    begins = [index for index, event in enumerate(events) if event.action not in QUIET]
    periods = []
    for index, following in zip(begins, [*begins[1:], None], strict=True):
        done = [_step(event) for event in events[index:following] if event.action == "remind"]
        ending = events[following] if following is not None else None
        if ending is not None and ending.role == "clock":
            done.append(_step(ending))
        periods.append((events[index], done, ending.at if ending is not None else None))
    return periods


def _step(event: Row[Any]) -> Step:
    if event.action == "remind":
        return Step(event.data["number"], event.data["to"], event.at)
    return Step(3, event.data.get("reason", "lapse"), event.at)


def _is_same(at: datetime, end: datetime) -> bool:
    """Say whether the period ended by this very step."""
    return abs((at - end).total_seconds()) < 1


def _counted_from(story: Story, begin: Row[Any]) -> date:
    day: date = begin.at.astimezone(AMSTERDAM).date()
    if begin.after != "invited":
        return day
    # A decision that was undone leaves the invitation as it was.
    said = [
        event
        for event in story.events
        if event.id <= begin.id and event.action in ("invite", "choose_moment")
    ]
    moments = said[-1].data.get("moments") or [said[-1].data.get("moment")]
    talks = [
        datetime.fromisoformat(moment).astimezone(AMSTERDAM).date() for moment in moments if moment
    ]
    return min(max([day, *talks]), school_day_after(day, 40, story.place(begin)))


def story_holder(story: Story, at: Row[Any]) -> str:
    """Give who had the plan from an event on."""
    passed = [
        event.data["to"]
        for event in story.events
        if event.id <= at.id and event.action in ("submit", "forward", "escalate")
    ]
    return str(passed[-1])


async def _stories(database: Database) -> dict[str, Story]:
    reviews = {row.plan_id: row for row in await _all(database, review)}
    talks = {row.person_id: row.channel for row in await _all(database, conversation)}
    stories = {
        row.id: Story(row, reviews[row.id], talks[row.person_id] == "telegram")
        for row in await _all(database, plan)
    }
    for event in await _all(database, plan_event):
        stories[event.plan_id].events.append(event)
    return stories


async def _all(database: Database, table: Table) -> list[Row[Any]]:
    order = next(iter(table.primary_key))
    async with database.engine.connect() as connection:
        return list((await connection.execute(select(table).order_by(order))).all())
