"""A thousand secrets go through the app, and none is found where it does not belong."""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from typer.testing import CliRunner

from bot.bootstrap_mail import make_mailer
from bot.cli import app as cli
from bot.config import Settings, read_settings
from bot.delivery.mail_sender import EmailSender
from bot.delivery.outcomes import Retry
from bot.domain.errors import SettingsError
from bot.domain.notices import Notice
from bot.domain.plan import Plan
from bot.logs import set_up_logs
from bot.services.review import ReviewDesk
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.web import chat_talk
from tests.clocks import SteppingClock
from tests.harness import ROOT, free_port
from tests.integration.running_chat import sqlite_only
from tests.mails import build
from tests.person import Person, made_book
from tests.reviews import add_contacts, handed_over
from tests.security.whole_app import (
    RASA_TOKEN,
    WEBHOOK_SECRET,
    Sender,
    WholeApp,
    make_app,
)
from tests.summaries import make_answer, make_summary

#: How many secrets go which way; together a thousand.
SETTINGS, DOCTOR, WRONG_SETTINGS = 300, 60, 60
CHATS, NOTES, UPDATES, CALLS, ADDRESSES, MAILS, LOGGED = 120, 60, 120, 120, 60, 60, 40
NAMES = (
    "TELEGRAM_TOKEN",
    "TELEGRAM_WEBHOOK_SECRET",
    "RASA_TOKEN",
    "LINK_SECRET",
    "SMTP_URL",
    "DATABASE_URL",
)


class Canaries:
    """Makes secrets, and looks for them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self) -> str:
        self.made.append(f"kanarie{secrets.token_hex(20)}")
        return self.made[-1]

    def found_in(self, text: str) -> list[str]:
        # Half a secret is a leak too.
        return [one for one in self.made if one[:24] in text or one[-24:] in text]


@pytest.fixture
def canary() -> Canaries:
    return Canaries()


@pytest.fixture
def logs(capfd: pytest.CaptureFixture[str]) -> None:
    """Log as the app does, at its most talkative, to the standard error that a test reads."""
    # Setting up closes what was there, and those are of the test runner.
    logging.getLogger().handlers.clear()
    set_up_logs("DEBUG")


@pytest.fixture
def web(
    database: Database, clock: SteppingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> WholeApp:
    monkeypatch.setattr(chat_talk, "NEWS_SECONDS", 0.01)
    return make_app(database, clock, tmp_path)


def setting(name: str, canary: str) -> str:
    if name == "SMTP_URL":
        return f"smtps://naam:{canary}@127.0.0.1:9"
    if name == "DATABASE_URL":
        return f"postgresql+psycopg://naam:{canary}@127.0.0.1:9/wegwijzer"
    return canary


def test_there_are_a_thousand() -> None:
    ways = (
        SETTINGS,
        DOCTOR,
        WRONG_SETTINGS,
        CHATS,
        NOTES,
        UPDATES,
        CALLS,
        ADDRESSES,
        MAILS,
        LOGGED,
    )

    assert sum(ways) == 1000


def test_search_finds_what_is_there(canary: Canaries) -> None:
    one, other = canary(), canary()

    assert canary.found_in(f"... {one[:30]} ...") == [one]
    assert canary.found_in(f"... {other} ...") == [other]


def test_settings_are_never_printed(
    canary: Canaries,
    tmp_path: Path,
    logs: None,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = ""
    for _ in range(SETTINGS // len(NAMES)):
        for name in NAMES:
            monkeypatch.setenv(f"WEGWIJZER_{name}", setting(name, canary()))
        used = read_settings()
        structlog.get_logger().info("settings", settings=used, every=used.model_dump())
        shown += f"{used!r} {used} {used.model_dump()} {used.model_dump_json()}"

    assert len(canary.made) == SETTINGS
    assert canary.found_in(shown + capfd.readouterr().err) == []


def test_doctor_says_no_secret(
    canary: Canaries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEGWIJZER_HOME", str(ROOT))
    monkeypatch.setenv("WEGWIJZER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "250")
    said = ""
    for _ in range(DOCTOR // len(NAMES)):
        for name in NAMES:
            monkeypatch.setenv(f"WEGWIJZER_{name}", setting(name, canary()))
        result = CliRunner().invoke(cli, ["doctor"])
        assert "Telegram staat aan" in result.output
        said += result.output + repr(result.exception)

    assert len(canary.made) == DOCTOR
    assert canary.found_in(said) == []


def test_wrong_setting_is_refused_without_its_value(
    canary: Canaries, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ""
    for name in itertools.islice(
        itertools.cycle(("PORT", "PUBLIC_URL", "SMTP_URL")), WRONG_SETTINGS
    ):
        wrong = f"ftp://naam:{canary()}@server"
        with monkeypatch.context() as patch:
            patch.setenv(f"WEGWIJZER_{name}", wrong)
            with pytest.raises(SettingsError) as error:
                make_mailer(read_settings())
        said += repr(error.value)

    assert len(canary.made) == WRONG_SETTINGS
    assert canary.found_in(said) == []


@sqlite_only
async def test_failing_doors_tell_nothing(
    canary: Canaries, web: WholeApp, logs: None, capfd: pytest.CaptureFixture[str]
) -> None:
    sender, pages = Sender(web.app), ""
    cookie = [("cookie", f"wegwijzer={'x' * 43}"), ("origin", "https://wegwijzer.example")]
    telegram = [("x-telegram-bot-api-secret-token", WEBHOOK_SECRET)]
    rasa = [("authorization", f"Bearer {RASA_TOKEN}")]
    doors = [
        *itertools.repeat(("/chat/messages", cookie, "text=%s"), CHATS),
        *itertools.repeat(("/telegram", telegram, '{"update_id": 1, "text": "%s"}'), UPDATES),
        *itertools.repeat(("/rasa/actions", rasa, '{"next_action": "x", "text": "%s"}'), CALLS),
    ]
    for path, headers, body in doors:
        said = canary()
        web.trouble = f"INSERT failed: {said}"
        web.let_a_minute_pass()
        answer = await sender.ask("POST", path, headers, (body % said).encode())
        assert answer.status in (500, 503)
        # The chat gives back what was typed, so that it can be sent again: only there, only then.
        pages += (
            answer.everything.replace(said, "", 1)
            if path == "/chat/messages"
            else answer.everything
        )
    for number in range(ADDRESSES):
        said = canary()
        web.trouble = f"connect to {said}"
        path = ("/readyz", "/healthz", "/", f"/l/{said}", f"/postvak/{said}")[number % 5]
        answer = await sender.ask("GET", path, [("cookie", f"wegwijzer={said[:43]}")])
        # Who opens a link that does not work can ask a new one with its word.
        pages += (
            answer.everything.replace(said, "", 1) if path.startswith("/l/") else answer.everything
        )

    lines = capfd.readouterr().err
    assert len(canary.made) == CHATS + UPDATES + CALLS + ADDRESSES
    assert lines.count("message_not_stored") == CHATS
    assert lines.count("update_not_stored") == UPDATES
    assert lines.count("action_failed") == CALLS
    assert canary.found_in(lines) == []
    assert canary.found_in(pages) == []


@sqlite_only
async def test_failing_page_behind_a_link_tells_nothing(
    canary: Canaries,
    web: WholeApp,
    logs: None,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    await add_contacts(web.database)
    plan: Plan = await handed_over(Person(web.database, web.services, web.clock))
    pages = ""

    async def broken(*_given: object) -> None:
        raise OSError(f"UPDATE plan SET text = {canary.made[-1]}")

    monkeypatch.setattr(ReviewDesk, "act", broken)
    async with web.visitor(await web.review_link(plan.id)) as browser:
        form = browser.hidden("note")
        for _ in range(NOTES):
            text = canary()
            page = await browser.client.post(browser.home, data={**form, "text": text})
            assert page.status_code == 503
            # What was typed is given back once, to be sent again.
            pages += page.text.replace(text, "", 1)

    lines = capfd.readouterr().err
    assert lines.count("desk_page_failed") == NOTES == len(canary.made)
    assert canary.found_in(lines + pages) == []


@sqlite_only
async def test_failing_mail_tells_nothing(
    canary: Canaries,
    database: Database,
    clock: SteppingClock,
    logs: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    said = ""
    for number in range(MAILS // 4):
        notice = Notice(f"Plan {canary()}", (canary(),), None, "", f"{canary()}@school.example")
        password = canary()
        settings = Settings(
            _env_file=None, smtp_url=f"smtps://naam:{quote(password)}@127.0.0.1:{free_port()}"
        )
        mailer, _ = make_mailer(settings)
        sender = EmailSender(database, mailer, "sto@sto.example", clock, made_book())
        payload = {**notice.to_dict(), "kind": "notice"}
        row = row_of(number, payload)
        outcome = await sender.send(row)
        assert isinstance(outcome, Retry)
        said += f"{outcome!r} {sender!r} {mailer!r} {settings!r}"

    assert len(canary.made) == MAILS
    assert canary.found_in(said + capfd.readouterr().err) == []


def row_of(number: int, payload: dict[str, object]) -> OutboxRow:
    return OutboxRow(
        id=number,
        key=f"notice:{number}",
        channel="email",
        address="regio@assen.example",
        conversation_id=None,
        plan_id=None,
        payload=payload,
        tries=1,
        parts_sent=0,
    )


async def test_errors_that_libraries_log_say_no_text(
    canary: Canaries, logs: None, capfd: pytest.CaptureFixture[str]
) -> None:
    async def fail(text: str) -> None:
        raise RuntimeError(text) from ValueError(text)

    for number in range(LOGGED):
        text = canary()
        if number % 2:
            try:
                await fail(text)
            except RuntimeError:
                logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
        else:
            loop = asyncio.get_running_loop()
            loop.default_exception_handler(
                {"message": "Task exception was never retrieved", "exception": RuntimeError(text)}
            )

    lines = capfd.readouterr().err
    assert lines.count("Exception in ASGI application") == LOGGED // 2
    assert lines.count("never retrieved") == LOGGED // 2
    assert canary.found_in(lines) == []


def test_plan_stays_out_of_what_a_mail_is_called(canary: Canaries) -> None:
    summary = make_summary(answers=(make_answer(canary()),), teacher_name=canary())

    message = build(replace(summary, school=canary()))

    names = [part.get_filename() for part in message.iter_attachments()]
    assert canary.found_in(f"{message['Message-ID']} {names} {message!r}") == []
