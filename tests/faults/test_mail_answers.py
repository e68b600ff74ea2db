"""What a mail server can answer, and a PDF that cannot be made: the plan comes, or is told of."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from structlog.testing import capture_logs

from bot.delivery import mail_files, pdf_in_time
from bot.delivery.pdf import PdfFailedError
from bot.delivery.worker import LATE_TRIES
from bot.domain.summary import PlanSummary
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.texts.my_plans import DELIVERY_STATES, UNDELIVERED
from tests.clocks import SteppingClock
from tests.faults.mail_office import OPERATOR, MailOffice, wrongs
from tests.harness import free_port
from tests.integration.running_chat import sqlite_only, stored
from tests.integration.smtp_server import CUT, HOST, Certificate, Received, SmtpTestServer
from tests.reviews import add_contacts

pytest_plugins = ["tests.integration.mail_fixtures"]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
async def office(
    database: Database, clock: SteppingClock, smtp_server: SmtpTestServer
) -> AsyncIterator[MailOffice]:
    await add_contacts(database, "manager")
    made = MailOffice(database, clock, smtp_server.port)
    async with made.open():
        yield made


def names(mail: Received) -> list[str | None]:
    return [part.get_filename() for part in mail.message.iter_attachments()]


@sqlite_only
@pytest.mark.parametrize("command", ["CONNECT", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["421 busy", "451 4.7.1 greylisted", "452 mailbox full"])
async def test_mail_refused_for_now_comes_once_later(
    office: MailOffice, smtp_server: SmtpTestServer, command: str, answer: str
) -> None:
    smtp_server.script(command, *[answer] * 3)

    await office.hand_over(1)
    for _ in range(4):
        await office.leap(minutes=31)

    assert wrongs(office.plans, smtp_server.received) == []
    assert smtp_server.connections == 4


async def test_mail_that_is_too_large_comes_without_its_pdf(
    office: MailOffice, smtp_server: SmtpTestServer
) -> None:
    smtp_server.script("DATA", "552 too large")

    await office.hand_over(1)
    await office.leap(seconds=0)

    (mail,) = smtp_server.received
    assert wrongs(office.plans, [mail]) == []
    assert names(mail) == [f"{office.plans[0].reference}.json"]
    assert "30% kiest techniek in 2027" in mail.message.get_body(("plain",)).get_content()


async def test_address_that_is_refused_is_told(
    office: MailOffice, smtp_server: SmtpTestServer
) -> None:
    smtp_server.script("RCPT", "550 no such user")

    await office.hand_over(1)
    await office.leap(seconds=0)
    await office.leap(seconds=1)
    (alarm,) = await asyncio.to_thread(smtp_server.wait_for, 1)

    assert alarm.recipients == (OPERATOR,)
    assert "1 bezorging is opgegeven" in alarm.message["Subject"]
    assert DELIVERY_STATES["given_up"] in await office.where_is(0)
    told = [row for row in await stored(office.database, outbox) if row.channel == "telegram"]
    sentence = UNDELIVERED.format(reference=office.plans[0].reference)
    assert [row.payload["text"] for row in told].count(sentence) == 1


async def test_answer_that_is_cut_off_gives_the_same_mail_again(
    office: MailOffice, smtp_server: SmtpTestServer
) -> None:
    smtp_server.script("DATA", CUT)

    await office.hand_over(1)
    await office.leap(seconds=0)
    await office.leap(seconds=2)

    # The check of "once" sees it; who reads mail does not, by its Message-ID.
    first, second = smtp_server.received
    assert wrongs(office.plans, [first, second]) == [f"{office.plans[0].reference} came 2 times"]
    assert first.message["Message-ID"] == second.message["Message-ID"]


def without_starttls(_certificate: Certificate, port: int) -> SmtpTestServer:
    return SmtpTestServer(port=port)


def with_bad_certificate(certificate: Certificate, port: int) -> SmtpTestServer:
    return SmtpTestServer(certificate=certificate, port=port)


def with_other_password(certificate: Certificate, port: int) -> SmtpTestServer:
    return SmtpTestServer(certificate=certificate, users={"wegwijzer": "nieuw"}, port=port)


@sqlite_only
@pytest.mark.parametrize(
    ("closed", "trusted"),
    [(without_starttls, True), (with_bad_certificate, False), (with_other_password, True)],
)
async def test_server_that_lets_nobody_in_gets_nothing_and_loses_nothing(
    database: Database,
    clock: SteppingClock,
    smtp_certificate: Certificate,
    host_resolves: None,
    monkeypatch: pytest.MonkeyPatch,
    closed: Callable[[Certificate, int], SmtpTestServer],
    trusted: bool,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(smtp_certificate.certificate))
    await add_contacts(database, "manager")
    port = free_port()
    office = MailOffice(database, clock, port, url=f"smtp://wegwijzer:oud@{HOST}:{port}")
    with closed(smtp_certificate, port) as server:
        async with office.open():
            await office.hand_over(1)
            for _ in range(LATE_TRIES):
                await office.leap(minutes=31)
        refused = list(server.received)
    rows = {row.key.partition(":")[0]: row for row in await stored(database, outbox)}
    monkeypatch.setenv("SSL_CERT_FILE", str(smtp_certificate.certificate))
    with SmtpTestServer(
        certificate=smtp_certificate, users={"wegwijzer": "oud"}, port=port
    ) as mended:
        async with office.open():
            await office.leap(minutes=35)

    assert refused == []
    assert rows["hand_over"].state == "due"
    assert rows["alarm"].payload["troubles"] == {"late": 1}
    assert wrongs(office.plans, mended.received) == []
    assert [mail.encrypted for mail in mended.received] == [True] * 2


def fail(_summary: PlanSummary) -> bytes:
    raise PdfFailedError


def run_out_of_memory(_summary: PlanSummary) -> bytes:
    raise MemoryError


def hang(_summary: PlanSummary) -> bytes:
    threading.Event().wait()
    raise AssertionError


@pytest.mark.parametrize("broken", [fail, run_out_of_memory, hang])
async def test_plan_leaves_as_text_when_its_pdf_cannot_be_made(
    office: MailOffice,
    smtp_server: SmtpTestServer,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[[PlanSummary], bytes],
) -> None:
    monkeypatch.setattr(mail_files, "render_pdf", broken)
    monkeypatch.setattr(pdf_in_time, "MOST_SECONDS", 0.3)

    await office.hand_over(1)
    await office.leap(seconds=0)

    (mail,) = smtp_server.received
    body = mail.message.get_body(("plain",)).get_content()
    assert wrongs(office.plans, [mail]) == []
    assert names(mail) == [f"{office.plans[0].reference}.json"]
    assert "https://wegwijzer.example/l/" in body
    assert "Wat als leerlingen zelf drones bouwen?" in body


@sqlite_only
async def test_greeting_that_sends_us_away_is_tried_again(
    office: MailOffice, smtp_server: SmtpTestServer
) -> None:
    smtp_server.script("CONNECT", "554 your address is on a list")

    await office.hand_over(1)
    await office.leap(seconds=0)
    await office.leap(seconds=2)

    assert wrongs(office.plans, smtp_server.received) == []
