"""What the server's own tests share: a python-telegram-bot client and short ways to ask."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.request import HTTPXRequest

from tests.botapi.server import BotApiServer
from tests.botapi.world import TelegramWorld


def connect(server: BotApiServer) -> Bot:
    """Make a client for a server; use it as an async context manager."""
    # Loopback needs no certificates, and loading them takes most of a client's start.
    requests = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
    return Bot(
        server.world.token,
        base_url=server.base_url,
        request=requests[0],
        get_updates_request=requests[1],
    )


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(x, callback_data=f"k:{x}")] for x in labels])


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [update.effective_message.text for update in updates if update.effective_message]


async def start_long_poll(bot: Bot, world: TelegramWorld, **options: Any) -> asyncio.Task[Any]:
    """Start a getUpdates that waits, and return once it does."""
    number = world.poll_number
    poll = asyncio.create_task(bot.get_updates(timeout=20, **options))
    await world.wait_for(lambda now: now.poll_number > number)
    return poll
