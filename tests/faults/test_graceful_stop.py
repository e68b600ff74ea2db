"""Asked to stop with a full inbox and a slow Rasa: stopped in time, and nothing is lost."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.turn_taker import RASA_AT_ONCE
from tests.botapi import TOKEN, BotApiServer, TelegramWorld, User
from tests.faults.kill_run import Report
from tests.faults.sizes import size
from tests.faults.stored import Stored
from tests.harness import RunningApp, free_port
from tests.integration.fake_rasa import FakeRasa, How, Twist

WAITING = size(100, 500)
#: Messages of one person.
EACH = 10
#: What Docker waits before it kills.
PATIENCE = 10.0
#: Only the slow machine that the tests run on needs this.
WITHIN = 60.0


@pytest.fixture
def fake_rasa() -> Iterator[FakeRasa]:
    with FakeRasa() as rasa:
        yield rasa


@pytest.fixture
def slow_app(fake_rasa: FakeRasa, world: TelegramWorld, tmp_path: Path) -> Iterator[RunningApp]:
    """The app as a process, ready, with a Rasa that is as slow as a test says."""
    with BotApiServer(world) as telegram:
        app = RunningApp(
            tmp_path / "var",
            free_port(),
            {
                "WEGWIJZER_RASA_URL": fake_rasa.url,
                "WEGWIJZER_RASA_TOKEN": fake_rasa.token,
                "WEGWIJZER_RASA_TIMEOUT": "120",
                "WEGWIJZER_TELEGRAM_TOKEN": TOKEN,
                "WEGWIJZER_TELEGRAM_API_URL": telegram.url,
            },
        )
        fake_rasa.action_url = f"{app.base_url}/rasa/actions"
        yield app
        if app.process and app.process.poll() is None:
            app.kill()


async def fill(app: RunningApp, world: TelegramWorld, rasa: FakeRasa) -> tuple[list[User], Twist]:
    """Start, and let so many people wait for a Rasa that answers nobody."""
    held = rasa.twist(How.HELD, times=None)
    await asyncio.to_thread(app.start)
    users = [world.user() for _ in range(WAITING // EACH)]
    with world.lock:
        for number in range(WAITING):
            users[number % len(users)].send_text("hallo")
    await world.wait_for(lambda now: len(now.confirmed) == WAITING, WITHIN)
    await rasa.wait_for_turns(RASA_AT_ONCE, WITHIN)
    return users, held


def seconds_to_stop(app: RunningApp) -> float:
    """Ask the app to stop as Docker does; raises TimeoutExpired when it takes too long."""
    assert app.process
    begun = time.monotonic()
    app.process.send_signal(signal.SIGTERM)
    assert app.process.wait(PATIENCE) == 0
    return time.monotonic() - begun


def lost(stored: Stored, world: TelegramWorld) -> set[int]:
    """Give the updates that Telegram need not keep any more, and that we do not have."""
    kept = {int(row["key"].split(":")[1]) for row in stored.rows("SELECT key FROM inbox")}
    return world.confirmed - kept


@pytest.mark.timeout(240)
async def test_stop_with_a_hundred_waiting_is_prompt_and_loses_nothing(
    slow_app: RunningApp,
    world: TelegramWorld,
    fake_rasa: FakeRasa,
    report: Report,
    tmp_path: Path,
) -> None:
    users, held = await fill(slow_app, world, fake_rasa)
    sending = world.fail("sendMessage", hold=True)
    helped = world.user()
    helped.send_text("/help")
    await sending.wait_for_hits(within=WITHIN)

    seconds = await asyncio.to_thread(seconds_to_stop, slow_app)

    stored = Stored(f"sqlite:///{slow_app.folder / 'wegwijzer.db'}")
    waiting = stored.number("SELECT count(*) FROM inbox WHERE state = 'new'")
    assert waiting == WAITING
    assert lost(stored, world) == set()
    assert lost(tampered(slow_app, tmp_path), world) != set()
    for user in users:
        user.send_text("hallo")

    held.release()
    sending.release()
    await asyncio.to_thread(slow_app.start)
    for user in users:
        await user.wait_for(EACH + 1, WITHIN)
    await helped.wait_for(1, WITHIN)
    assert await asyncio.to_thread(slow_app.stop) == 0

    assert lost(stored, world) == set()
    assert stored.rows("SELECT key FROM inbox WHERE state <> 'done'") == []
    assert len(world.updates) == len(world.confirmed) == WAITING + len(users) + 1
    assert {len(user.received) for user in users} == {EACH + 1}
    figures = {"waiting": waiting, "seconds_to_stop": round(seconds, 1)}
    report("graceful_stop", figures | {"turns_under_way": RASA_AT_ONCE, "lost": 0})


@pytest.mark.timeout(120)
async def test_who_waits_for_every_turn_is_too_late(
    slow_app: RunningApp, world: TelegramWorld, fake_rasa: FakeRasa
) -> None:
    slow_app.command = ("-m", "tests.faults.patient_stop", "run")
    await fill(slow_app, world, fake_rasa)

    with pytest.raises(subprocess.TimeoutExpired):
        await asyncio.to_thread(seconds_to_stop, slow_app)


def tampered(app: RunningApp, folder: Path) -> Stored:
    """Give the database as it would be had one message been lost."""
    copy = folder / "tampered.db"
    shutil.copy(app.folder / "wegwijzer.db", copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("DELETE FROM inbox WHERE id = 50")
    connection.close()
    return Stored(f"sqlite:///{copy}")


@pytest.mark.timeout(120)
async def test_stop_is_prompt_while_somebody_holds_the_database(
    slow_app: RunningApp, world: TelegramWorld, report: Report
) -> None:
    user = world.user()
    await asyncio.to_thread(slow_app.start)
    await user.ask("hallo", within=WITHIN)
    other = sqlite3.connect(slow_app.folder / "wegwijzer.db", timeout=WITHIN, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    user.send_text("nog een bericht")
    await world.wait_for(lambda now: now.updates[-1].deliveries > 0, WITHIN)

    seconds = await asyncio.to_thread(seconds_to_stop, slow_app)

    other.close()
    report("stop_while_held", {"seconds_to_stop": round(seconds, 1)})
