"""Updates of any shape lose nothing, stop nothing, and are each accounted for once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

import bot.chat.telegram
from bot.chat.telegram_updates import Ignored, Read, read_update
from bot.delivery.pace import Pace
from bot.domain.inbox import Channel
from bot.storage.tables import inbox
from tests.botapi import TelegramWorld, User
from tests.faults.kill_run import Report
from tests.faults.sizes import size
from tests.faults.updates import ODD, UpdateMaker, push_raw
from tests.integration.running_chat import Chat, ChatMaker

pytest_plugins = ["tests.integration.chat_fixtures"]

#: PostgreSQL refuses other things than SQLite; SQLite is quicker here.
COUNTS = {"sqlite": size(1_000, 100_000), "postgresql": size(250, 10_000)}
WAVE = 250
#: What everything needs to go on; see `bot.running`.
NEEDED = {"web", "worker", "delivery", "clock", "telegram"}

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def quick_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own server does not mind how fast we send."""
    monkeypatch.setattr("bot.bootstrap.Pace", partial(Pace, per_second=2_000.0))


async def send(chat: Chat, count: int, seed: int, within: float) -> list[User]:
    """Have `count` updates made and fetched, and wait until nothing is left to do."""
    users = [chat.world.user() for _ in range(40)]
    maker = UpdateMaker(chat.world, users, seed)
    while count > 0:
        with chat.world.lock:
            for _ in range(min(WAVE, count)):
                push_raw(chat.world, maker.make())
        count -= WAVE
        await chat.world.wait_for(lambda now: not now.queue.pending, within)
        await at_rest(chat, within)
    return users


async def at_rest(chat: Chat, within: float) -> None:
    async def all_taken() -> bool | None:
        return await open_messages(chat) == 0 or None

    await chat.bell.until(all_taken, within)
    if not await chat.parts.delivery.drain(Channel.TELEGRAM, within):
        raise TimeoutError("something still waits to be sent")


async def open_messages(chat: Chat) -> int:
    async with chat.database.read() as uow:
        return await uow.inbox.count_open()


async def wrong(chat: Chat, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Say what went wrong, in sentences."""
    found = [f"logged: {entry}" for entry in chat.logs if entry["log_level"] in BAD]
    found += [f"logged: {record}" for record in caplog.records if record.levelno >= logging.ERROR]
    async with chat.database.engine.connect() as plain:
        connection = await plain.execution_options(sqlite_begin="DEFERRED")
        rows = (await connection.execute(select(inbox.c.key, inbox.c.state))).all()
    found += [f"{row.key} is {row.state}" for row in rows if row.state != "done"]
    stored = Counter(int(row.key.split(":")[1]) for row in rows)
    ignored = Counter(entry["update"] for entry in chat.logs if entry["event"] == "update_ignored")
    for update in chat.world.updates:
        times = stored[update.update_id] + ignored[update.update_id]
        if not update.confirmed:
            found.append(f"{update.update_id} was not confirmed")
        if times != 1:
            found.append(f"{update.update_id} is accounted for {times} times: {update.content}")
    gone = NEEDED - {task.get_name() for task in asyncio.all_tasks() if not task.done()}
    return found + [f"{name} has ended" for name in sorted(gone)]


BAD = ("error", "critical")


@pytest.mark.timeout(size(200, 14_400))
async def test_any_update_is_stored_or_ignored_once(
    chats: ChatMaker, caplog: pytest.LogCaptureFixture, report: Report
) -> None:
    count = COUNTS["sqlite" if chats.database.is_sqlite else "postgresql"]
    seed = random.SystemRandom().randrange(10**6)
    print(f"updates with seed {seed}")
    async with chats.run() as chat:
        await send(chat, count, seed, within=60)

        found = await wrong(chat, caplog)
        teacher = chat.world.user()
        (said,) = await teacher.ask("hallo")

        stored = await accounted(chat)
    report(f"fuzzed_{chats.database.engine.name}", {"seed": seed, "updates": count, **stored})
    assert found == []
    assert "STO-wegwijzer" in said.text
    # Neither half is so small that it proves nothing.
    assert min(stored["stored"], stored["ignored"]) > count / 10


async def accounted(chat: Chat) -> dict[str, Any]:
    reasons = Counter(e["why"] for e in chat.logs if e["event"] == "update_ignored")
    async with chat.database.engine.connect() as plain:
        connection = await plain.execution_options(sqlite_begin="DEFERRED")
        count = (await connection.execute(select(func.count()).select_from(inbox))).scalar_one()
    return {"stored": count, "ignored": reasons.total(), "why": dict(reasons)}


def test_updates_are_made_anew_each_time(world: TelegramWorld) -> None:
    """One that was spoiled may not spoil the next, nor hold itself, which no wire can carry."""
    maker, before = UpdateMaker(world, [world.user() for _ in range(40)], seed=1), repr(ODD)

    made = [json.dumps(maker.make()) for _ in range(5_000)]

    assert len(set(made)) > 4_000
    assert repr(ODD) == before


def crashes(raw: dict[str, Any]) -> Read:
    if "edited_message" in raw:
        raise KeyError("edited_message")
    return read_update(raw)


def forgets(raw: dict[str, Any]) -> Read | None:
    read = read_update(raw)
    return None if isinstance(read, Ignored) else read


@on_sqlite
@pytest.mark.parametrize(
    ("broken", "noticed"), [(crashes, "updates_not_stored"), (forgets, "accounted for 0 times")]
)
async def test_check_notices_an_intake_that_fails(
    chats: ChatMaker,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[[dict[str, Any]], Read | None],
    noticed: str,
) -> None:
    monkeypatch.setattr(bot.chat.telegram, "read_update", broken)
    async with chats.run() as chat:
        with contextlib.suppress(TimeoutError):
            await send(chat, 60, seed=1, within=2)
        found = await wrong(chat, caplog)

    assert [said for said in found if noticed in said]


TEXTS: Sequence[dict[str, Any]] = (
    {"entities": [{"type": "nieuw", "offset": "x"}]},
    {"reply_to_message": {"message_id": None}},
    {"forward_origin": 7},
    {"date": "gisteren"},
    {"chat": {"id": 0, "type": "private", "first_name": []}},
    {"via_bot": [], "quote": {"text": 1}, "gloednieuw": {"a": [[[]]]}},
)


@on_sqlite
async def test_text_is_read_whatever_else_is_in_its_update(chats: ChatMaker) -> None:
    async with chats.run() as chat:
        user = chat.world.user()
        for number, odd in enumerate(TEXTS):
            chat_json = {**odd.get("chat", {}), **user.chat.to_json()}
            user.send({"text": f"tekst {number}", **odd, "chat": chat_json})
        await user.wait_for(len(TEXTS))

    assert chat.rasa.said == [f"tekst {number}" for number in range(len(TEXTS))]
