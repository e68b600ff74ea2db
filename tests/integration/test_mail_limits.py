"""Anybody can type an address to ask for support: that is no way to mail others through us."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.chat.presses import press_table
from bot.domain.access import Purpose
from bot.domain.errors import NotAllowedError
from bot.domain.inbox import Channel
from bot.domain.plan import Plan
from bot.domain.plan_states import Action
from bot.domain.turn import Choice
from bot.services.mail_limits import (
    MOST_A_DAY,
    MOST_AN_HOUR,
    MOST_TO_ADDRESS_A_DAY,
    MailLimits,
    Reached,
)
from bot.services.management import MOST_WORDS_A_DAY
from bot.services.management_input import Verdict
from bot.services.management_request import Mailed
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.review_tables import link
from bot.storage.tables import outbox
from bot.texts import management as words
from tests.clocks import SteppingClock
from tests.integration.test_revision_services import rows
from tests.person import PLAN_ANSWERS, Person, make_services, write_plan
from tests.reviews import only_plan

BOSS, OTHER = "directie@school.example", "ander@school.example"
RETURN = Verdict(Action.RETURN, "Mevrouw X", "teamleider", "Bijna goed.", {})


@pytest.fixture
def services(database: Database, clock: SteppingClock) -> UseCases:
    return make_services(database, clock)


@pytest.fixture
def limits(services: UseCases) -> MailLimits:
    return MailLimits(services.book.signer)


async def teacher(
    services: UseCases, database: Database, clock: SteppingClock, number: int
) -> Person:
    person = Person(database, services, clock, str(1000 + number))
    await write_plan(person, until="management")
    return person


async def mail(person: Person, email: str) -> Mailed:
    plan = await only_plan(person)
    async with person.database.write() as uow:
        return await person.services.support_requests.mail(uow, plan, email, person.clock.now())


async def waiting_mails(database: Database) -> list[str]:
    query = select(outbox.c.address).where(outbox.c.channel == "email", outbox.c.state == "due")
    async with database.engine.connect() as connection:
        return list(await connection.scalars(query.order_by(outbox.c.id)))


async def counted(database: Database) -> list[Any]:
    async with database.engine.connect() as connection:
        return list((await connection.execute(select(outbox).filter_by(channel="tally"))).all())


async def test_address_gets_three_a_day_of_all_teachers(
    services: UseCases, database: Database, clock: SteppingClock
) -> None:
    mailed = []
    for number in range(4):
        person = await teacher(services, database, clock, number)
        mailed.append(await mail(person, BOSS))
        async with database.write() as uow:
            # Who deletes everything cannot begin anew.
            await uow.people.delete((await only_plan(person)).person_id, keep_turn=0)
    person = await teacher(services, database, clock, 9)
    other = await mail(person, OTHER)
    clock.step(days=1, minutes=1)
    # After a restart, as far as the database knows.
    later = await mail(await teacher(make_services(database, clock), database, clock, 10), BOSS)

    assert mailed == [Mailed.ASKED] * 3 + [Mailed.TOO_MANY_TO_ADDRESS]
    assert (other, later) == (Mailed.ASKED, Mailed.ASKED)


async def test_speaking_by_a_forwarded_link_is_no_way_around(
    services: UseCases, database: Database, clock: SteppingClock
) -> None:
    person = await teacher(services, database, clock, 1)
    mailed = []
    for _ in range(5):
        mailed.append(await mail(person, BOSS))
        clock.step(minutes=1)
        plan = await only_plan(person)
        await speaking(services, database, clock, plan, RETURN)
        clock.step(minutes=1)

    assert mailed[:3] == [Mailed.ASKED, Mailed.ASKED_AGAIN, Mailed.ASKED_AGAIN]
    assert mailed[3:] == [Mailed.TOO_MANY_TO_ADDRESS] * 2
    assert await waiting_mails(database) == [BOSS] * 3


async def speaking(
    services: UseCases, database: Database, clock: SteppingClock, plan: Plan, verdict: Verdict
) -> None:
    async with database.write() as uow:
        link = await services.book.give(uow, clock.now(), Purpose.MANAGEMENT, plan_id=plan.id)
        visit = await services.access.visit(uow, link.id, clock.now())
        assert visit
        await services.management.say(uow, visit, verdict, clock.now())


async def web_teacher(
    services: UseCases, database: Database, clock: SteppingClock, number: int
) -> Person:
    person = Person(database, services, clock, str(1000 + number), Channel.WEB)
    await write_plan(person)
    return person


async def test_words_about_a_plan_are_no_way_to_mail_whoever_is_its_teacher(
    services: UseCases, database: Database, clock: SteppingClock
) -> None:
    victim, said = PLAN_ANSWERS["email"], "Betaal nu op https://evil.example/betaal of www.evil.nl"
    evil = Verdict(Action.RETURN, "Politie evil.example/boete", "boetes", said, {})
    for number in range(MOST_TO_ADDRESS_A_DAY + 2):
        person = await web_teacher(services, database, clock, number)
        plan = await only_plan(person)
        await speaking(services, database, clock, plan, evil)

    assert await waiting_mails(database) == [victim] * MOST_TO_ADDRESS_A_DAY
    mails = [row.payload for row in await rows(database, outbox) if row.channel == "email"]
    assert "evil" not in repr(mails)
    assert "Betaal nu op (link weggelaten)" in repr(mails)
    # In the own chat everything is said, as it was typed.
    chats = [row.payload for row in await rows(database, outbox) if row.channel == "web"]
    assert repr(chats).count("https://evil.example/betaal") == MOST_TO_ADDRESS_A_DAY + 2


async def test_one_link_says_so_much_a_day(
    services: UseCases, database: Database, clock: SteppingClock
) -> None:
    person = await web_teacher(services, database, clock, 1)
    plan = await only_plan(person)
    for _ in range(MOST_WORDS_A_DAY):
        clock.step(minutes=1)
        await speaking(services, database, clock, plan, RETURN)

    with pytest.raises(NotAllowedError, match="morgen"):
        await speaking(services, database, clock, plan, RETURN)
    clock.step(days=1)
    await speaking(services, database, clock, plan, RETURN)


async def test_reminders_are_counted_and_come_later_when_it_is_too_much(
    services: UseCases, database: Database, clock: SteppingClock
) -> None:
    plans = []
    for number in range(MOST_TO_ADDRESS_A_DAY + 1):
        person = await teacher(services, database, clock, number)
        assert await mail(person, BOSS) is Mailed.ASKED
        plans.append(await only_plan(person))
        clock.step(hours=9)
    clock.step(days=5)
    before = len(await waiting_mails(database))

    for plan in plans:
        async with database.write() as uow:
            await services.support_requests.nudge(uow, plan.id, clock.now())

    assert len(await waiting_mails(database)) == before + MOST_TO_ADDRESS_A_DAY
    async with database.read() as uow:
        [put_off] = await uow.due.of_plan(plans[-1].id)
    assert put_off.due_at == clock.now() + timedelta(days=1)
    clock.step(days=1)
    async with database.write() as uow:
        await services.support_requests.nudge(uow, plans[-1].id, clock.now())
    assert len(await waiting_mails(database)) == before + MOST_TO_ADDRESS_A_DAY + 1


async def test_reminder_that_was_asked_for_comes_later_when_it_is_too_much(
    services: UseCases,
    database: Database,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = await web_teacher(services, database, clock, 1)
    plan = await only_plan(person)
    await person.press_old(services.nudges.nudge_me, Choice("", "nudge_me", plan.id))
    async with database.read() as uow:
        [due] = await uow.due.of_plan(plan.id)

    with monkeypatch.context() as patch:
        patch.setattr("bot.services.mail_limits.MOST_AN_HOUR", 0)
        async with database.write() as uow:
            await services.nudges.fire(uow, plan, due, clock.now())
    async with database.read() as uow:
        [put_off] = await uow.due.of_plan(plan.id)
    before = await waiting_mails(database)
    async with database.write() as uow:
        await services.nudges.fire(uow, plan, due, clock.now())

    assert put_off.due_at == clock.now() + timedelta(hours=1)
    assert before == []
    assert await waiting_mails(database) == [PLAN_ANSWERS["email"]]


@pytest.mark.parametrize(
    ("minutes", "most", "wait"),
    [(0, MOST_AN_HOUR, timedelta(hours=1)), (7, MOST_A_DAY, timedelta(days=1))],
)
async def test_all_teachers_together_mail_no_more_than_this(
    limits: MailLimits,
    database: Database,
    clock: SteppingClock,
    minutes: int,
    most: int,
    wait: timedelta,
) -> None:
    first = clock.now()
    for number in range(most):
        async with database.write() as uow:
            email, now = f"d{number}@school.example", clock.now()
            assert await limits.reached(uow, email, now) is None
            await limits.count(uow, email, f"management:{number}:0", now)
        clock.step(minutes=minutes)

    async with database.write() as uow:
        refused = await limits.reached(uow, BOSS, clock.now())
        later = await limits.reached(uow, BOSS, first + wait + timedelta(seconds=1))

    assert (refused, later) == (Reached.INSTALLATION, None)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("MOST_TO_ADDRESS_A_DAY", words.TOO_MANY_TO_ADDRESS.format(email=BOSS)),
        ("MOST_AN_HOUR", words.TOO_MANY_FOR_ALL),
        ("MOST_A_DAY", words.TOO_MANY_FOR_ALL),
    ],
)
async def test_teacher_hears_the_other_way_beyond_a_limit(
    services: UseCases,
    database: Database,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    said: str,
) -> None:
    monkeypatch.setattr(f"bot.services.mail_limits.{limit}", 0)
    person = await teacher(services, database, clock, 1)
    await person.do(services.ask_support.offer)
    await person.press(press_table(services)["management_mail"], words.MAIL)

    heard = await person.do(services.desk_chat.typed, BOSS)

    assert said in heard
    assert words.FORWARD in said
    assert await waiting_mails(database) == []


async def test_count_holds_no_address_and_lasts_a_day(
    services: UseCases, database: Database, clock: SteppingClock
) -> None:
    person = await teacher(services, database, clock, 1)
    await mail(person, BOSS)

    [row] = await counted(database)
    assert BOSS not in repr(row)
    async with database.engine.connect() as connection:
        [given] = await connection.scalars(select(link.c.id))
    assert given not in repr(row)
    assert (row.plan_id, row.conversation_id, row.payload) == (None, None, {})
    clock.step(days=1)
    await mail(person, OTHER)
    [after] = await counted(database)
    assert after.address != row.address
