"""What is no answer changes no plan: files and places at any question, one button on two phones."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.delivery.pace import Pace
from bot.storage.tables import answer, outbox, plan
from bot.texts.conversation import ONLY_TEXT
from bot.texts.plan_intake import SEND
from tests.faults.sizes import size
from tests.faults.updates import NOT_TEXT
from tests.integration.running_chat import ChatMaker, stored
from tests.person import PLAN_ANSWERS

pytest_plugins = ["tests.integration.chat_fixtures"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ALBUM = "13370000000000001"


async def test_nothing_but_text_answers_any_question(
    chats: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Our own server does not mind how fast we send.
    monkeypatch.setattr("bot.bootstrap.Pace", partial(Pace, per_second=2_000.0))
    steps = list(PLAN_ANSWERS)[:: size(4, 1)]
    album = [{**NOT_TEXT[2], "media_group_id": ALBUM}] * 3
    async with chats.run() as chat:
        users = [chat.world.user() for _ in steps]
        for step, user in zip(steps, users, strict=True):
            await chat.plan_of(user, until=step)
        plans = await stored(chat.database, plan)
        before = await stored(chat.database, answer)
        with chat.world.lock:
            for user in users:
                for content in (*NOT_TEXT, *album):
                    user.send(content)
        everything = len(NOT_TEXT) + len(album)
        await asyncio.gather(*(user.wait_for(everything, within=60) for user in users))

        assert await stored(chat.database, answer) == before
        after = await stored(chat.database, plan)
    assert after == plans
    assert sorted(row.open_step for row in plans) == sorted(steps)
    for user in users:
        # Asked again each time, and nothing else.
        assert [shown.text.startswith(ONLY_TEXT) for shown in user.received] == [True] * everything
        assert len({shown.text for shown in user.received}) == 1


async def test_same_button_on_two_phones_has_one_effect(chats: ChatMaker) -> None:
    async with chats.run() as chat:
        user = chat.world.user()
        await chat.plan_of(user, until="")
        before = len(await user.ask("/overzicht", replies=2))
        with chat.world.lock:
            user.press(SEND)
            user.press(SEND)
        said = (await user.wait_for(before + 3))[before:]

        plans = await stored(chat.database, plan)
        mails = [row for row in await stored(chat.database, outbox) if row.channel == "email"]

    assert [row.status for row in plans] == ["submitted"]
    assert len(mails) == 1
    sent = [shown for shown in said if "Verstuurd! Je plan heeft nummer" in shown.text]
    assert len(sent) == 1
    # The second press is answered too: nobody is left wondering.
    assert said[-1] not in sent
