"""Fixtures around the app in the test's own process: Telegram's protocol, a stand-in for Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.storage.database import Database
from tests.botapi import BotApiServer, TelegramWorld
from tests.integration.fake_rasa import FakeRasa
from tests.integration.running_chat import Chat, ChatMaker, HeardBell, LeapingClock
from tests.person import content


@pytest.fixture
def telegram(world: TelegramWorld) -> Iterator[BotApiServer]:
    with BotApiServer(world) as server:
        yield server


@pytest.fixture
def fake_rasa() -> Iterator[FakeRasa]:
    with FakeRasa() as rasa:
        yield rasa


@pytest.fixture
async def chats(
    database: Database,
    world: TelegramWorld,
    telegram: BotApiServer,
    fake_rasa: FakeRasa,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[ChatMaker]:
    """Starts the app on each kind of database, with any settings."""
    clock = LeapingClock()
    monkeypatch.setattr("bot.bootstrap.SystemClock", lambda: clock)
    monkeypatch.setattr("bot.bootstrap.Bell", HeardBell)
    # Reading it takes longer than most tests do.
    monkeypatch.setattr("bot.bootstrap.read_content", lambda _folder: content())
    opened = Database(database.url, clock)
    with capture_logs() as logs:
        yield ChatMaker(opened, world, telegram, fake_rasa, clock, tmp_path, logs)
    await opened.close()


@pytest.fixture
async def chat(chats: ChatMaker) -> AsyncIterator[Chat]:
    """The app with its usual settings, ready to talk."""
    async with chats.run() as running_chat:
        yield running_chat
