"""What the storage of links, events and due moments promises, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.access import Link, Purpose
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.services.review_ports import Due, DueKind
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.person import Person, make_services
from tests.reviews import add_contacts, handed_over


@pytest.fixture
async def plan(database: Database, clock: SteppingClock) -> Plan:
    await add_contacts(database, "manager")
    return await handed_over(Person(database, make_services(database, clock), clock))


def link(clock: SteppingClock, name: str, **more: str) -> Link:
    now = clock.now()
    return Link(name, Purpose.REVIEW, now, now + timedelta(days=1), **more)


def note(plan: Plan, clock: SteppingClock, text: str) -> PlanEvent:
    return PlanEvent(
        plan_id=plan.id,
        at=clock.now(),
        role=Role.OPERATOR,
        name="de beheerder",
        action=Action.NOTE,
        before=plan.status,
        after=plan.status,
        text=text,
        data={"a": [1, "é"]},
    )


async def test_link_is_given_back_as_it_was_stored(
    database: Database, clock: SteppingClock
) -> None:
    stored = link(clock, "first", contact_id="manager", email="regio@assen.example")
    async with database.write() as uow:
        await uow.links.add(stored)

    async with database.read() as uow:
        assert await uow.links.get("first") == stored
        assert await uow.links.get("other") is None


async def test_links_are_found_by_exactly_what_they_are_for(
    database: Database, clock: SteppingClock
) -> None:
    async with database.write() as uow:
        await uow.links.add(link(clock, "with", contact_id="manager", email="a@b.example"))
        await uow.links.add(link(clock, "without", contact_id="manager"))

        found = await uow.links.find(Purpose.REVIEW, None, "manager", None)
        other = await uow.links.find(Purpose.REGION, None, "manager", None)

    assert [one.id for one in found] == ["without"]
    assert other == []


async def test_revoking_a_contact_leaves_others_alone(
    database: Database, clock: SteppingClock
) -> None:
    async with database.write() as uow:
        await uow.links.add(link(clock, "hers", contact_id="manager"))
        await uow.links.add(link(clock, "his", contact_id="support"))
        await uow.links.revoke(contact_id="manager")

        hers, his = await uow.links.get("hers"), await uow.links.get("his")

    assert hers
    assert his
    assert (hers.is_revoked, his.is_revoked) == (True, False)


async def test_link_is_used_up_once_by_two_at_the_same_time(
    database: Database, clock: SteppingClock
) -> None:
    async with database.write() as uow:
        await uow.links.add(link(clock, "once"))

    async def use() -> bool:
        async with database.write() as uow:
            return await uow.links.use("once", clock.now())

    assert sorted(await asyncio.gather(use(), use(), use())) == [False, False, True]


async def test_events_come_back_in_order_and_whole(
    database: Database, clock: SteppingClock, plan: Plan
) -> None:
    async with database.write() as uow:
        first = await uow.reviews.add_event(note(plan, clock, "een"), "form-1")
        second = await uow.reviews.add_event(note(plan, clock, "twee"), "form-2")

    async with database.read() as uow:
        events = await uow.reviews.events(plan.id)
        known = [await uow.reviews.has_mark(mark) for mark in ("form-1", "form-3")]

    assert [event.action for event in events] == [Action.SUBMIT, Action.NOTE, Action.NOTE]
    assert events[1:] == (
        replace(note(plan, clock, "een"), id=first),
        replace(note(plan, clock, "twee"), id=second),
    )
    assert known == [True, False]


async def test_hand_over_leaves_review_version_and_event(
    database: Database, clock: SteppingClock, plan: Plan
) -> None:
    async with database.read() as uow:
        review = await uow.reviews.get(plan.id)
        versions = await uow.reviews.versions(plan.id)
        summary = await uow.plans.summary(plan.id)
        found = await uow.reviews.by_reference(plan.reference or "")
        elsewhere = await uow.reviews.handed_over("emmen")
        here = await uow.reviews.handed_over("assen")

    assert review
    assert (review.region_id, review.holder_role, review.holder_id, review.version) == (
        "assen",
        Role.PROGRAMME_MANAGER,
        "manager",
        1,
    )
    assert [(one.number, one.summary) for one in versions] == [(1, summary)]
    assert found == (plan, review)
    assert (here, elsewhere) == ([(plan, review)], [])
    assert plan.status is PlanStatus.SUBMITTED


async def test_due_moment_is_stored_once_for_ever(
    database: Database, clock: SteppingClock, plan: Plan
) -> None:
    due = Due("only-once", DueKind.DRAFT_NUDGE, clock.now(), plan.id)
    async with database.write() as uow:
        first = await uow.due.add(due)
        again = await uow.due.add(due)
        taken = await uow.due.take(clock.now(), 100)
        after = await uow.due.add(due)

    assert (first, again, after) == (True, False, False)
    assert [one.key for one in taken] == ["only-once"]


async def test_due_moment_is_taken_by_one_of_two(
    database: Database, clock: SteppingClock, plan: Plan
) -> None:
    async with database.write() as uow:
        for number in range(20):
            await uow.due.add(Due(f"k{number}", DueKind.DRAFT_NUDGE, clock.now(), plan.id))

    async def take() -> list[str]:
        async with database.write() as uow:
            return [one.key for one in await uow.due.take(clock.now(), 12)]

    taken = [key for keys in await asyncio.gather(take(), take()) for key in keys]
    # Who finds another at it leaves it to the other; what is left is taken at the next look.
    taken += await take() + await take()

    assert sorted(taken) == sorted(f"k{number}" for number in range(20))


async def test_cancelled_and_later_moments_are_not_taken(
    database: Database, clock: SteppingClock, plan: Plan
) -> None:
    later = clock.now() + timedelta(minutes=1)
    async with database.write() as uow:
        await uow.due.cancel(plan.id)
        await uow.due.add(Due("nudge", DueKind.DRAFT_NUDGE, clock.now(), plan.id))
        await uow.due.add(Due("release", DueKind.RELEASE, later, plan.id))
        await uow.due.cancel(plan.id, DueKind.DRAFT_NUDGE)

        taken = await uow.due.take(clock.now(), 100)
        waiting = await uow.due.of_plan(plan.id)
        next_at = await uow.due.next_at()

    assert taken == []
    assert [one.key for one in waiting] == ["release"]
    assert next_at == later


async def test_two_who_change_one_plan_wait_for_each_other(
    database: Database, clock: SteppingClock, plan: Plan
) -> None:
    order: list[str] = []
    has_it = asyncio.Event()

    async def first() -> None:
        async with database.write() as uow:
            await uow.plans.lock(plan.id)
            has_it.set()
            await asyncio.sleep(0)
            order.append("first")
            await uow.plans.move(replace(plan, status=PlanStatus.RECEIVED), clock.now())

    async def second() -> None:
        await has_it.wait()
        async with database.write() as uow:
            found = await uow.plans.lock(plan.id)
            assert found
            order.append(found.status.value)

    await asyncio.gather(first(), second())

    assert order == ["first", "received"]


async def test_gone_plan_takes_everything_along(
    database: Database, clock: SteppingClock, plan: Plan
) -> None:
    async with database.write() as uow:
        await uow.links.add(link(clock, "of-plan", plan_id=plan.id))
        inbox = await uow.conversations.of_person(plan.person_id)
        assert inbox
        await uow.people.delete(plan.person_id, keep_turn=0)

    async with database.read() as uow:
        assert await uow.reviews.get(plan.id) is None
        assert await uow.reviews.events(plan.id) == ()
        assert await uow.reviews.versions(plan.id) == []
        assert await uow.due.of_plan(plan.id) == []
        assert await uow.links.get("of-plan") is None
