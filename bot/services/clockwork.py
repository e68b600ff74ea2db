"""Does what is due: each row once, in the transaction in which it is marked as done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

import structlog

from bot.domain.errors import NotFoundError
from bot.domain.plan import WAITING_FOR_REGION, Plan, PlanStatus
from bot.services.backoff import backoff
from bot.services.escalation_step import Case, EscalationStep, open_case
from bot.services.ports import UnitOfWork
from bot.services.reminders import SILENCE_KINDS, Reminders, number_of
from bot.services.reminding import Reminder, Reminding
from bot.services.review_ports import Due, DueKind

log = structlog.get_logger()

#: Few enough to be quick: on SQLite everybody else waits for this transaction.
BATCH = 10
#: After an earlier step of the same plan.
_SOON = timedelta(seconds=1)
#: Seconds to wait after failures of one row.
_FIRST_RETRY, _LAST_RETRY = 5.0, 3600.0

Handler = Callable[[UnitOfWork, Plan, Due, datetime], Awaitable[None]]


def by_plan_id(nudge: Callable[[UnitOfWork, str, datetime], Awaitable[None]]) -> Handler:
    """Give a use case that only needs to know which plan it is, as a handler."""

    async def handle(uow: UnitOfWork, plan: Plan, _due: Due, now: datetime) -> None:
        await nudge(uow, plan.id, now)

    return handle


class Clockwork:
    """Takes what is due and hands it to whom it belongs; what fails is tried again later."""

    def __init__(
        self,
        reminders: Reminders,
        reminding: Reminding,
        step: EscalationStep,
        others: Mapping[DueKind, Handler],
        *,
        at_any_hour: frozenset[DueKind],
    ) -> None:
        """Handle the kinds that are not about silence by `others`; keep quiet hours for most."""
        self._reminders = reminders
        self._reminding = reminding
        self._step = step
        self._others = others
        self._at_any_hour = at_any_hour
        # Stays when a row succeeds: that one is never due again.
        self._failures: dict[str, int] = {}

    async def fire(self, uow: UnitOfWork, now: datetime) -> int:
        """Do some of what is due; give how many rows were taken, 0 when nothing was due.

        What cannot be done now is due again at another moment: in quiet hours, or after a failure.
        A failure undoes what was done for that row alone.
        """
        rows = await uow.due.take(now, BATCH)
        reminders: list[Reminder] = []
        for due in await self._one_a_plan(uow, rows, now):
            async with self._attempt(now, uow, due):
                reminder = await self._do(uow, due, now)
                if reminder:
                    reminders.append(reminder)
        reminders.sort(key=lambda one: one.recipient)
        for _, together in groupby(reminders, key=lambda one: one.recipient):
            group = list(together)
            async with self._attempt(now, uow, *(one.due for one in group)):
                await self._reminding.remind(uow, group, now, partial(self._attempt, now, uow))
        return len(rows)

    async def _one_a_plan(self, uow: UnitOfWork, rows: Iterable[Due], now: datetime) -> list[Due]:
        """Give the rows with at most one about the silence on each plan; others come after it."""
        first: dict[str | None, Due] = {}
        silences = [row for row in rows if row.kind in SILENCE_KINDS]
        for row in sorted(silences, key=number_of):
            if first.setdefault(row.plan_id, row) is not row:
                await uow.due.put_back(row.key, now + _SOON)
        return [*first.values(), *(row for row in rows if row not in silences)]

    async def _do(self, uow: UnitOfWork, due: Due, now: datetime) -> Reminder | None:
        """Do what is due, or give it back as a reminder, to be sent with others."""
        plan = await uow.plans.find(due.plan_id or "")
        if plan is None:
            raise NotFoundError
        clock = self._reminders.clock_of(plan, await uow.reviews.get(plan.id))
        if due.kind not in self._at_any_hour and clock.is_quiet(now):
            await uow.due.put_back(due.key, clock.next_moment(now))
            return None
        if due.kind not in SILENCE_KINDS:
            await self._others[due.kind](uow, plan, due, now)
            return None
        return await self._silence(uow, await open_case(uow, plan), due, now)

    async def _silence(
        self, uow: UnitOfWork, case: Case, due: Due, now: datetime
    ) -> Reminder | None:
        status = case.plan.status
        match due.kind:
            case DueKind.LAPSE if status is PlanStatus.ASKED:
                await self._step.lapse(uow, case, now)
            case DueKind.ESCALATE if status in WAITING_FOR_REGION:
                await self._step.step_up(uow, case, now)
            case DueKind.REMIND if status is PlanStatus.ASKED:
                return await self._reminding.reminder(uow, due, case)
            case DueKind.REMIND if status in WAITING_FOR_REGION:
                if not await self._step.pass_on_if_away(uow, case, now):
                    return await self._reminding.reminder(uow, due, case)
        return None

    @asynccontextmanager
    async def _attempt(self, now: datetime, uow: UnitOfWork, *rows: Due) -> AsyncIterator[None]:
        """Undo what the body did when it fails, and let these rows be due again later."""
        try:
            async with uow.savepoint():
                yield
        except Exception as error:
            for row in rows:
                failures = self._failures[row.key] = self._failures.get(row.key, 0) + 1
                wait = backoff(failures, _FIRST_RETRY, _LAST_RETRY)
                log.exception("due_failed", due=row.key, error=type(error).__name__, wait=wait)
                await uow.due.put_back(row.key, now + timedelta(seconds=wait))
