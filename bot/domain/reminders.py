"""The clock on a plan: after how many school days of silence who is reminded, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.plan import WAITING_FOR_REGION, PlanStatus
from bot.domain.plan_events import PlanEvent, Review, last_of
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.school_days import SchoolCalendar, nudge_moment

#: What the clock does to a plan on which nobody acts.
SILENCE = (Action.REMIND, Action.ESCALATE, Action.LAPSE)


@dataclass(frozen=True)
class Rhythm:
    """How patient the clock is, in school days; `quiet_from` is a time of day in the Netherlands.

    Between `quiet_from` and the hour of reminders nobody is reminded. A talk that was proposed
    counts as an answer until its moment, at most `meeting_within` school days.
    """

    first_reminder: int
    second_reminder: int
    step_up: int
    meeting_within: int
    draft_nudge: int
    quiet_from: time

    def days_until(self, number: int) -> int:
        """Give after how many school days the first (1), second or third step is due."""
        return (self.first_reminder, self.second_reminder, self.step_up)[number - 1]


@dataclass(frozen=True)
class Deadline:
    """One step of the clock: the `number`-th since the plan waits for the one who has it."""

    number: int
    action: Action
    at: datetime


@dataclass(frozen=True)
class SchoolClock:
    """Counts school days in one holiday region (None: not known, see SchoolCalendar)."""

    calendar: SchoolCalendar
    holiday_region: str | None
    rhythm: Rhythm

    def moment(self, start: date, school_days: int) -> datetime:
        """Give the moment to remind somebody, so many school days after `start`."""
        return nudge_moment(self.calendar.add_school_days(start, school_days, self.holiday_region))

    def is_quiet(self, now: datetime) -> bool:
        """Say whether nobody is to be reminded now: no school day, or too early or too late."""
        day, hour = _dutch(now)
        return (
            now < nudge_moment(day)
            or hour >= self.rhythm.quiet_from
            or not self.calendar.is_school_day(day, self.holiday_region)
        )

    def next_moment(self, now: datetime) -> datetime:
        """Give the first moment, not before now, at which a day of reminders begins."""
        day = _dutch(now)[0]
        return self.moment(day if now <= nudge_moment(day) else day + timedelta(days=1), 0)

    def deadlines(
        self, status: PlanStatus, review: Review, events: tuple[PlanEvent, ...]
    ) -> tuple[Deadline, ...]:
        """Give what is due for a plan while nobody acts; nothing where it waits for nobody.

        The one who is to act is reminded twice. Then it goes one step up the route, or the
        question to the teacher is closed. At the last station nothing follows.
        """
        actions = [Action.REMIND, Action.REMIND]
        if status is PlanStatus.ASKED:
            actions.append(Action.LAPSE)
        elif status not in WAITING_FOR_REGION:
            return ()
        elif not is_at_last_station(review):
            actions.append(Action.ESCALATE)
        start = self._counted_from(status, review, events)
        return tuple(
            Deadline(number, action, self.moment(start, self.rhythm.days_until(number)))
            for number, action in enumerate(actions, start=1)
        )

    def not_before(self, number: int, done_at: datetime, later: int) -> datetime:
        """Give the earliest moment of a later step, when the `number`-th was done at `done_at`.

        So who is reminded late, because nothing ran for a while, still gets the time between.
        """
        between = self.rhythm.days_until(later) - self.rhythm.days_until(number)
        return self.moment(_dutch(done_at)[0], between)

    def _counted_from(
        self, status: PlanStatus, review: Review, events: tuple[PlanEvent, ...]
    ) -> date:
        start = _dutch(review.waiting_since)[0]
        talk = _talk(events) if status is PlanStatus.INVITED else None
        if talk is None or _dutch(talk)[0] <= start:
            return start
        limit = self.calendar.add_school_days(
            start, self.rhythm.meeting_within, self.holiday_region
        )
        return min(_dutch(talk)[0], limit)


def is_at_last_station(review: Review) -> bool:
    """Say whether nobody is behind the one who has the plan."""
    return review.is_last_station or review.holder_role is Role.OPERATOR


def reached(events: tuple[PlanEvent, ...]) -> frozenset[str]:
    """Give who had the plan, as far as the clock passed it on since somebody last acted."""
    found: set[str] = set()
    for event in events:
        if event.action is Action.ESCALATE:
            found |= {str(event.data.get("from_id")), str(event.data.get("to"))}
        elif event.action is not Action.REMIND:
            found.clear()
    return frozenset(found)


def _talk(events: tuple[PlanEvent, ...]) -> datetime | None:
    """Give the moment that was chosen to talk, else the last that was proposed."""
    said = last_of(events, Action.INVITE, Action.CHOOSE_MOMENT)
    if said is None:
        return None
    chosen = said.data.get("moment")
    moments = [chosen] if chosen else said.data.get("moments", [])
    return max(map(datetime.fromisoformat, moments), default=None)


def _dutch(moment: datetime) -> tuple[date, time]:
    """Give date and time of day in the Netherlands."""
    # Only the zone is taken from it: it is the one in which people are reminded.
    local = moment.astimezone(nudge_moment(moment.date()).tzinfo)
    return local.date(), local.time()
