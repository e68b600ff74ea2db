"""What is kept long enough is gone, row by row; what is not stays, and nobody is stuck."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.access import Link, Purpose
from bot.domain.conversation import Conversation, Delivery
from bot.domain.inbox import Channel
from bot.domain.keeping import Keep
from bot.domain.plan import WRITING, PlanStatus
from bot.domain.plan_states import Action
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.management_chat import TEXT
from bot.services.retention import Retention, Swept
from bot.services.turns import Work
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.texts.plan_intake import GO_ON
from tests.clocks import SteppingClock
from tests.person import Person, make_services, write_plan
from tests.reviews import act, actor, add_contacts, filled_in, handed_over, only_plan, put_in

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


async def tell(person: Person) -> None:
    """Let the notice of a draft that goes soon leave, and be out long enough."""
    await retention(person).sweep()
    await fire(person)
    person.clock.step(days=22)


async def fire(person: Person) -> None:
    """Let everything happen that is due, in the first hour in which people may be told."""
    async with person.database.read() as uow:
        waits = await uow.due.next_at() is not None
    while waits:
        async with person.database.write() as uow:
            next_at = await uow.due.next_at()
            if next_at:
                person.clock.moment = max(person.clock.moment, next_at)
            waits = await person.services.clockwork.fire(uow, person.clock.now()) > 0


async def notices(person: Person) -> list[str]:
    """Give where people were told that a draft goes, by channel."""
    async with person.database.engine.connect() as connection:
        outbox = metadata.tables["outbox"]
        query = select(outbox.c.channel).where(outbox.c.key.startswith("draft_ends:"))
        return sorted(await connection.scalars(query))


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
    if status in WRITING:
        await tell(person)
        await said_everything(person.database)

    swept = await retention(person).sweep()
    clock.moment += LONG
    people = (await retention(person).sweep()).people

    left = await rows(person.database)
    assert set(left) - OF_NOBODY == set(), left
    assert swept.drafts + swept.plans + swept.withdrawn == 1
    assert swept.people + people == 1


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

    began = clock.now()
    clock.step(days=days)
    if status in WRITING:
        clock.step(days=-25)
        await tell(person)
        clock.moment = began + timedelta(days=days)
    before = await retention(person).sweep()
    clock.step(seconds=1)
    after = await retention(person).sweep()

    assert before.drafts + before.plans + before.withdrawn == 0
    assert after.drafts + after.plans + after.withdrawn == 1


async def test_trial_counts_and_deletes_nothing(person: Person, clock: SteppingClock) -> None:
    await write_plan(person)
    clock.moment += LONG
    await tell(person)
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


async def states(database: Database, name: str) -> list[str]:
    table = metadata.tables[name]
    async with database.engine.connect() as connection:
        return sorted(await connection.scalars(select(table.c.state)))


async def hold(person: Person) -> None:
    """Set aside what waits, as after the return of a copy."""
    async with person.database.write() as uow:
        await uow.set_aside.hold(person.clock.now())


async def test_message_that_was_put_aside_waits_for_the_operator(
    person: Person, clock: SteppingClock
) -> None:
    number, _ = await person.arrive("dit wacht na het terugzetten van een kopie")
    await hold(person)
    clock.moment += LONG
    first = await retention(person).sweep()
    kept = await states(person.database, "inbox")
    async with person.database.write() as uow:
        await uow.parked.drop(number)

    second = await retention(person).sweep()

    assert (first, kept) == (Swept(), ["parked"])
    assert (second.messages, second.people) == (1, 1)


async def test_message_in_a_chat_that_was_held_waits_for_the_operator(
    person: Person, clock: SteppingClock
) -> None:
    await person.do(person.services.welcome.greet, "hallo")
    await hold(person)
    clock.moment += LONG
    await retention(person).sweep()

    await retention(person).sweep()

    assert await states(person.database, "outbox") == ["held"]
    async with person.database.write() as uow:
        (held,) = await uow.set_aside.deliveries("held")
        await uow.set_aside.drop(held.id)
    assert (await retention(person).sweep()).people == 1


async def test_moment_that_was_held_waits_as_long_as_its_plan(
    person: Person, clock: SteppingClock
) -> None:
    await add_contacts(person.database)
    plan = await handed_over(person)
    await put_in(person.database, plan, PlanStatus.APPROVED, clock.now())
    clock.step(days=60)
    await hold(person)
    before = await states(person.database, "due")

    clock.step(days=670)
    await retention(person).sweep()
    after = await states(person.database, "due")
    clock.step(seconds=1)
    await retention(person).sweep()

    assert "held" in before
    assert after == ["held"] * before.count("held")
    assert await states(person.database, "due") == []


@pytest.mark.parametrize(("problem", "stays"), [("refused", True), ("blocked", False)])
async def test_delivery_that_was_given_up_waits_as_long_as_its_plan(
    person: Person, clock: SteppingClock, problem: str, stays: bool
) -> None:
    await add_contacts(person.database)
    await handed_over(person)
    async with person.database.engine.begin() as connection:
        outbox = metadata.tables["outbox"]
        given_up = {"state": "given_up", "problem": problem, "due_at": clock.now()}
        await connection.execute(outbox.update().values(**given_up))
    before = await rows(person.database)

    clock.step(days=730)
    await retention(person).sweep()
    kept = (await rows(person.database)).get("outbox", 0)
    clock.step(seconds=1)
    await retention(person).sweep()

    assert kept == (before["outbox"] if stays else 0)
    assert "outbox" not in await rows(person.database)


async def test_mail_about_no_plan_that_was_given_up_goes_with_the_messages(
    person: Person, clock: SteppingClock
) -> None:
    async with person.database.write() as uow:
        mail = Delivery("confirm:manager:2026-11", "email", "oud@regio.example", {})
        await uow.outbox.add(mail, clock.now())
        await uow.outbox.give_up(1, clock.now(), "refused")
    clock.step(days=181)

    assert (await retention(person).sweep()).mails == 1


async def test_who_was_in_a_plan_that_went_can_simply_go_on(
    person: Person, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    clock.moment += timedelta(days=345)
    await tell(person)
    await retention(person).sweep()

    said = await person.answer("30% in 2027")

    assert "Wat wil je doen?" in said


# What was half typed


async def talk_of(person: Person) -> Conversation:
    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
    assert talk
    return talk


async def half_typed(work: Work) -> list[Reply]:
    work.wait_at_desk({"kind": TEXT, "name": "Een naam die iemand typte"})
    return [Reply("Wat wil je erbij zeggen?")]


async def test_what_was_half_typed_goes_with_the_messages_and_the_chat_goes_on(
    person: Person, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    await person.do(half_typed, "steun")
    clock.step(days=180)
    await retention(person).sweep()
    before = await talk_of(person)
    clock.step(seconds=1)
    await retention(person).sweep()
    after = await talk_of(person)

    said = await person.answer("30% in 2027")

    assert before.pending
    assert (after.pending, after.open_kind, after.under) == (None, OpenKind.PLAN, OpenKind.NONE)
    assert "Vraag 3 van 6" in said


async def test_what_was_half_typed_stays_while_a_message_for_it_waits(
    person: Person, clock: SteppingClock
) -> None:
    await person.do(half_typed, "steun")
    await person.arrive("dit wacht nog op antwoord")
    clock.step(days=181)

    await retention(person).sweep()

    assert (await talk_of(person)).pending


async def test_answer_that_was_held_back_is_asked_again(
    person: Person, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    await person.answer("Onze leerling Jan de Vries bouwt een drone.")
    clock.step(days=181)

    await retention(person).sweep()

    assert (await talk_of(person)).pending is None
    assert "Vraag 3 van 6" in await person.answer("Een leerling bouwt een drone.")


async def test_new_answer_that_was_not_sent_is_asked_again(
    person: Person, clock: SteppingClock
) -> None:
    await add_contacts(person.database)
    plan = await handed_over(person)
    await act(person, actor("manager"), plan.id, filled_in(Action.ASK, clock.now()))
    await person.press_old(person.services.revision.begin, Choice("Antwoord", "revise", plan.id))
    await person.answer("In 2027 kiest 40% techniek")
    await said_everything(person.database)
    clock.step(days=181)
    await retention(person).sweep()
    pending = (await talk_of(person)).pending

    again = await person.answer("In 2027 kiest 50% techniek")
    await person.answer("In 2027 kiest 50% techniek")

    assert pending is None
    assert "Deze vraag staat nog open" in again
    assert "In 2027 kiest 50% techniek" in again
    assert "Hoe meet je dat?" in again
    assert "Versturen" in " ".join(person.labels)


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


# Before a draft goes


async def test_teacher_of_a_draft_is_told_weeks_before_and_it_waits_for_that(
    person: Person, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    clock.step(days=336)
    early = await retention(person).sweep()
    clock.step(days=2)
    trial = await retention(person).sweep(is_trial=True)
    first = await retention(person).sweep()
    again = await retention(person).sweep()
    clock.step(days=28)
    not_out = await retention(person).sweep()
    await fire(person)
    told = await notices(person)
    clock.step(days=20)
    too_soon = await retention(person).sweep()
    clock.step(days=2)
    gone = await retention(person).sweep()

    assert [one.notices for one in (early, trial, first, again)] == [0, 1, 1, 0]
    assert [one.drafts for one in (not_out, too_soon, gone)] == [0, 0, 1]
    assert told == ["telegram"]


async def test_notice_says_until_when_and_going_on_keeps_the_draft(
    person: Person, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    clock.step(days=340)
    await retention(person).sweep()
    await fire(person)
    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        (choice,) = await uow.inbox.last_choices(talk.id)
    said = await person.press_old(person.services.intake.resume, choice)
    clock.step(days=60)
    after = await retention(person).sweep()

    assert choice.label == GO_ON
    assert "Drones in de zorg" in said
    assert (after.drafts, after.notices) == (0, 0)
    clock.step(days=310)
    assert (await retention(person).sweep()).notices == 1


async def test_draft_that_was_sent_meanwhile_gets_no_notice(
    person: Person, clock: SteppingClock
) -> None:
    await add_contacts(person.database)
    await write_plan(person)
    clock.step(days=340)
    await retention(person).sweep()
    await person.do(person.services.hand_over.send, "Versturen")
    await fire(person)

    assert await notices(person) == []


@pytest.mark.parametrize(
    ("channel", "until", "told"),
    [(Channel.WEB, "doelen", []), (Channel.WEB, None, ["email", "web"])],
)
async def test_who_cannot_be_reached_is_not_waited_for(
    database: Database, clock: SteppingClock, channel: Channel, until: str | None, told: list[str]
) -> None:
    person = Person(database, make_services(database, clock), clock, channel=channel)
    await write_plan(person, until=until)
    clock.step(days=366)
    first = await retention(person).sweep()
    await fire(person)

    assert await notices(person) == told
    assert first.drafts == (0 if told else 1)


async def test_closed_telegram_chat_is_not_waited_for(person: Person, clock: SteppingClock) -> None:
    await write_plan(person, until="doelen")
    async with person.database.write() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        await uow.conversations.save(replace(talk, is_closed=True))
    clock.step(days=366)

    swept = await retention(person).sweep()

    assert (swept.drafts, swept.notices) == (1, 0)


@pytest.mark.parametrize(
    ("drafts", "days"), [(365, (28, 21)), (60, (15, 11)), (4, (1, 0)), (3, (0, 0)), (1, (0, 0))]
)
def test_notice_fits_into_the_time_that_drafts_are_kept(drafts: int, days: tuple[int, int]) -> None:
    assert tuple(one.days for one in Keep(drafts=drafts).draft_notice) == days
