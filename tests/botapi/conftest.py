"""A world, its server and a real python-telegram-bot client for the server's own tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from telegram import Bot

from tests.botapi import BotApiServer, TelegramWorld
from tests.botapi.clients import connect


@pytest.fixture
def server(world: TelegramWorld) -> Iterator[BotApiServer]:
    with BotApiServer(world) as running:
        yield running


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    async with connect(server) as ready:
        yield ready
