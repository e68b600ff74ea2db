"""A school year in minutes: people of several temperaments, driven through the real services."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select

from bot.domain.contacts import Contact
from bot.domain.inbox import Channel
from bot.domain.plan import DECIDED, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review, last_change, last_of
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.summary import RecipientRole
from bot.domain.turn import Choice
from bot.services.access import actor_of
from bot.services.clock_worker import ClockWorker
from bot.services.review_input import Order
from bot.services.review_targets import targets
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.review_tables import plan_event
from bot.storage.tables import plan as plan_table
from tests.clocks import SteppingClock
from tests.person import Person, make_services
from tests.waiting_plans import send_at_once

#: STO regions in noord, noord, midden, zuid, zuid, and one in no single holiday region.
REGIONS = ("assen", "groningenstad", "rotterdamzuid", "breda", "zuid-limburg", "deventertwello")
BEGIN = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
#: Plans are handed over until here; the clock runs until nothing is due any more.
LAST_HAND_OVER = datetime(2027, 6, 20, tzinfo=UTC)
#: Nothing runs, over a weekend and from one school day into the next, in two seasons.
STANDSTILLS = (
    (datetime(2026, 11, 12, 3, 0, tzinfo=UTC), datetime(2026, 11, 25, 23, 17, 5, tzinfo=UTC)),
    (datetime(2027, 3, 17, 7, 30, tzinfo=UTC), datetime(2027, 3, 18, 11, 40, 9, tzinfo=UTC)),
)
CLOCK_GOES_BACK = datetime(2027, 2, 2, 12, 0, tzinfo=UTC)
#: This contact is taken out of the list here.
LEAVES, LEAVES_AT = "pm-breda", datetime(2027, 1, 20, 12, 0, tzinfo=UTC)
_MOST_ACTS = 12


class Temper(StrEnum):
    """How somebody deals with plans, most of the time."""

    PROMPT = "prompt"
    SLOW = "slow"
    SILENT = "silent"
    ASKING = "asking"
    INVITING = "inviting"


#: Days until they act, at least and at most.
_PATIENCE = {
    Temper.PROMPT: (0.02, 5.0),
    Temper.SLOW: (6.0, 26.0),
    Temper.ASKING: (0.5, 9.0),
    Temper.INVITING: (0.5, 9.0),
}
_TEMPERS = (*Temper, Temper.SILENT)


@dataclass(order=True)
class Intended:
    """What somebody is going to do, unless something happens to the plan before."""

    at: datetime
    number: int
    plan_id: str = field(compare=False)
    #: the last change that they acted upon; None when nothing keeps them from it
    upon: int | None = field(compare=False)
    act: Callable[[], Awaitable[None]] = field(compare=False)


class SchoolYear:
    """Runs the year: whatever comes first, what is due or what somebody does."""

    def __init__(self, folder: Path, plans: int, seed: int) -> None:
        """Let `plans` teachers hand a plan over; the same seed gives the same year."""
        self.clock = SteppingClock()
        self.clock.moment = BEGIN
        self.url = f"sqlite+aiosqlite:///{folder / 'year.db'}"
        self._count = plans
        self._random = random.Random(seed)
        self._numbers = itertools.count()
        self._intended: list[Intended] = []
        self._teachers: dict[str, Person] = {}
        self._acts: dict[str, int] = {}
        self._seen = 0
        self._standstills = list(STANDSTILLS)
        self._contact_leaves = False
        self._has_gone_back = False
        #: called before each look at what is due
        self.before_look: Callable[[SchoolYear], Awaitable[None]] | None = None

    async def run(self) -> None:
        """Live through the year, until nothing is due and nobody intends anything."""
        self._open()
        await migrate(self.database)
        async with self.database.write() as uow:
            for contact in contacts():
                await uow.contacts.add(contact)
        self._plan_hand_overs()
        while await self._next():
            await self._react()
        await self.database.close()

    def _open(self) -> None:
        """Begin with nothing but the file, as after a restart."""
        self.database = Database(self.url, self.clock)
        self.services: UseCases = make_services(self.database, self.clock)
        self._worker = ClockWorker(self.database, self.services.clockwork, self.clock)
        for teacher in self._teachers.values():
            teacher.database, teacher.services = self.database, self.services

    async def _restart(self) -> None:
        await self.database.close()
        self._open()
        # Set every clock once more: what was set before is neither double nor lost.
        async with self.database.write() as uow:
            for plan, review in await uow.reviews.handed_over():
                await self.services.reminders.restart(uow, plan, review, self.clock.now())

    async def _next(self) -> bool:
        async with self.database.read() as uow:
            due_at = await uow.due.next_at()
        act_at = self._intended[0].at if self._intended else None
        if due_at is None and act_at is None:
            return False
        moment = min(at for at in (due_at, act_at) if at)
        if self._standstills and moment >= self._standstills[0][0]:
            self.clock.moment = self._standstills.pop(0)[1]
            await self._restart()
            await self._look()
            return True
        self.clock.moment = max(self.clock.moment, moment)
        await self._surprise()
        if due_at and due_at <= self.clock.moment:
            await self._look()
            return True
        intended = heapq.heappop(self._intended)
        if intended.upon in (None, await self._last_change(intended.plan_id)):
            await intended.act()
        return True

    async def _look(self) -> None:
        if self.before_look:
            await self.before_look(self)
        await self._worker.look()

    async def _surprise(self) -> None:
        """Take a contact out of the list, and set the clock back, once in the year."""
        if self.clock.moment >= LEAVES_AT and not self._contact_leaves:
            self._contact_leaves = True
            async with self.database.write() as uow:
                await uow.contacts.remove(LEAVES)
        if self.clock.moment >= CLOCK_GOES_BACK and not self._has_gone_back:
            self._has_gone_back = True
            now = self.clock.moment
            self.clock.moment = now - timedelta(hours=3)
            await self._look()
            self.clock.moment = now

    async def _react(self) -> None:
        """Let everybody to whom something new happened decide what to do."""
        last = plan_event.c
        # By reference: ids are others in every run, and with them the order of what came at once.
        query = (
            select(last.plan_id, func.max(last.id), plan_table.c.reference)
            .join(plan_table, plan_table.c.id == last.plan_id)
            .where(last.id > self._seen)
            .group_by(last.plan_id, plan_table.c.reference)
            .order_by(plan_table.c.reference)
        )
        async with self.database.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        for plan_id, event_id, _ in rows:
            self._seen = max(self._seen, event_id)
            async with self.database.read() as uow:
                plan = await uow.plans.get(plan_id)
                review = await uow.reviews.get(plan_id)
                events = await uow.reviews.events(plan_id)
            if review and events[-1].action is not Action.REMIND:
                self._decide(plan, review, events)

    def _intend(
        self, plan_id: str, days: float, upon: int | None, act: Callable[[], Awaitable[None]]
    ) -> None:
        # Never on a whole minute, so that nobody acts at the very moment of a reminder.
        at = self.clock.now() + timedelta(days=days)
        at = at.replace(second=self._random.randint(5, 55), microsecond=0)
        heapq.heappush(self._intended, Intended(at, next(self._numbers), plan_id, upon, act))

    def _plan_hand_overs(self) -> None:
        whole = (LAST_HAND_OVER - BEGIN).total_seconds() / 86_400
        for number in range(self._count):
            days = self._random.uniform(0, whole)

            async def hand_over(number: int = number) -> None:
                await self._hand_over(number)

            self._intend("", days, None, hand_over)

    async def _hand_over(self, number: int) -> None:
        channel = self._random.choice((Channel.TELEGRAM, Channel.TELEGRAM, Channel.WEB))
        # Some teachers have several plans.
        address = str(number - number % 7 if number % 7 < 2 else number)
        teacher = Person(self.database, self.services, self.clock, address, channel)
        region = self._random.choice((*REGIONS, *REGIONS, *REGIONS, None))
        plan = await send_at_once(
            teacher,
            region=region,
            school=f"School {region}",
            knows_contact=self._random.random() < 0.4,
            titel=f"Plan {number}",
            email=f"docent{address}@school.example",
        )
        self._teachers[plan.id] = teacher
        if self._random.random() < 0.08:

            async def withdraw() -> None:
                await self._withdraw(plan.id)

            self._intend(plan.id, self._random.uniform(0.5, 40), None, withdraw)

    def _decide(self, plan: Plan, review: Review, events: tuple[PlanEvent, ...]) -> None:
        upon = last_change(events)
        if plan.status is PlanStatus.ASKED:
            self._teacher_decides(plan, upon)
        elif plan.status is PlanStatus.INVITED and events[-1].action is Action.INVITE:
            self._teacher_chooses(plan, events[-1], upon)
            self._holder_decides(plan, review, events, upon)
        elif plan.status in DECIDED and events[-1].action in (
            Action.APPROVE,
            Action.NOT_NOW,
            Action.APPROVE_WITH_CONDITIONS,
        ):
            if self._random.random() < 0.1:
                self._order(plan, review.holder_id, 0.002, upon, Order(Action.UNDO))
        elif plan.status not in DECIDED and plan.status is not PlanStatus.WITHDRAWN:
            self._holder_decides(plan, review, events, upon)

    def _teacher_decides(self, plan: Plan, upon: int) -> None:
        temper = self._random.choice((Temper.PROMPT, Temper.SLOW, Temper.SILENT))
        if temper is Temper.SILENT:
            return

        async def answer() -> None:
            await self._revise(plan.id)

        self._intend(plan.id, self._random.uniform(*_PATIENCE[temper]), upon, answer)

    def _teacher_chooses(self, plan: Plan, invitation: PlanEvent, upon: int) -> None:
        if self._random.random() < 0.5:
            return
        moment = self._random.choice([*invitation.data["moments"], ""])
        choice = Choice("", "choose_moment", f"{plan.id}|{moment}")

        async def choose() -> None:
            await self._press(plan.id, self.services.moments.choose, choice)

        self._intend(plan.id, self._random.uniform(0.1, 2.5), upon, choose)

    def _holder_decides(
        self, plan: Plan, review: Review, events: tuple[PlanEvent, ...], upon: int
    ) -> None:
        usual = _TEMPERS[_hash_of(review.holder_id or "") % len(_TEMPERS)]
        temper = usual if self._random.random() < 0.6 else self._random.choice(_TEMPERS)
        acts = self._acts[plan.id] = self._acts.get(plan.id, 0) + 1
        if temper is Temper.SILENT or acts > _MOST_ACTS:
            return
        order = self._order_of(plan, review, events, temper)
        if order:
            days = self._random.uniform(*_PATIENCE[temper])
            self._order(plan, review.holder_id, days, upon, order)

    def _order_of(
        self, plan: Plan, review: Review, events: tuple[PlanEvent, ...], temper: Temper
    ) -> Order | None:
        is_manager = review.holder_role is Role.PROGRAMME_MANAGER
        was_asked = last_of(events, Action.ASK) is not None
        if review.holder_role in (Role.OPERATOR, Role.SUPPORT) or (
            review.holder_role is Role.SCHOOL_CONTACT and self._random.random() < 0.5
        ):
            # At most once: passing on and silence could go round for ever.
            was_passed_on = last_of(events, Action.FORWARD) is not None
            return None if was_passed_on else Order(Action.FORWARD, to="any")
        if temper is Temper.ASKING and not was_asked:
            return Order(Action.ASK, step="doelen", text=f"Hoe meet je dat bij {plan.reference}?")
        if temper is Temper.INVITING and plan.status is not PlanStatus.INVITED:
            days = self._random.sample(range(3, 25), 2)
            return Order(Action.INVITE, moments=tuple(map(self._talk_in, days)), place="Teams")
        is_new = plan.status in (PlanStatus.SUBMITTED, PlanStatus.REVISED)
        if is_new and self._random.random() < 0.6:
            return Order(Action.RECEIVE)
        if not is_manager:
            return None
        decisions = (Action.APPROVE, Action.APPROVE_WITH_CONDITIONS, Action.NOT_NOW)
        return Order(self._random.choice(decisions), text="Goed plan, maar reken het na.")

    def _talk_in(self, days: int) -> datetime:
        moment = self.clock.now() + timedelta(days=days + 12)
        return moment.replace(hour=13, minute=30, second=0, microsecond=0)

    def _order(
        self, plan: Plan, holder_id: str | None, days: float, upon: int, order: Order
    ) -> None:
        async def act() -> None:
            await self._act(plan.id, holder_id, order)

        self._intend(plan.id, days, upon, act)

    async def _act(self, plan_id: str, holder_id: str | None, order: Order) -> None:
        now = self.clock.now()
        async with self.database.write() as uow:
            contact = await self.services.access.contact(uow, holder_id)
            review = await uow.reviews.get(plan_id)
            if contact is None or review is None or review.holder_id != holder_id:
                return
            if order.action is Action.INVITE and min(order.moments) <= now:
                return
            if order.action is Action.FORWARD:
                known = await targets(uow, self.services.access, review)
                managers = [one.id for one in known if one.role is RecipientRole.PROGRAMME_MANAGER]
                if not managers:
                    return
                order = replace(order, to=managers[0])
            seen = last_change(await uow.reviews.events(plan_id))
            order = replace(order, seen=seen, version=review.version)
            await self.services.desk.act(uow, actor_of(contact), plan_id, order, now)

    async def _press(self, plan_id: str, use_case: object, choice: Choice) -> None:
        await self._teachers[plan_id].press_old(use_case, choice)

    async def _revise(self, plan_id: str) -> None:
        teacher, revision = self._teachers[plan_id], self.services.revision
        await teacher.press_old(revision.begin, Choice("", "revise", plan_id))
        await teacher.answer(f"Nieuw doel op {self.clock.now():%d-%m}: 40% in 2028.")
        send = next(choice for choice in teacher.choices if choice.intent == "revise_send")
        await teacher.press_old(revision.send, send)

    async def _withdraw(self, plan_id: str) -> None:
        teacher, withdrawal = self._teachers[plan_id], self.services.withdrawal
        await teacher.press_old(withdrawal.ask, Choice("", "withdraw", plan_id))
        yes = [choice for choice in teacher.choices if choice.intent == "withdraw_confirm"]
        if yes:
            await teacher.press_old(withdrawal.confirm, yes[0])

    async def _last_change(self, plan_id: str) -> int:
        async with self.database.read() as uow:
            return last_change(await uow.reviews.events(plan_id))


def contacts() -> list[Contact]:
    """Give everybody who receives plans; some are away for a while, with or without a stand-in."""
    found = [Contact("support", RecipientRole.SUPPORT, "hulp@sto.example")]
    for number, region in enumerate(REGIONS):
        manager, stand_in = f"pm-{region}"[:16], f"st-{region}"[:16]
        mail = f"@{region}.example"
        found += [
            Contact(
                manager,
                RecipientRole.PROGRAMME_MANAGER,
                f"regio{mail}",
                region,
                stand_in_id=stand_in if number % 3 != 2 else None,
                absent_from=f"2026-{9 + number % 3:02}-15",
                absent_until=f"2027-0{1 + number % 3}-10",
            ),
            Contact(stand_in, RecipientRole.PROGRAMME_MANAGER, f"ook{mail}", region, name="Ook"),
            # At the smallest one the same person is the school's contact and the stand-in.
            Contact(
                f"sc-{region}"[:16],
                RecipientRole.SCHOOL_CONTACT,
                f"ook{mail}" if number == 4 else f"sto{mail}",
                region,
                f"School {region}",
            ),
        ]
    return found


def _hash_of(text: str) -> int:
    """Give a number that is the same in every run."""
    return sum(ord(letter) * place for place, letter in enumerate(text, start=1))
