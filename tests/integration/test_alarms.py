"""Alarms to the operator: each trouble is told once, at most one mail an hour, for ever ending."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Row
from structlog.testing import capture_logs

from bot.chat.turn_taker import MOST_FAILURES
from bot.delivery.mail_sender import EmailSender
from bot.delivery.outcomes import ChannelClosed, GiveUp, Outcome, Sent
from bot.delivery.smtp import SmtpMailer
from bot.delivery.worker import DeliveryWorker
from bot.domain.conversation import Delivery
from bot.domain.inbox import Channel
from bot.domain.troubles import Trouble
from bot.services.alarms import APART, Alarms
from bot.services.bell import Bell
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.tables import outbox
from tests.botapi import TelegramWorld
from tests.clocks import SteppingClock
from tests.integration.fake_rasa import How
from tests.integration.running_chat import Chat, ChatMaker, sqlite_only, stored
from tests.integration.smtp_server import SmtpTestServer
from tests.person import made_book

pytest_plugins = ["tests.integration.chat_fixtures", "tests.integration.mail_fixtures"]

OPERATOR = "beheer@example.org"


async def tell(database: Database, alarms: Alarms, *troubles: Trouble) -> None:
    for trouble in troubles:
        async with database.write() as uow:
            await alarms.tell(uow, database.clock.now(), trouble)


async def alarms_of(database: Database) -> list[Row[Any]]:
    return [row for row in await stored(database, outbox) if row.key.startswith("alarm:")]


async def mark(database: Database, row_id: int, state: str) -> None:
    async with database.write() as uow:
        if state == "sent":
            await uow.outbox.sent(row_id, database.clock.now())
        else:
            await uow.outbox.give_up(row_id, database.clock.now(), "rejected_550")


def counts(row: Row[Any]) -> dict[str, int]:
    found: dict[str, int] = row.payload["troubles"]
    return found


# When


async def test_first_trouble_is_told_at_once(database: Database, clock: SteppingClock) -> None:
    await tell(database, Alarms(OPERATOR), Trouble.PARKED)

    (row,) = await alarms_of(database)

    assert (row.address, row.channel, row.due_at) == (OPERATOR, "email", clock.now())
    assert row.key == "alarm:2026-11-22T09"
    assert counts(row) == {"parked": 1}


async def test_alarm_that_has_not_left_gathers_what_follows(database: Database) -> None:
    kinds = (Trouble.PARKED, Trouble.GIVEN_UP, Trouble.GIVEN_UP, Trouble.TOKEN_REFUSED)

    await tell(database, Alarms(OPERATOR), *kinds)

    (row,) = await alarms_of(database)
    assert counts(row) == {"parked": 1, "given_up": 2, "token_refused": 1}
    assert "1 bericht bleef liggen, 2 bezorgingen zijn opgegeven" in row.payload["subject"]


async def test_next_alarm_leaves_an_hour_after_the_last(
    database: Database, clock: SteppingClock
) -> None:
    alarms = Alarms(OPERATOR)
    await tell(database, alarms, Trouble.PARKED)
    (first,) = await alarms_of(database)
    clock.step(minutes=2)
    await mark(database, first.id, "sent")
    left_at = clock.now()

    clock.step(minutes=5)
    await tell(database, alarms, Trouble.PARKED, Trouble.PARKED)

    (_, second) = await alarms_of(database)
    assert second.due_at == left_at + APART
    assert counts(second) == {"parked": 2}


async def test_quiet_week_does_not_delay_the_next(database: Database, clock: SteppingClock) -> None:
    alarms = Alarms(OPERATOR)
    await tell(database, alarms, Trouble.PARKED)
    await mark(database, (await alarms_of(database))[0].id, "sent")
    clock.step(days=7)

    await tell(database, alarms, Trouble.GIVEN_UP)

    assert (await alarms_of(database))[1].due_at == clock.now()


async def test_clock_that_goes_back_loses_no_alarm(
    database: Database, clock: SteppingClock
) -> None:
    alarms = Alarms(OPERATOR)
    for _ in range(3):
        await tell(database, alarms, Trouble.PARKED)
        await mark(database, (await alarms_of(database))[-1].id, "sent")
        clock.step(hours=1)

    clock.step(hours=-3)
    await tell(database, alarms, Trouble.GIVEN_UP)

    assert [counts(row) for row in await alarms_of(database)][3:] == [{"given_up": 1}]


async def test_troubles_at_once_are_all_told(database: Database) -> None:
    alarms = Alarms(OPERATOR)

    await asyncio.gather(*(tell(database, alarms, Trouble.GIVEN_UP) for _ in range(12)))

    rows = await alarms_of(database)
    assert sum(counts(row)["given_up"] for row in rows) == 12
    moments = sorted(row.due_at for row in rows)
    assert all(later - earlier >= APART for earlier, later in pairwise(moments))


@sqlite_only
@pytest.mark.parametrize("seed", range(3))
async def test_busy_day_tells_everything_within_the_hour(
    database: Database, clock: SteppingClock, seed: int
) -> None:
    alarms, chance, begin = Alarms(OPERATOR), random.Random(seed), clock.now()
    happened: list[datetime] = []
    told: list[tuple[datetime, int]] = []
    while clock.now() < begin + timedelta(hours=30):
        clock.step(minutes=5)
        if clock.now() < begin + timedelta(hours=28) and chance.random() < 0.2:
            await tell(database, alarms, Trouble.PARKED)
            happened.append(clock.now())
        for row in await alarms_of(database):
            if row.state == "due" and row.due_at <= clock.now():
                await mark(database, row.id, "sent")
                told.append((clock.now(), counts(row)["parked"]))

    assert sum(number for _, number in told) == len(happened)
    moments = [moment for moment, _ in told]
    assert all(later - earlier >= APART for earlier, later in pairwise(moments))
    for number, moment in enumerate(happened, start=1):
        heard = next(at for at in moments if _told_by(told, at) >= number)
        assert heard - moment <= APART


def _told_by(told: list[tuple[datetime, int]], moment: datetime) -> int:
    return sum(number for at, number in told if at <= moment)


@pytest.mark.parametrize("has_left", [True, False])
async def test_trouble_while_an_alarm_is_sent_makes_no_second_within_the_hour(
    database: Database, clock: SteppingClock, has_left: bool
) -> None:
    alarms = Alarms(OPERATOR)
    await tell(database, alarms, Trouble.PARKED)
    clock.step(hours=3)
    async with database.write() as uow:
        (sending,) = await uow.outbox.claim(["email"], clock.now(), limit=1, seconds=20)
    await tell(database, alarms, Trouble.PARKED, Trouble.LATE)

    clock.step(seconds=30)
    async with database.write() as uow:
        if has_left:
            await uow.outbox.sent(sending.id, clock.now())
        else:
            await uow.outbox.retry(sending.id, clock.now(), "mail_server_unavailable")
        await alarms.tried(uow, clock.now(), sending.key, has_left=has_left)

    first, second = await alarms_of(database)
    if has_left:
        assert second.due_at == clock.now() + APART
        assert counts(second) == {"parked": 1, "late": 1}
    else:
        assert first.state == "cancelled"
        assert counts(second) == {"parked": 2, "late": 1}


# What never causes an alarm


async def test_alarm_that_cannot_leave_causes_none(
    database: Database, clock: SteppingClock
) -> None:
    alarms = Alarms(OPERATOR)
    await tell(database, alarms, Trouble.PARKED)
    (row,) = await alarms_of(database)

    async with database.write() as uow:
        await uow.outbox.give_up(row.id, clock.now(), "rejected_550")
        await alarms.given_up(uow, clock.now(), row.key, "rejected_550")

    assert len(await alarms_of(database)) == 1


async def test_what_a_lost_alarm_said_is_said_again(
    database: Database, clock: SteppingClock
) -> None:
    alarms = Alarms(OPERATOR)
    await tell(database, alarms, Trouble.PARKED, Trouble.PARKED)
    await mark(database, (await alarms_of(database))[0].id, "given_up")
    clock.step(hours=3)

    await tell(database, alarms, Trouble.GIVEN_UP)

    assert counts((await alarms_of(database))[1]) == {"parked": 2, "given_up": 1}


async def test_without_address_there_is_a_log_line(database: Database) -> None:
    with capture_logs() as logs:
        await tell(database, Alarms(None), Trouble.GIVEN_UP)

    assert await alarms_of(database) == []
    assert [(line["event"], line["trouble"]) for line in logs] == [
        ("operator_not_told", "given_up")
    ]


async def test_refused_token_is_told_once(database: Database, clock: SteppingClock) -> None:
    alarms = Alarms(OPERATOR)

    for _ in range(5):
        async with database.write() as uow:
            await alarms.token_refused(uow, clock.now())

    (row,) = await alarms_of(database)
    assert counts(row) == {"token_refused": 1}
    assert "WEGWIJZER_TELEGRAM_TOKEN" in " ".join(row.payload["paragraphs"])


# From where it happens


class Ends:
    """A sender whose sends all end in one way."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    async def send(self, row: OutboxRow) -> Outcome:
        return Sent() if row.key.startswith("alarm:") else self._outcome


@pytest.fixture
async def mailed(database: Database, smtp_server: SmtpTestServer) -> AsyncIterator[None]:
    """Deliver e-mail by SMTP, while messages by Telegram are refused."""
    mailer = SmtpMailer(f"smtp://localhost:{smtp_server.port}")
    email = EmailSender(database, mailer, "wegwijzer@sto.example", database.clock, made_book())
    senders = {"email": email, "telegram": Ends(GiveUp("bad_request"))}
    worker = DeliveryWorker(database, database.clock, senders, Bell(), Alarms(OPERATOR))
    running = asyncio.create_task(worker.run())
    yield
    running.cancel()
    await asyncio.wait({running})


@pytest.mark.usefixtures("mailed")
async def test_given_up_delivery_becomes_a_mail(
    database: Database, clock: SteppingClock, smtp_server: SmtpTestServer
) -> None:
    secret = "Docent Voorbeeld, docent@school.example"
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, "5551234")
        payload = {"text": secret, "choices": []}
        delivery = Delivery("turn:1:0", "telegram", "5551234", payload, talk.id)
        await uow.outbox.add(delivery, clock.now())

    (mail,) = await asyncio.to_thread(smtp_server.wait_for, 1)

    assert mail.recipients == (OPERATOR,)
    text = mail.message.get_body(("plain",)).get_content()
    assert "wegwijzer deliveries failed" in text
    assert "1 bezorging is opgegeven" in mail.message["Subject"]
    raw = mail.raw.decode()
    assert [word for word in (*secret.split(), "5551234") if word in raw + text] == []


@pytest.mark.parametrize("outcome", [ChannelClosed("blocked"), GiveUp("plan_is_gone")])
async def test_person_who_left_is_no_trouble(
    database: Database, clock: SteppingClock, outcome: Outcome
) -> None:
    worker = DeliveryWorker(database, clock, {"telegram": Ends(outcome)}, Bell(), Alarms(OPERATOR))
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, "1")
        await uow.outbox.add(Delivery("turn:1:0", "telegram", "1", {}, talk.id), clock.now())
    running = asyncio.create_task(worker.run())

    await worker.drain("telegram", 5)
    running.cancel()
    await asyncio.wait({running})

    assert [row.state for row in await stored(database, outbox)] == ["given_up"]
    assert await alarms_of(database) == []


async def test_parked_message_alarms_with_numbers_only(chats: ChatMaker) -> None:
    async with chats.run(operator_email=OPERATOR) as chat:
        await park(chat, "mijn geheime leerling")
        (row,) = await until_alarmed(chat.database)

    assert counts(row) == {"parked": 1}
    assert "wegwijzer inbox parked" in str(row.payload)
    assert [word for word in ("geheime", "leerling") if word in str(row.payload)] == []


async def park(chat: Chat, text: str) -> None:
    user = chat.world.user()
    chat.rasa.twist(How.ERROR, times=MOST_FAILURES)
    user.send_text(text)
    for count in range(1, MOST_FAILURES + 1):
        await chat.rasa.wait_for_turns(count)
        await user.wait_for("bewaard")
        chat.leap(seconds=60)
    await user.wait_for("met andere woorden")


@sqlite_only
async def test_refused_token_becomes_an_alarm(chats: ChatMaker, world: TelegramWorld) -> None:
    world.is_token_revoked = True

    async with chats.start(operator_email=OPERATOR) as chat:
        rows = await until_alarmed(chat.database)

    assert [counts(row) for row in rows] == [{"token_refused": 1}]


@sqlite_only
async def test_token_refused_while_running_is_told(chats: ChatMaker, world: TelegramWorld) -> None:
    async with chats.run(operator_email=OPERATOR) as chat:
        user = chat.world.user()
        await user.ask("hallo")

        world.is_token_revoked = True
        user.send_text("nog een vraag")
        rows = await until_alarmed(chat.database)

    assert [counts(row) for row in rows] == [{"token_refused": 1}]


async def until_alarmed(database: Database) -> list[Row[Any]]:
    for _ in range(200):
        rows = await alarms_of(database)
        if rows:
            return rows
        await asyncio.sleep(0.05)
    raise TimeoutError
