"""Somebody else holds the database, or serves it too: nothing is confirmed, lost or done twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack

import httpx
import pytest

from bot.domain.inbox import Channel
from bot.storage.database import Database
from bot.storage.in_use import AlreadyServedError
from bot.storage.tables import answer, inbox
from bot.texts.conversation import NOT_YET
from tests.botapi import TelegramWorld, User
from tests.faults.confirm_first import ConfirmFirst
from tests.faults.held import held
from tests.integration.running_chat import Chat, ChatMaker, sqlite_only, stored

pytest_plugins = ["tests.integration.chat_fixtures"]

postgres_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WITHIN = 60.0


@pytest.fixture(autouse=True)
def soon_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """People hear soon that they have to wait."""
    monkeypatch.setattr("bot.chat.hold_up.PATIENCE", 0.5)


async def confirmed_and_not_stored(world: TelegramWorld, database: Database) -> set[int]:
    """The updates that Telegram will never bring again and that we do not have."""
    kept = {int(row.key.split(":")[1]) for row in await stored(database, inbox)}
    return world.confirmed - kept


async def given(database: Database) -> list[tuple[str, str]]:
    return [
        (row.step, row.text)
        for row in await stored(database, answer)
        if row.step in ("doelen", "activiteiten", "mijlpalen")
    ]


def times_told(user: User) -> int:
    return sum(message.text == NOT_YET for message in user.received)


@sqlite_only
async def test_held_database_confirms_nothing_and_loses_nothing(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")

    async with held(chat.database.url):
        user.send_text("EERSTE")
        user.send_text("TWEEDE")
        await user.wait_for(NOT_YET, WITHIN)
        async with httpx.AsyncClient(trust_env=False) as client:
            page = await client.get(chat.url + "/")
        confirmed, kept = chat.world.confirmed, await stored(chat.database, inbox)
        had_answers = await given(chat.database)
    await user.wait_for("mijlpalen", WITHIN)

    assert page.status_code == 200
    assert (confirmed & {update.update_id for update in chat.world.updates[-2:]}, had_answers) == (
        set(),
        [],
    )
    assert not {row.text for row in kept} & {"EERSTE", "TWEEDE"}
    assert await given(chat.database) == [("doelen", "EERSTE"), ("activiteiten", "TWEEDE")]
    assert times_told(user) == 1
    assert await confirmed_and_not_stored(chat.world, chat.database) == set()


@sqlite_only
async def test_next_hold_up_is_told_again(chat: Chat) -> None:
    user = chat.world.user()

    for _ in range(2):
        async with held(chat.database.url):
            user.send_text("/help")
            told = times_told(user)
            await user.wait_for(lambda _got, told=told: times_told(user) > told, WITHIN)
        await chat.world.wait_for(lambda now: len(now.confirmed) == len(now.updates), WITHIN)

    assert times_told(user) == 2


@sqlite_only
async def test_confirming_while_it_is_held_is_noticed(
    chats: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.bootstrap.Poller", ConfirmFirst)

    async with chats.run() as chat, held(chat.database.url):
        chat.world.user().send_text("EERSTE")
        await chat.world.wait_for(lambda now: len(now.confirmed) == 1, WITHIN)

        lost = await confirmed_and_not_stored(chat.world, chat.database)

    assert len(lost) == 1


@sqlite_only
@pytest.mark.parametrize("channels", [(Channel.WEB,), (Channel.WEB, Channel.TELEGRAM)])
async def test_file_is_served_once_whatever_the_folder(
    chats: ChatMaker, channels: tuple[Channel, ...]
) -> None:
    async with chats.run():
        elsewhere = chats.folder / "elsewhere"

        with pytest.raises(AlreadyServedError, match="draait hier al"):
            async with chats.start(channels, data_dir=elsewhere):
                pass


@postgres_only
async def test_second_app_on_a_server_stands_by_and_takes_over(chats: ChatMaker) -> None:
    async with AsyncExitStack() as second_stack:
        async with chats.run() as first:
            user = first.world.user()
            await first.plan_of(user, until="doelen")
            await first.world.wait_for(lambda now: now.poll_number > 0)
            await second_stack.enter_async_context(chats.run(data_dir=chats.folder / "second"))
            await _until_logged(chats, "telegram_stands_by")
            user.send_text("EERSTE")
            user.send_text("TWEEDE")
            await user.wait_for("mijlpalen", WITHIN)
            conflicts = [entry for entry in chats.logs if entry.get("error") == "Conflict"]
        user.send_text("DERDE")
        await user.wait_for("Samenwerking", WITHIN)

    why = next(entry["why"] for entry in chats.logs if entry["event"] == "telegram_stands_by")
    assert "haalt de berichten van Telegram al op" in why
    assert conflicts == []
    assert await given(chats.database) == [
        ("doelen", "EERSTE"),
        ("activiteiten", "TWEEDE"),
        ("mijlpalen", "DERDE"),
    ]
    said = Counter(message.text for message in user.received)
    assert {text: times for text, times in said.items() if times > 1} == {}


async def _until_logged(chats: ChatMaker, event: str) -> None:
    deadline = time.monotonic() + WITHIN
    while event not in {entry["event"] for entry in chats.logs}:
        assert time.monotonic() < deadline, f"{event} was never logged"
        # Nothing rings when a line is logged.
        await asyncio.sleep(0.02)
