"""What is kept long enough is gone, row by row; what is not stays, and nobody is stuck."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.access import Link, Purpose
from bot.domain.keeping import Keep
from bot.domain.plan import PlanStatus
from bot.services.retention import Retention, Swept
from bot.storage.database import Database
from bot.storage.tables import metadata
from tests.clocks import SteppingClock
from tests.person import Person, make_services, write_plan
from tests.reviews import add_contacts, handed_over, only_plan, put_in

#: What belongs to the installation and to no person.
OF_NOBODY = {"contact", "question_set", "reference_counter", "school", "alembic_version"}
LONG = timedelta(days=4000)


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


def retention(person: Person) -> Retention:
    return Retention(person.database, person.clock, Keep())


async def rows(database: Database) -> dict[str, int]:
    """Give the number of rows of every table that is not empty."""
    found = {}
    async with database.engine.connect() as connection:
        for name, table in metadata.tables.items():
            query = select(func.count()).select_from(table)
            found[name] = int((await connection.execute(query)).scalar_one())
    return {name: number for name, number in found.items() if number}


async def said_everything(database: Database) -> None:
    """Let everything that waits be sent, so that it may go."""
    async with database.engine.begin() as connection:
        outbox = metadata.tables["outbox"]
        await connection.execute(outbox.update().values(state="sent"))


@pytest.mark.parametrize("status", PlanStatus)
async def test_nothing_of_a_plan_in_any_state_is_left_in_the_end(
    person: Person, clock: SteppingClock, status: PlanStatus
) -> None:
    await add_contacts(person.database)
    plan = await handed_over(person)
    await put_in(person.database, plan, status, clock.now())
    await said_everything(person.database)
    clock.moment += LONG

    swept = await retention(person).sweep()
    await retention(person).sweep()

    left = await rows(person.database)
    assert set(left) - OF_NOBODY == set(), left
    assert swept.drafts + swept.plans + swept.withdrawn == 1
    assert swept.people == 1


@pytest.mark.parametrize(
    ("status", "days"),
    [
        (PlanStatus.DRAFT, 365),
        (PlanStatus.STOPPED, 365),
        (PlanStatus.SUBMITTED, 730),
        (PlanStatus.ASKED, 730),
        (PlanStatus.NOT_NOW, 730),
        (PlanStatus.WITHDRAWN, 90),
    ],
)
async def test_plan_stays_until_its_day(
    person: Person, clock: SteppingClock, status: PlanStatus, days: int
) -> None:
    await add_contacts(person.database)
    plan = await handed_over(person)
    await put_in(person.database, plan, status, clock.now())

    clock.step(days=days)
    before = await retention(person).sweep()
    clock.step(seconds=1)
    after = await retention(person).sweep()

    assert before.drafts + before.plans + before.withdrawn == 0
    assert after.drafts + after.plans + after.withdrawn == 1


async def test_trial_counts_and_deletes_nothing(person: Person, clock: SteppingClock) -> None:
    await write_plan(person)
    await said_everything(person.database)
    clock.moment += LONG
    before = await rows(person.database)

    swept = await retention(person).sweep(is_trial=True)

    assert await rows(person.database) == before
    assert swept.drafts == 1
    assert swept.messages > 1
    assert swept == await retention(person).sweep()


async def test_what_waits_is_never_cleared_away(person: Person, clock: SteppingClock) -> None:
    await person.arrive("dit wacht nog op antwoord")
    clock.moment += LONG

    swept = await retention(person).sweep()

    assert swept.is_nothing
    assert (await rows(person.database))["inbox"] == 1


async def test_who_was_in_a_plan_that_went_can_simply_go_on(
    person: Person, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    clock.moment += timedelta(days=366)
    await retention(person).sweep()

    said = await person.answer("30% in 2027")

    assert "Wat wil je doen?" in said


async def test_coupled_chat_of_a_contact_stays(person: Person, clock: SteppingClock) -> None:
    await person.do(person.services.welcome.greet, "hallo")
    await said_everything(person.database)
    await add_contacts(person.database, "manager")
    async with person.database.write() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        (contact,) = await uow.contacts.all()
        assert talk
        contact = contact.__class__(**{**vars(contact), "conversation_id": talk.id})
        await uow.contacts.save(contact)
    clock.moment += LONG

    assert (await retention(person).sweep()).people == 0


async def test_links_and_questions_go_when_they_are_over(
    person: Person, clock: SteppingClock
) -> None:
    now = clock.now()
    async with person.database.write() as uow:
        await uow.links.add(Link("old-link-01", Purpose.REGION, now, now + timedelta(days=30)))
        await uow.gaps.add("question", "mag een po-school meedoen", now)

    clock.step(days=61)
    links = await retention(person).sweep()
    clock.step(days=305)
    questions = await retention(person).sweep()

    assert (links.traces, links.questions) == (1, 0)
    assert (questions.traces, questions.questions) == (0, 1)


async def test_sweep_and_a_teacher_at_once_lose_nothing(
    person: Person, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")

    results = await asyncio.gather(
        person.answer("30% in 2027"), *(retention(person).sweep() for _ in range(5))
    )

    assert [one for one in results[1:] if one != Swept()] == []
    assert (await only_plan(person)).text("doelen") == "30% in 2027"
