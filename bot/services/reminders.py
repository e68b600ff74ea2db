"""The clock on a plan: sets what is due while nobody acts, and tells the teacher about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.domain.contacts import Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.escalation import picked
from bot.domain.plan import DECIDED, WAITING_FOR_REGION, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review, last_change
from bot.domain.reminders import SILENCE, Rhythm, SchoolClock, reached
from bot.services.access import Access
from bot.services.directory_search import DirectorySearch
from bot.services.ports import UnitOfWork
from bot.services.review_ports import Due, DueKind
from bot.services.review_targets import next_station
from bot.services.school_days_content import SchoolDays
from bot.texts import reminders as words
from bot.texts.review import contact_name

#: The rows of a waiting period, in order of number.
SILENCE_KINDS = tuple(DueKind(action.value) for action in SILENCE)


class Reminders:
    """Sets the clock of a plan anew whenever somebody acts."""

    def __init__(
        self, access: Access, directory: DirectorySearch, school_days: SchoolDays, rhythm: Rhythm
    ) -> None:
        """Count `school_days` where the plan's region lies, and wait as long as `rhythm` says."""
        self._access = access
        self._directory = directory
        self._school_days = school_days
        self.rhythm = rhythm

    async def restart(self, uow: UnitOfWork, plan: Plan, review: Review, now: datetime) -> None:
        """Forget what was due for a plan, and set what is due from `review.waiting_since` on.

        Call it in every transaction in which somebody acts on a plan that was handed over, after
        the event is stored. Each waiting period begins with an event, so its keys are its own: the
        same period set twice changes nothing. What is past at `now` is due at once.
        """
        events = await uow.reviews.events(plan.id)
        deadlines = self.clock_of(plan, review).deadlines(plan.status, review, events)
        # The teacher is no contact: found by the plan.
        contact_id = None if plan.status is PlanStatus.ASKED else review.holder_id
        rows = [
            Due(
                key=f"{plan.id}:{last_change(events)}:{deadline.number}",
                kind=DueKind(deadline.action.value),
                due_at=max(deadline.at, now),
                plan_id=plan.id,
                contact_id=contact_id,
            )
            for deadline in deadlines
        ]
        await uow.due.cancel(plan.id, *SILENCE_KINDS, but=[row.key for row in rows])
        for row in rows:
            await uow.due.add(row)

    async def keep_apart(
        self, uow: UnitOfWork, plan: Plan, review: Review, done: Due, now: datetime
    ) -> Due | None:
        """Move what follows `done` so that the time between stays, also when `done` came late.

        Give the next step of the waiting period, None when `done` was the last.
        """
        clock = self.clock_of(plan, review)
        number = number_of(done)
        later: list[Due] = []
        for row in await uow.due.of_plan(plan.id):
            if row.kind in SILENCE_KINDS and number_of(row) > number:
                moved = replace(
                    row, due_at=max(row.due_at, clock.not_before(number, now, number_of(row)))
                )
                if moved != row:
                    await uow.due.put_back(row.key, moved.due_at)
                later.append(moved)
        return min(later, key=number_of, default=None)

    async def clock_words(
        self, uow: UnitOfWork, plan: Plan, review: Review | None, now: datetime
    ) -> str:
        """Tell the teacher who is to act until when, and what follows; "" where nobody is.

        A decision that has not left yet does not show.
        """
        if review is None:
            return ""
        if plan.status in DECIDED and not review.is_released:
            return words.busy(await self._holder_name(uow, review))
        rows = [row for row in await uow.due.of_plan(plan.id) if row.kind in SILENCE_KINDS]
        reminders = [row.due_at for row in rows if row.kind is DueKind.REMIND]
        then = next((row.due_at for row in rows if row.kind is not DueKind.REMIND), None)
        if plan.status is PlanStatus.ASKED:
            return words.teacher_clock(reminders, then)
        if plan.status not in WAITING_FOR_REGION:
            return ""
        to = await self.next_name(uow, review, now, await uow.reviews.events(plan.id))
        return words.region_clock(await self._holder_name(uow, review), reminders, then, to)

    async def next_name(
        self, uow: UnitOfWork, review: Review, now: datetime, events: tuple[PlanEvent, ...]
    ) -> str:
        """Give, as people read it, who gets the plan when the holder stays silent."""
        return contact_name(await self.next_holder(uow, review, now, events))

    async def next_holder(
        self, uow: UnitOfWork, review: Review, now: datetime, events: tuple[PlanEvent, ...]
    ) -> Contact:
        """Give who gets the plan when the holder stays silent: at last the operator.

        Nobody gets it twice while no person acts: stand-ins could send it round for ever.
        """
        found = await next_station(
            uow, self._access, review, dutch_day(now), passed=reached(events)
        )
        return found or self._access.operator

    def clock_of(self, plan: Plan, review: Review | None) -> SchoolClock:
        """Give the clock in the holiday region where the plan's school stands."""
        pick = None if review else picked(plan.answers)
        region_id = review.region_id if review else pick.region_id if pick else None
        region = self._directory.region(region_id) if region_id else None
        province = plan.value("province")
        provinces = region.provinces if region else (province,) if province else ()
        holiday_region = self._school_days.holiday_region(region_id, provinces)
        return SchoolClock(self._school_days.calendar, holiday_region, self.rhythm)

    async def _holder_name(self, uow: UnitOfWork, review: Review) -> str:
        holder = await self._access.contact(uow, review.holder_id)
        return contact_name(holder or self._access.operator)


def number_of(due: Due) -> int:
    """Give which step of its waiting period this is, from 1."""
    return int(due.key.rpartition(":")[2])


def dutch_day(moment: datetime) -> date:
    """Give the day of a moment in the Netherlands."""
    return moment.astimezone(AMSTERDAM).date()
