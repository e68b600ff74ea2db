"""A slow action that wakes too late changes nothing: no two answers ever swap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.services.answer_intake import AnswerIntake
from bot.services.turns import Work
from bot.storage.tables import answer
from bot.texts import conversation as words
from tests.botapi import User
from tests.integration.fake_rasa import How
from tests.integration.running_chat import Chat, ChatMaker, stored

pytest_plugins = ["tests.integration.chat_fixtures"]

TIMEOUT = 0.3
CONFLICT = 500


@pytest.fixture
async def chat(chats: ChatMaker) -> AsyncIterator[Chat]:
    """An app that gives up on a turn soon."""
    async with chats.run(rasa_timeout=TIMEOUT) as running_chat:
        yield running_chat


async def given(chat: Chat) -> dict[str, list[str]]:
    """What stands under the last questions, with every version of it."""
    found: dict[str, list[str]] = {}
    for row in await stored(chat.database, answer):
        if row.step in ("doelen", "activiteiten", "mijlpalen"):
            found.setdefault(row.step, []).append(row.text)
    return found


async def at_goals(chat: Chat) -> User:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    return user


async def test_late_action_after_the_retry_changes_nothing(chat: Chat) -> None:
    user = await at_goals(chat)
    slow = chat.rasa.twist(How.HELD, text="EERSTE")
    user.send_text("EERSTE")
    user.send_text("TWEEDE")
    await user.wait_for(words.KEPT)
    chat.leap(seconds=5)
    await user.wait_for("mijlpalen")

    slow.release()
    late = await slow.wait_for_late()
    user.send_text("DERDE")
    await user.wait_for("Samenwerking")

    assert late == [200]
    assert chat.rasa.said == ["EERSTE", "EERSTE", "TWEEDE", "DERDE"]
    assert await given(chat) == {
        "doelen": ["EERSTE"],
        "activiteiten": ["TWEEDE"],
        "mijlpalen": ["DERDE"],
    }


async def test_late_action_before_the_retry_is_fenced_off(chat: Chat) -> None:
    user = await at_goals(chat)
    slow = chat.rasa.twist(How.HELD, text="EERSTE")
    user.send_text("EERSTE")
    user.send_text("TWEEDE")
    await user.wait_for(words.KEPT)

    slow.release()
    late = await slow.wait_for_late()
    between = await given(chat)
    chat.leap(seconds=5)
    await user.wait_for("mijlpalen")

    assert late == [CONFLICT]
    assert between == {}
    assert await given(chat) == {"doelen": ["EERSTE"], "activiteiten": ["TWEEDE"]}
    turns = [call.metadata["turn"] for call in chat.rasa.calls]
    assert turns[0] == turns[1] < turns[2]


async def test_two_late_actions_leave_one_answer(chat: Chat) -> None:
    user = await at_goals(chat)
    slow = chat.rasa.twist(How.HELD, times=2, text="EERSTE")
    user.send_text("EERSTE")
    await chat.rasa.wait_for_turns(1)
    await user.wait_for(words.KEPT)
    chat.leap(seconds=5)
    await chat.rasa.wait_for_turns(2)

    slow.release()
    await slow.wait_for_late(2)
    chat.leap(seconds=60)
    await user.wait_for("activiteiten")

    assert await given(chat) == {"doelen": ["EERSTE"]}
    attempts = [call.metadata["attempt"] for call in chat.rasa.calls]
    assert attempts == sorted(set(attempts))


async def test_other_chats_go_on_beside_a_slow_action(chat: Chat) -> None:
    slow_one, quick_one = await at_goals(chat), chat.world.user()
    chat.rasa.twist(How.HELD, text="EERSTE")
    slow_one.send_text("EERSTE")
    await chat.rasa.wait_for_turns(1)

    (said,) = await quick_one.ask("hallo")

    assert "STO-wegwijzer" in said.text
    assert await given(chat) == {}


async def test_action_that_is_still_committing_is_waited_for(
    chats: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment: the app gives up while the action holds its transaction open."""
    arrived, may_go_on = asyncio.Event(), asyncio.Event()
    quick = AnswerIntake.answer

    async def slow(self: AnswerIntake, work: Work) -> object:
        replies = await quick(self, work)
        arrived.set()
        await may_go_on.wait()
        return replies

    monkeypatch.setattr(AnswerIntake, "answer", slow)
    async with chats.run(rasa_timeout=TIMEOUT) as chat:
        user = chat.world.user()
        monkeypatch.setattr(AnswerIntake, "answer", quick)
        await chat.plan_of(user, until="doelen")
        user.send_text("EERSTE")
        user.send_text("TWEEDE")
        await arrived.wait()
        waited = asyncio.create_task(user.wait_for("activiteiten"))
        await asyncio.wait({waited}, timeout=2 * TIMEOUT)
        was_answered = waited.done()

        may_go_on.set()
        await waited
        await user.wait_for("mijlpalen")

        assert not was_answered
        assert await given(chat) == {"doelen": ["EERSTE"], "activiteiten": ["TWEEDE"]}
        assert words.KEPT not in [message.text for message in user.received]


async def test_quick_pairs_are_never_swapped(chat: Chat) -> None:
    users = [await at_goals(chat) for _ in range(3)]
    chat.rasa.twist(How.LOST, times=2)

    for user in users:
        user.send_text(f"EERSTE van {user.id}")
        user.send_text(f"TWEEDE van {user.id}")
    for user in users:
        await user.wait_for("mijlpalen")

    rows = await given(chat)
    assert sorted(rows["doelen"]) == sorted(f"EERSTE van {user.id}" for user in users)
    assert sorted(rows["activiteiten"]) == sorted(f"TWEEDE van {user.id}" for user in users)
