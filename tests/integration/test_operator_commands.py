"""What the beheerder does when something went wrong: look, try again, or let it rest."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, update

from bot.chat.turn_taker import MOST_FAILURES
from bot.delivery.mail_sender import EmailSender
from bot.delivery.smtp import SmtpMailer
from bot.delivery.worker import DeliveryWorker
from bot.domain.conversation import Delivery
from bot.domain.errors import StaleAttemptError
from bot.domain.notices import Notice
from bot.domain.turn import Reply
from bot.services.bell import Bell
from bot.services.turns import Work
from bot.storage.database import Database
from bot.storage.tables import answer, inbox, outbox
from bot.texts import conversation as words
from tests.botapi import User
from tests.clocks import SteppingClock
from tests.integration.fake_rasa import How
from tests.integration.operator_cli import OperatorCli, operator_cli
from tests.integration.running_chat import Chat, sqlite_only, stored
from tests.integration.smtp_server import SmtpTestServer
from tests.person import Person, made_book, make_services, write_plan

pytest_plugins = ["tests.integration.chat_fixtures", "tests.integration.mail_fixtures"]

CANARY = "leerling [bold]Canary[/bold] is ziek"


@pytest.fixture
def cli(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OperatorCli:
    return operator_cli(tmp_path, database.url, monkeypatch)


async def person_of(database: Database) -> Person:
    return Person(database, make_services(database, database.clock), database.clock)


async def parked(person: Person, text: str, failures: int = 5) -> int:
    """Let a message arrive and be put aside; give its number."""
    number, _ = await person.arrive(text)
    async with person.database.engine.begin() as connection:
        await connection.execute(
            update(inbox).where(inbox.c.id == number).values(state="parked", failures=failures)
        )
    return number


async def row_of(database: Database, number: int) -> Row[Any]:
    return next(row for row in await stored(database, inbox) if row.id == number)


async def queue(database: Database, *deliveries: Delivery, state: str) -> list[int]:
    async with database.write() as uow:
        for delivery in deliveries:
            await uow.outbox.add(delivery, database.clock.now())
    async with database.engine.begin() as connection:
        await connection.execute(
            update(outbox).values(state=state, tries=7, problem="rejected_550")
        )
    return [row.id for row in await stored(database, outbox)]


def mail_to(address: str, key: str = "event:1") -> Delivery:
    notice = Notice("Nieuws", ("Er is nieuws.",)).to_dict()
    return Delivery(key, "email", address, {"kind": "notice", "plan_id": None, **notice})


# Messages that were put aside


async def test_list_shows_no_text_unless_asked(database: Database, cli: OperatorCli) -> None:
    number = await parked(await person_of(database), CANARY)

    plain = await cli.run("inbox", "parked")
    shown = await cli.run("inbox", "parked", "--show-text")

    assert [word for word in (str(number), "telegram", "22-11-2026 10:00", "5 keer", "ja")
            if word not in plain.stdout] == []  # fmt: skip
    assert "Canary" not in plain.output
    assert CANARY in shown.stdout
    assert "persoonsgegevens" in shown.stderr


async def test_nothing_put_aside_is_said(cli: OperatorCli) -> None:
    assert await cli.says("inbox", "parked") == "Er zijn geen berichten blijven liggen."
    assert await cli.says("inbox", "retry", "--all") == "Opnieuw aangeboden: 0."


async def test_retry_starts_anew_and_fences_what_was(database: Database, cli: OperatorCli) -> None:
    person = await person_of(database)
    number = await parked(person, "mijn idee")
    before = await row_of(database, number)

    said = await cli.says("inbox", "retry", str(number))

    row = await row_of(database, number)
    assert said == "Opnieuw aangeboden: 1."
    assert (row.state, row.failures, row.retry_at) == ("new", 0, None)

    async def late(_work: Work) -> list[Reply]:
        raise AssertionError

    with pytest.raises(StaleAttemptError):
        await person.services.runner.run(number, before.attempt, late)


async def test_retry_tells_the_person_which_message(database: Database, cli: OperatorCli) -> None:
    number = await parked(await person_of(database), "mijn idee")

    await cli.says("inbox", "retry", str(number))

    (row,) = await stored(database, outbox)
    assert row.payload["text"] == words.RETRIED.format(date="22-11", time="10:00")
    assert row.state == "due"


@pytest.mark.parametrize("arguments", [(), ("7", "--all")])
@pytest.mark.parametrize("command", [("inbox", "retry"), ("deliveries", "resend")])
@sqlite_only
async def test_one_number_or_everything_is_named(
    cli: OperatorCli, command: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    assert "--all" in await cli.refuses(*command, *arguments)


@sqlite_only
async def test_message_that_was_answered_is_not_retried(
    database: Database, cli: OperatorCli
) -> None:
    person = await person_of(database)
    await person.do(person.services.welcome.greet, "hallo")
    (row,) = await stored(database, inbox)

    assert str(row.id) in await cli.refuses("inbox", "retry", str(row.id))
    assert (await row_of(database, row.id)).state == "done"


async def test_old_answer_never_replaces_a_newer_one(database: Database, cli: OperatorCli) -> None:
    person = await person_of(database)
    await write_plan(person, until="doelen")
    number = await parked(person, "mijn eerste doel")
    await person.answer("mijn betere doel")

    shown = await cli.says("inbox", "parked")
    said = await cli.says("inbox", "retry", "--all")

    assert "nee: het gesprek ging al verder" in shown
    assert said.startswith(f"Opnieuw aangeboden: 0. Niet opnieuw aangeboden: {number}.")
    assert (await row_of(database, number)).state == "parked"


async def test_answer_that_is_still_missing_is_retried(
    database: Database, cli: OperatorCli
) -> None:
    person = await person_of(database)
    await write_plan(person, until="doelen")
    number = await parked(person, "mijn doel")
    await person.do(person.services.intake.skip, "sla over")

    said = await cli.says("inbox", "retry", str(number))
    attempt = (await row_of(database, number)).attempt
    await person.services.runner.run(number, attempt, person.services.answers.answer)

    assert said == "Opnieuw aangeboden: 1."
    given = [row.text for row in await stored(database, answer) if row.step == "doelen"]
    assert given == [None, "mijn doel"]


async def test_old_button_is_not_pressed_later(database: Database, cli: OperatorCli) -> None:
    person = await person_of(database)
    await write_plan(person)
    number = await parked(person, "Versturen")
    await person.do(person.services.intake.overview, "overzicht")

    await cli.says("inbox", "retry", "--all")

    assert (await row_of(database, number)).state == "parked"
    assert [row for row in await stored(database, outbox) if row.channel == "email"] == []


async def test_message_that_rests_leaves_the_list(database: Database, cli: OperatorCli) -> None:
    number = await parked(await person_of(database), CANARY)

    assert await cli.says("inbox", "drop", str(number)) == "Van de lijst gehaald: 1."

    assert await cli.says("inbox", "parked") == "Er zijn geen berichten blijven liggen."
    assert (await row_of(database, number)).text == CANARY


async def park_in(chat: Chat, user: User, text: str, *, again: bool = False) -> None:
    chat.rasa.twist(How.ERROR, times=MOST_FAILURES)
    before = len(chat.rasa.calls)
    if not again:
        user.send_text(text)
    for count in range(1, MOST_FAILURES + 1):
        await chat.rasa.wait_for_turns(before + count)
        await asyncio.sleep(0.1)
        chat.leap(seconds=60)


async def test_running_app_takes_it_up_by_itself(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = operator_cli(tmp_path, chat.database.url, monkeypatch)
    user = chat.world.user()
    await park_in(chat, user, "wat is dit")
    await user.wait_for("met andere woorden")

    assert await cli.says("inbox", "retry", "--all") == "Opnieuw aangeboden: 1."
    await user.wait_for("lag nog bij de beheerder")
    await chat.rasa.wait_for_turns(MOST_FAILURES + 1)

    assert chat.rasa.said == ["wat is dit"] * (MOST_FAILURES + 1)
    (row,) = await stored(chat.database, inbox)
    assert row.failures == 0


@sqlite_only
async def test_message_can_be_put_aside_again(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = operator_cli(tmp_path, chat.database.url, monkeypatch)
    user = chat.world.user()
    await park_in(chat, user, "wat is dit")
    await user.wait_for("met andere woorden")
    twist = chat.rasa.twist(How.ERROR, times=None)

    await cli.says("inbox", "retry", "--all")
    for count in range(MOST_FAILURES + 1, 2 * MOST_FAILURES + 1):
        await chat.rasa.wait_for_turns(count)
        await asyncio.sleep(0.1)
        chat.leap(seconds=60)
    await user.wait_for(
        lambda got: sum("met andere woorden" in message.text for message in got) == 2
    )
    twist.stop()

    assert [row.state for row in await stored(chat.database, inbox)] == ["parked"]


# Deliveries that were given up


async def test_failed_deliveries_hide_whose_they_are(database: Database, cli: OperatorCli) -> None:
    person = await person_of(database)
    await write_plan(person)
    await person.do(person.services.hand_over.send, "versturen")
    await queue(database, mail_to("programma@regio.example"), state="given_up")

    hidden = await cli.says("deliveries", "failed")
    shown = await cli.says("deliveries", "failed", "--show-addresses")

    assert "p…@regio.example" in hidden
    assert "b…@example.org" in hidden
    assert "…001" in hidden
    assert [text for text in ("programma@", "beheer@", "1001", "Drones") if text in hidden] == []
    assert [text for text in ("programma@", "beheer@", "1001") if text not in shown] == []
    assert "plan naar de regio" in hidden
    assert "STO-2026-0001" in hidden
    assert "de mailserver weigert het (550)" in hidden


async def test_resend_gives_new_tries_under_the_old_key(
    database: Database, cli: OperatorCli
) -> None:
    (number,) = await queue(database, mail_to("pm@regio.example"), state="given_up")

    await cli.says("deliveries", "resend", str(number))

    (row,) = await stored(database, outbox)
    assert (row.state, row.tries, row.problem, row.key) == ("due", 0, None, "event:1")
    assert row.address == "pm@regio.example"


@pytest.mark.parametrize("state", ["sent", "sending", "due", "cancelled", "shown"])
@sqlite_only
async def test_only_what_was_given_up_is_sent_again(
    database: Database, cli: OperatorCli, state: str
) -> None:
    (number,) = await queue(database, mail_to("pm@regio.example"), state=state)

    refusal = await cli.refuses("deliveries", "resend", str(number))
    said = await cli.says("deliveries", "resend", "--all")

    assert "gaat niet nog eens" in refusal
    assert said.startswith("Opnieuw klaargezet: 0.")
    assert [row.state for row in await stored(database, outbox)] == [state]


async def test_resent_mail_keeps_its_message_id(
    database: Database, clock: SteppingClock, cli: OperatorCli, smtp_server: SmtpTestServer
) -> None:
    person = await person_of(database)
    await write_plan(person)
    await person.do(person.services.hand_over.send, "versturen")
    mailer = SmtpMailer(f"smtp://localhost:{smtp_server.port}")
    email = EmailSender(database, mailer, "wegwijzer@sto.example", clock, made_book())
    worker = DeliveryWorker(database, clock, {"email": email}, Bell())
    running = asyncio.create_task(worker.run())
    smtp_server.script("DATA", "550 no such person")
    assert await worker.drain("email", 10)
    (given_up,) = [row for row in await stored(database, outbox) if row.channel == "email"]
    clock.moment += timedelta(days=400)

    await cli.says("deliveries", "resend", str(given_up.id), "--to", "nieuw@regio.example")
    (mail,) = await asyncio.to_thread(smtp_server.wait_for, 1)
    assert await worker.drain("email", 10)
    again = await cli.refuses("deliveries", "resend", str(given_up.id))
    running.cancel()
    await asyncio.wait({running})

    assert given_up.state == "given_up"
    assert mail.recipients == ("nieuw@regio.example",)
    assert mail.message["Message-ID"] == f"<hand_over.{given_up.plan_id}@sto.example>"
    assert "gaat niet nog eens" in again


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("1", "--to", "geen adres"), "naam@organisatie.nl"),
        (("--all", "--to", "pm@regio.example"), "één nummer"),
        (("2", "--to", "pm@regio.example"), "bij een e-mail"),
        (("m3", "--to", "pm@regio.example"), "bij een e-mail"),
        (("één",), "geen nummer"),
        (("99",), "99"),
    ],
)
@sqlite_only
async def test_wrong_resend_changes_nothing(
    database: Database, cli: OperatorCli, arguments: tuple[str, ...], word: str
) -> None:
    chat = Delivery("turn:1:0", "telegram", "1001", {"text": "x", "choices": []})
    await queue(database, mail_to("oud@regio.example"), chat, state="given_up")

    assert word in await cli.refuses("deliveries", "resend", *arguments)

    rows = await stored(database, outbox)
    assert [(row.state, row.address) for row in rows] == [
        ("given_up", "oud@regio.example"),
        ("given_up", "1001"),
    ]


async def test_dropped_delivery_never_leaves(database: Database, cli: OperatorCli) -> None:
    numbers = await queue(
        database, mail_to("a@x.example"), mail_to("b@x.example", "event:2"), state="given_up"
    )

    await cli.says("deliveries", "drop", str(numbers[0]))

    assert [row.state for row in await stored(database, outbox)] == ["cancelled", "given_up"]


# The doctor


async def test_doctor_counts_what_waits(database: Database, cli: OperatorCli) -> None:
    await parked(await person_of(database), CANARY)
    await queue(database, mail_to("pm@regio.example"), state="given_up")

    said = " ".join((await cli.run("doctor")).stdout.split())

    assert "berichten die bleven liggen: 1. Kijk met `wegwijzer inbox parked`" in said
    assert "bezorgingen die zijn opgegeven: 1. Kijk met `wegwijzer deliveries failed`" in said
    assert [word for word in ("Canary", "pm@regio.example") if word in said] == []


async def test_doctor_says_when_nothing_waits(cli: OperatorCli) -> None:
    assert "bleven geen berichten of bezorgingen liggen" in (await cli.run("doctor")).stdout
