"""How a webhook gets its updates, and what setWebhook takes."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, Conflict

from tests.botapi import TelegramWorld
from tests.botapi.clients import start_long_poll
from tests.botapi.server import BreakableServer, listen, make_config

SECRET = "geheim_0-A"


@dataclass
class Receiver:
    """A webhook that keeps what it got and answers as told; afterwards 200."""

    url: str
    answers: list[Response] = field(default_factory=list)
    got: list[tuple[str, str | None]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        update = await request.json()
        text = update["message"]["text"]
        self.got.append((text, request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return self.answers.pop(0) if self.answers else Response()

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.got]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Serve a webhook on a free loopback port."""
    listener = listen()
    receiver = Receiver(f"http://127.0.0.1:{listener.getsockname()[1]}/hook")
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    running = BreakableServer(make_config(app), on_broken=lambda: None)
    thread = threading.Thread(target=running.run, args=([listener],))
    thread.start()
    try:
        assert running.is_up.wait(10)
        yield receiver
    finally:
        running.tell_to_stop()
        thread.join(10)


async def test_webhook_gets_updates_with_secret(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("voor het zetten")
    async with receiving() as receiver:
        await bot.set_webhook(receiver.url, secret_token=SECRET)
        user.send_text("daarna")
        await world.wait_for(lambda now: len(now.confirmed) == 2)

    assert receiver.got == [("voor het zetten", SECRET), ("daarna", SECRET)]


async def test_webhook_repeats_in_order(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    async with receiving() as receiver:
        receiver.answers = [Response(status_code=503), Response(status_code=500), Response()]
        for text in ("een", "twee"):
            user.send_text(text)
        await bot.set_webhook(receiver.url)
        await world.wait_for(lambda now: len(now.confirmed) == 2)
        info = await bot.get_webhook_info()

    assert receiver.texts == ["een", "een", "een", "twee"]
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert info.pending_update_count == 0


async def test_webhook_obeys_retry_after(bot: Bot, world: TelegramWorld) -> None:
    world.webhook_second = 3600
    async with receiving() as receiver:
        receiver.answers = [Response(status_code=503, headers={"Retry-After": "9"})]
        stuck, free = world.user(), world.user()
        stuck.send_text("later")
        await bot.set_webhook(receiver.url)
        await world.wait_for(lambda now: now.webhook.last_error_date > 0)
        free.send_text("andere chat")
        await world.wait_for(lambda now: len(now.confirmed) == 1)

    assert receiver.texts == ["later", "andere chat"]


async def test_webhook_delivers_duplicates_again(bot: Bot, world: TelegramWorld) -> None:
    world.duplicate_next()
    world.user().send_text("dubbel")
    async with receiving() as receiver:
        await bot.set_webhook(receiver.url)
        await world.wait_for(lambda now: len(now.confirmed) == 1)

    assert receiver.texts == ["dubbel", "dubbel"]


async def test_webhook_and_polling_exclude_each_other(bot: Bot, world: TelegramWorld) -> None:
    poll = await start_long_poll(bot, world)

    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()

    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"secret_token": "x" * 257}, "Secret token is too long"),
        ({"secret_token": "met spatie"}, "Secret token contains unallowed characters"),
        ({"url": "ftp://ergens"}, "Invalid webhook url specified"),
    ],
)
async def test_bad_webhooks_are_refused(bot: Bot, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.set_webhook(**{"url": "http://127.0.0.1:9/hook"} | options)
