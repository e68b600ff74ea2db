"""Telegram's webhook: only Telegram comes in, and 200 means that it is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.chat.telegram_updates import ALLOWED_UPDATES
from bot.storage.database import Database
from bot.storage.tables import inbox
from tests.integration.running_chat import (
    WEBHOOK_SECRET,
    Chat,
    ChatMaker,
    refusing,
    sqlite_only,
    stored,
)

pytest_plugins = ["tests.integration.chat_fixtures"]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def chat(chats: ChatMaker) -> AsyncIterator[Chat]:
    """The app that waits for its updates; Telegram brings them after `connect`."""
    settings = {"telegram_mode": "webhook", "telegram_webhook_url": "http://127.0.0.1:9"}
    async with chats.run(**settings) as running_chat:
        yield running_chat


@asynccontextmanager
async def telegram(chat: Chat, secret: str | None = WEBHOOK_SECRET) -> AsyncIterator[Any]:
    """Give a client that posts to the app as Telegram does."""
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with httpx.AsyncClient(
        base_url=chat.url, headers=headers, trust_env=False, verify=False, timeout=20
    ) as client:
        yield client


def update(words: str, number: int = 1) -> dict[str, Any]:
    sender = {"id": 1001, "is_bot": False, "first_name": "Docent"}
    chat = {"id": 1001, "type": "private"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": words}
    return {"update_id": number, "message": message}


async def texts(database: Database) -> list[str]:
    return [row.text for row in await stored(database, inbox)]


async def test_plan_begins_through_the_whole_webhook(chats: ChatMaker) -> None:
    async with chats.run_with_webhook() as chat:
        user = chat.world.user()
        await user.ask("hallo")
        await user.tap("Plan maken")
        (said,) = await user.ask("dr nassau in assen")

    assert "Nassau" in "".join(said.labels)
    assert chat.world.calls_of("getUpdates") == []
    assert len(chat.world.confirmed) == 3


@sqlite_only
async def test_telegram_is_told_our_secret_and_what_we_want(chat: Chat) -> None:
    await chat.world.wait_for(lambda now: bool(now.webhook.url))

    assert chat.world.webhook.url == "http://127.0.0.1:9/telegram"
    assert chat.world.webhook.secret_token == WEBHOOK_SECRET
    assert chat.world.allowed_updates == set(ALLOWED_UPDATES)
    (call,) = chat.world.calls_of("setWebhook")
    assert not call.params.get("drop_pending_updates")


@sqlite_only
@pytest.mark.parametrize("secret", [None, "", "verkeerd", WEBHOOK_SECRET + "x", "é"])
async def test_wrong_secret_is_refused(chat: Chat, secret: str | None) -> None:
    async with telegram(chat, None) as client:
        headers = {} if secret is None else {SECRET_HEADER: secret.encode()}
        answer = await client.post("/telegram", json=update("binnengedrongen"), headers=headers)

    assert answer.status_code == 403
    assert await texts(chat.database) == []


async def test_accepted_update_is_stored_by_then(chat: Chat) -> None:
    async with telegram(chat) as client:
        answer = await client.post("/telegram", json=update("bewaar mij"))

        assert answer.status_code == 200
        assert await texts(chat.database) == ["bewaar mij"]


async def test_answer_waits_for_the_commit(chat: Chat) -> None:
    async with telegram(chat) as client:
        async with locked(chat.database):
            posted = asyncio.create_task(client.post("/telegram", json=update("bewaar mij")))
            # The app does answer others meanwhile, so it is the commit that it waits for.
            assert (await client.get("/healthz")).status_code == 200
            await asyncio.wait({posted}, timeout=0.3)
            was_done = posted.done()

        assert (await posted).status_code == 200
    assert not was_done
    assert await texts(chat.database) == ["bewaar mij"]


@asynccontextmanager
async def locked(database: Database) -> AsyncIterator[None]:
    """Let nobody else write into the inbox."""
    async with database.engine.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        yield


async def test_database_trouble_asks_to_come_back(chat: Chat) -> None:
    async with telegram(chat) as client:
        async with refusing(chat.database, inbox):
            refused = await client.post("/telegram", json=update("bewaar mij"))
        again = await client.post("/telegram", json=update("bewaar mij"))

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert again.status_code == 200
    assert await texts(chat.database) == ["bewaar mij"]


async def test_same_update_at_the_same_time_is_one_message(chat: Chat) -> None:
    async with telegram(chat) as client:
        posts = [client.post("/telegram", json=update("dubbel")) for _ in range(8)]
        answers = await asyncio.gather(*posts)

    assert {answer.status_code for answer in answers} == {200}
    assert await texts(chat.database) == ["dubbel"]


@sqlite_only
async def test_repeated_delivery_is_one_message(chats: ChatMaker) -> None:
    async with chats.run_with_webhook() as chat:
        user = chat.world.user()
        chat.world.duplicate_next()
        await user.ask("een")
        await user.ask("twee")

    assert [known.deliveries for known in chat.world.updates] == [2, 1]
    assert await texts(chat.database) == ["een", "twee"]


@sqlite_only
async def test_what_is_no_update_is_refused(chat: Chat) -> None:
    bodies = [b"", b"{", b"\xff\xfe", b"[]", b'"x"', b"1", b'{"message": {}}']
    async with telegram(chat) as client:
        answers = [await client.post("/telegram", content=body) for body in bodies]
        too_large = await client.post("/telegram", content=b"[" + b" " * 1_000_001 + b"]")

    assert [answer.status_code for answer in answers] == [400] * len(bodies)
    assert too_large.status_code == 413
    assert await texts(chat.database) == []


@sqlite_only
async def test_update_that_cannot_be_read_is_not_brought_again(chat: Chat) -> None:
    unreadable = {"update_id": 5, "message": {"message_id": "x"}}
    unknown = {"update_id": 6, "iets_nieuws": {"a": [1]}}
    async with telegram(chat) as client:
        answers = [await client.post("/telegram", json=body) for body in (unreadable, unknown)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "update_not_read" in [entry["event"] for entry in chat.logs]


@sqlite_only
async def test_other_methods_are_not_allowed(chat: Chat) -> None:
    async with telegram(chat) as client:
        answers = [await client.request(method, "/telegram") for method in ("GET", "PUT", "DELETE")]

    assert [answer.status_code for answer in answers] == [405] * 3


@sqlite_only
async def test_polling_app_has_no_webhook_door(chats: ChatMaker) -> None:
    async with chats.run() as chat, telegram(chat) as client:
        answer = await client.post("/telegram", json=update("hallo"))

    assert answer.status_code == 404
    assert await texts(chat.database) == []
