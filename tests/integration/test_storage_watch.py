"""Nothing can be stored: /readyz says so, and the operator hears it past the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from bot.delivery.smtp import SmtpMailer
from bot.delivery.urgent_mail import UrgentMail
from bot.services.storage_watch import APART, EVERY, PATIENCE, StorageWatch
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.integration.smtp_server import SmtpTestServer
from tests.person import made_book

pytest_plugins = ["tests.integration.mail_fixtures"]

OPERATOR = "beheer@example.org"
READ_ONLY = {
    "sqlite": ("PRAGMA query_only=OFF", "PRAGMA query_only=ON"),
    "postgresql": ("SET TRANSACTION READ WRITE", "SET TRANSACTION READ ONLY"),
}


@pytest.fixture
def full(database: Database) -> list[bool]:
    """While this holds something, the database takes nothing in; reading works."""
    is_full: list[bool] = []

    def limit(connection: Any, *_more: object) -> None:
        cursor = connection.cursor()
        cursor.execute(READ_ONLY[database.engine.dialect.name][bool(is_full)])
        cursor.close()

    event.listen(database.engine.sync_engine, "checkout", limit)
    return is_full


@pytest.fixture
def watching(database: Database, clock: SteppingClock) -> Callable[..., StorageWatch]:
    def make(port: int, operator: str | None = OPERATOR) -> StorageWatch:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
        mail = UrgentMail(mailer, "wegwijzer@sto.example", operator, clock, made_book())
        return StorageWatch(database, clock, mail.send)

    return make


async def look_for(watch: StorageWatch, clock: SteppingClock, time: timedelta) -> None:
    end = clock.now() + time
    while clock.now() < end:
        clock.step(seconds=EVERY.total_seconds())
        await watch.look()


async def test_operator_hears_once_an_hour_that_nothing_is_stored(
    watching, full, clock: SteppingClock, smtp_server: SmtpTestServer
) -> None:
    watch = watching(smtp_server.port)
    await watch.look()
    could = watch.can_store
    full.append(True)

    await look_for(watch, clock, PATIENCE)
    at_first = (watch.can_store, len(smtp_server.received))
    await look_for(watch, clock, EVERY)
    (mail,) = smtp_server.received
    await look_for(watch, clock, APART - EVERY)
    within_the_hour = len(smtp_server.received)
    await look_for(watch, clock, EVERY)
    after_the_hour = len(smtp_server.received)
    full.clear()
    await look_for(watch, clock, EVERY)

    assert could
    assert at_first == (False, 0)
    assert (mail.sender, mail.recipients) == ("wegwijzer@sto.example", (OPERATOR,))
    assert mail.message["Subject"] == "Grijp in: de wegwijzer kan niets opslaan"
    assert "Sinds zo 22 november, 10:00 kan" in mail.message.get_body(("plain",)).get_content()
    assert (within_the_hour, after_the_hour) == (1, 2)
    assert watch.can_store


async def test_short_trouble_is_no_alarm(
    watching, full, clock: SteppingClock, smtp_server: SmtpTestServer
) -> None:
    watch = watching(smtp_server.port)
    for _ in range(5):
        full.append(True)
        await look_for(watch, clock, PATIENCE - EVERY)
        full.clear()
        await look_for(watch, clock, EVERY)

    assert smtp_server.received == []


async def test_mail_that_did_not_leave_is_tried_again(
    watching, full, clock: SteppingClock, smtp_server: SmtpTestServer
) -> None:
    watch = watching(smtp_server.port)
    full.append(True)
    smtp_server.script("MAIL", "451 later", "451 later")

    with capture_logs() as logs:
        await look_for(watch, clock, PATIENCE + 4 * EVERY)

    assert [log["event"] for log in logs].count("operator_not_told") == 2
    assert len(smtp_server.received) == 1


async def test_without_an_address_the_log_tells(
    watching, full, clock: SteppingClock, smtp_server: SmtpTestServer
) -> None:
    full.append(True)

    with capture_logs() as logs:
        await look_for(watching(smtp_server.port, None), clock, PATIENCE + 4 * EVERY)

    assert {
        "event": "operator_not_told",
        "trouble": "nothing_stored",
        "log_level": "error",
    } in logs
    assert smtp_server.received == []
