"""Rasa away, hanging, talking nonsense or cut off while somebody writes a plan.

Nothing is answered in its place: what was said is kept, the person hears that once, and as soon as
Rasa works everything is done in its order, each answer under the question it was given to.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Row

from bot.chat.rasa_doubt import RasaDoubt
from bot.chat.turn_taker import MOST_FAILURES
from bot.services.bell import heard
from bot.storage.tables import answer, inbox
from bot.texts import conversation as words
from tests.botapi import TelegramWorld, User
from tests.faults.kill_run import Report
from tests.faults.proxy import TcpProxy, Way
from tests.faults.sizes import size
from tests.faults.stored import Stored
from tests.harness import RunningApp, SharedRasa
from tests.integration.fake_rasa import How
from tests.integration.running_chat import Chat, ChatMaker, sqlite_only, stored
from tests.person import PLAN_ANSWERS

pytest_plugins = ["tests.integration.chat_fixtures"]

#: The questions without choices, in their order, and what is answered.
STEPS = ("doelen", "activiteiten", "mijlpalen", "samenwerking", "middelen")
#: What the key of a message from Telegram begins with.
_TYPED = "telegram:"
BROKEN = (How.ERROR, How.EMPTY, How.NONSENSE, How.PAGE, How.HELD)
PEOPLE = size(3, 40)


@asynccontextmanager
async def writing(chats: ChatMaker, url: str) -> AsyncIterator[tuple[Chat, User]]:
    """Run the app with Rasa at `url`, and somebody at the question for goals."""
    async with chats.run(rasa_url=url, rasa_timeout=1) as chat:
        user = chat.world.user()
        await chat.plan_of(user, until=STEPS[0])
        yield chat, user


def told(user: User, *said: str) -> int:
    return sum(message.text in said for message in user.received)


async def wrongs(chat: Chat, people: int = 1) -> list[str]:
    """Say which answers are not stored once for each person, verbatim, under their question."""
    given = await stored(chat.database, answer)
    found = []
    for step in STEPS:
        texts = [row.text for row in given if row.step == step]
        if texts != [PLAN_ANSWERS[step]] * people:
            found.append(f"{step} has {texts}")
    return found


async def until(chat: Chat, user: User, are_so: Callable[[list[Row[Any]]], bool]) -> None:
    """Let time pass until the messages are as wanted."""
    async with asyncio.timeout(30):
        while True:
            ring = chat.parts.said.listen(str(user.id))
            rows = [row for row in await stored(chat.database, inbox) if row.key.startswith(_TYPED)]
            if are_so(rows):
                return
            chat.leap(seconds=30)
            await heard(ring, 0.5)


def are_done(rows: list[Row[Any]]) -> bool:
    return all(row.state == "done" for row in rows)


def is_last_done(text: str) -> Callable[[list[Row[Any]]], bool]:
    return lambda rows: bool(rows) and (rows[-1].text, rows[-1].state) == (text, "done")


def were_tried_often(rows: list[Row[Any]]) -> bool:
    """Say whether enough went wrong to park a message that is itself to blame."""
    if len(rows) < len(STEPS):
        return False
    first = rows[0]
    # Each failure takes two numbers.
    return first.state != "new" or first.attempt > 2 * (MOST_FAILURES + 2)


@sqlite_only
@pytest.mark.parametrize("how", BROKEN)
async def test_answers_wait_for_a_rasa_that_fails_whatever_it_gets(
    chats: ChatMaker, how: How
) -> None:
    async with writing(chats, chats.rasa.url) as (chat, user):
        chat.rasa.broken = how
        for step in STEPS:
            user.send_text(PLAN_ANSWERS[step])
        await until(chat, user, were_tried_often)
        await user.wait_for(words.KEPT)
        before, heard_before = await wrongs(chat), len(user.received)
        chat.rasa.mend()
        await until(chat, user, are_done)
        after = await wrongs(chat)

    assert len(before) == len(STEPS)
    assert after == []
    assert heard_before == 1
    assert told(user, words.PARKED) == 0


@sqlite_only
async def test_rasa_that_does_not_know_us_costs_no_message(chats: ChatMaker) -> None:
    async with chats.run(rasa_token="of before it was changed") as chat:
        user = chat.world.user()
        for text in STEPS:
            user.send_text(text)
        await until(chat, user, were_tried_often)
        await user.wait_for(words.KEPT)
        rows = await stored(chat.database, inbox)

    assert [(row.text, row.state) for row in rows] == [(text, "new") for text in STEPS]
    assert [message.text for message in user.received] == [words.KEPT]


@sqlite_only
async def test_blaming_the_message_for_a_broken_rasa_is_found(
    chats: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def always(_doubt: RasaDoubt) -> bool:
        return True

    monkeypatch.setattr(RasaDoubt, "_is_able", always)
    async with writing(chats, chats.rasa.url) as (chat, user):
        chat.rasa.broken = How.PAGE
        for step in STEPS:
            user.send_text(PLAN_ANSWERS[step])
        await until(chat, user, were_tried_often)
        chat.rasa.mend()
        await until(chat, user, lambda rows: rows[-1].state == "done")

        assert len(await wrongs(chat)) == len(STEPS)


@pytest.mark.timeout(size(300, 1800))
async def test_turn_that_is_cut_anywhere_is_done_once(chats: ChatMaker, report: Report) -> None:
    chance = random.Random(47)
    done = 0
    async with (
        TcpProxy("127.0.0.1", chats.rasa.port) as proxy,
        chats.run(rasa_url=f"http://127.0.0.1:{proxy.port}", rasa_timeout=2) as chat,
    ):
        for _ in range(PEOPLE):
            user = chat.world.user()
            await chat.plan_of(user, until=STEPS[0])
            for step in STEPS:
                way = chance.choice((Way.UP, Way.DOWN))
                most = 600 if way is Way.UP else 160
                cut = proxy.cut_after(chance.randrange(most), way, having=b"/turn")
                user.send_text(PLAN_ANSWERS[step])
                await until(chat, user, is_last_done(PLAN_ANSWERS[step]))
                done += cut.is_done
                cut.stop()
        found = await wrongs(chat, PEOPLE)
    report(f"cut_rasa_{chats.database.engine.dialect.name}", {"cuts": done, "wrong": len(found)})
    assert found == []
    assert done > PEOPLE * len(STEPS) / 2


async def test_teacher_hands_in_a_plan_that_was_typed_without_rasa(
    telegram_app: RunningApp, world: TelegramWorld, rasa: SharedRasa, report: Report
) -> None:
    user = world.user()
    with TcpProxy("127.0.0.1", int(rasa.url.rpartition(":")[2])) as proxy:
        telegram_app.environment["WEGWIJZER_RASA_URL"] = f"http://127.0.0.1:{proxy.port}"
        telegram_app.start()
        proxy.refuse()
        proxy.reset_all()
        said = ["ik wil graag een plan maken", *PLAN_ANSWERS.values(), "versturen"]
        for text in said:
            user.send_text(text)
        await user.wait_for("bewaard", within=30)
        before = len(user.received)
        proxy.accept()
        await user.wait_for("Verstuurd! Je plan heeft nummer ", within=60)

    kept = Stored(f"sqlite:///{telegram_app.folder / 'wegwijzer.db'}")
    given = {row["step"]: row["text"] for row in kept.rows("SELECT step, text FROM answer")}
    assert before == 1
    assert told(user, words.KEPT, words.STARTING) == 1
    assert kept.number("SELECT count(*) FROM answer") == len(PLAN_ANSWERS)
    for step in (*STEPS, "titel", "idee", "doelgroep", "naam", "email"):
        assert given[step] == PLAN_ANSWERS[step]
    report("plan_without_rasa", {"messages_kept": len(said), "answers": len(given)})
