"""A second program with our token: the beheerder hears of it, and nothing is lost by it."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.storage.tables import outbox
from tests.botapi import TOKEN
from tests.integration.running_chat import Chat, ChatMaker, stored

pytest_plugins = ["tests.integration.chat_fixtures"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OPERATOR = "beheer@regio.example"


async def poll_forever(bot: Bot) -> None:
    """Take updates as another program would, without ever confirming one."""
    while True:
        with contextlib.suppress(Conflict):
            await bot.get_updates(timeout=20)


async def alarms(chat: Chat, at_least: int) -> list[str]:
    for _ in range(600):
        rows = [row for row in await stored(chat.database, outbox) if row.channel == "email"]
        if len(rows) >= at_least:
            return [" ".join(row.payload["paragraphs"]) for row in rows]
        await asyncio.sleep(0.05)
    raise TimeoutError("no alarm came")


async def test_second_poller_is_told_and_loses_nothing(chats: ChatMaker) -> None:
    async with chats.run(operator_email=OPERATOR) as chat:
        user = chat.world.user()
        await user.ask("een")
        async with Bot(TOKEN, base_url=chats.telegram.base_url) as other:
            polling = asyncio.create_task(poll_forever(other))
            (told,) = await alarms(chat, 1)
            user.send_text("twee")
            polling.cancel()
            await asyncio.wait({polling})
        await user.wait_for(2, within=40)
        await user.ask("drie", within=40)

    assert "een tweede programma haalt berichten op" in told
    assert chat.rasa.said == ["een", "twee", "drie"]


async def test_one_conflict_is_no_alarm(chats: ChatMaker) -> None:
    async with chats.run(operator_email=OPERATOR) as chat:
        user = chat.world.user()
        for _ in range(2):
            fault = chat.world.fail("getUpdates", status=409)
            user.send_text("hallo")
            await fault.wait_for_hits()
        await user.wait_for(2, within=20)

        mails = [row for row in await stored(chat.database, outbox) if row.channel == "email"]

    assert mails == []
