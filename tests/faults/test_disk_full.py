"""A full disk: reading goes on, nothing is confirmed, and it goes on by itself when there is room.

A real disk cannot be filled wherever these tests run; a limit on the size of files can be set
everywhere, also of a process that runs.
"""

from __future__ import annotations

import asyncio
import errno
import io
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
import structlog
from sqlalchemy import event
from structlog.testing import capture_logs

from bot.chat.intake import Intake
from bot.domain.inbox import Channel, Incoming, Kind
from bot.logs import set_up_logs
from bot.services.bell import Bell
from bot.storage.database import Database
from bot.storage.tables import inbox
from bot.texts.conversation import HELP, NOT_YET
from tests.botapi import TOKEN, BotApiServer, Received, TelegramWorld
from tests.clocks import SteppingClock
from tests.faults.databases import sqlite_of
from tests.harness import RunningApp, free_port
from tests.integration.fake_rasa import FakeRasa
from tests.integration.running_chat import sqlite_only, stored
from tests.person import made_book

pytest_plugins = ["tests.integration.chat_fixtures"]

WITHIN = 60.0
#: What the log may still write while nothing else can be.
FOR_THE_LOG = 200_000


@pytest.fixture
def process(telegram: BotApiServer, fake_rasa: FakeRasa, tmp_path: Path) -> Iterator[RunningApp]:
    """The app as a process of its own, running."""
    settings = {
        "WEGWIJZER_TELEGRAM_TOKEN": TOKEN,
        "WEGWIJZER_TELEGRAM_API_URL": telegram.url,
        "WEGWIJZER_RASA_URL": fake_rasa.url,
        "WEGWIJZER_RASA_TOKEN": fake_rasa.token,
    }
    app = RunningApp(tmp_path / "var", free_port(), settings)
    fake_rasa.action_url = f"{app.base_url}/rasa/actions"
    app.start()
    yield app
    app.kill()


def allow(app: RunningApp, size: int) -> None:
    """Let no file of the app become larger than this."""
    assert app.process
    resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def helps(messages: Sequence[Received]) -> int:
    return sum(message.text.startswith(HELP) for message in messages)


async def ready(app: RunningApp, wanted: int) -> None:
    """Return when /readyz answers `wanted`."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(300):
            if (await client.get(f"{app.base_url}/readyz")).status_code == wanted:
                return
            await asyncio.sleep(0.2)
    raise TimeoutError(f"/readyz did not answer {wanted}")


async def test_full_disk_confirms_nothing_and_recovers_by_itself(
    process: RunningApp, world: TelegramWorld
) -> None:
    user = world.user()
    await user.ask("/help", within=WITHIN)
    await ready(process, 200)
    before, confirmed = list(user.received), world.confirmed
    log = process.folder / "app.log"
    files = sum(path.stat().st_size for path in process.folder.glob("wegwijzer.db*"))
    full = log.stat().st_size + FOR_THE_LOG
    assert full < files

    allow(process, full)
    user.send_text("/help")
    await user.wait_for(NOT_YET, WITHIN)
    async with httpx.AsyncClient(trust_env=False) as client:
        page = await client.get(f"{process.base_url}/")
    await ready(process, 503)
    while_full = world.confirmed - confirmed
    allow(process, resource.RLIM_INFINITY)
    await user.wait_for(lambda got: helps(got) == 2, WITHIN)
    await world.wait_for(lambda now: len(now.confirmed) == len(now.updates), WITHIN)
    await ready(process, 200)

    assert helps(before) == 1
    assert page.status_code == 200
    assert while_full == set()
    assert '"SQLITE_IOERR_WRITE"' in process.log or '"SQLITE_FULL"' in process.log
    assert sqlite_of(process).number("SELECT count(*) FROM inbox") == 2
    assert process.stop() == 0


@sqlite_only
async def test_full_database_refuses_whole_messages(
    database: Database, clock: SteppingClock
) -> None:
    """The same with SQLite's own word for it, and a message that does not fit."""
    pages = [0]

    def limit(connection: object, *_more: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count={pages[0] or 2**30}")
        cursor.close()

    event.listen(database.engine.sync_engine, "checkout", limit)
    intake = Intake(database, clock, Bell(), made_book().signer)
    messages = [
        Incoming(Channel.WEB, "1", f"k{number}", Kind.TEXT, f"{number}" * 50_000)
        for number in range(3)
    ]
    await intake.store(messages[:1])
    pages[0] = 1

    with capture_logs() as logs, pytest.raises(Exception, match="full"):
        await intake.store(messages[1:])
    while_full = [row.key for row in await stored(database, inbox)]
    pages[0] = 0
    await intake.store(messages[1:])

    assert while_full == ["k0"]
    assert {"event": "database_failed", "code": "SQLITE_FULL", "log_level": "error"} in logs
    assert [row.key for row in await stored(database, inbox)] == ["k0", "k1", "k2"]


def test_log_that_takes_no_more_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    class Full(io.StringIO):
        def write(self, text: str) -> int:
            tried.append(text)
            raise OSError(errno.ENOSPC, "No space left on device")

    set_up_logs("INFO")
    monkeypatch.setattr(sys, "stderr", Full())

    structlog.get_logger().error("turn_failed")

    assert "turn_failed" in tried[0]
