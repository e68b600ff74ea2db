"""The conversation worker: one message at a time in a chat, none lost, whatever happens to Rasa."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import update

from bot.chat.turn_taker import MOST_FAILURES, RASA_AT_ONCE, TYPING_AFTER
from bot.chat.worker import LEASE_SECONDS
from bot.domain.turn import OpenKind
from bot.services.bell import heard
from bot.storage.tables import answer, conversation, inbox, turn
from bot.texts import conversation as words
from bot.texts import faq as faq_words
from tests.botapi import User
from tests.integration.fake_rasa import How
from tests.integration.running_chat import Chat, ChatMaker, refusing, sqlite_only, stored

pytest_plugins = ["tests.integration.chat_fixtures"]


def not_understood(text: str) -> bool:
    return faq_words.UNKNOWN in text or faq_words.AGAIN_UNKNOWN in text


def texts(user: User) -> list[str]:
    return [message.text for message in user.received]


async def answered(user: User, count: int) -> None:
    await user.wait_for(lambda got: sum(not_understood(message.text) for message in got) >= count)


async def test_chat_is_answered_one_by_one(chat: Chat) -> None:
    user, other = chat.world.user(), chat.world.user()
    first = chat.rasa.twist(How.HELD, text="een")
    for text in ("een", "twee", "drie"):
        user.send_text(text)
    await chat.rasa.wait_for_turns(1)

    await other.ask("van een ander")
    before = chat.rasa.said
    first.release()
    await answered(user, 3)

    assert before == ["een", "van een ander"]
    assert chat.rasa.said[2:] == ["twee", "drie"]


@sqlite_only
async def test_chats_go_beside_each_other(chat: Chat) -> None:
    held = chat.rasa.twist(How.HELD, times=None)
    users = [chat.world.user() for _ in range(RASA_AT_ONCE)]
    for user in users:
        user.send_text("hallo")

    await chat.rasa.wait_for_turns(RASA_AT_ONCE)
    unanswered = [texts(user) for user in users]
    held.release()
    for user in users:
        await user.wait_for(1)

    assert not any(unanswered)
    assert len(chat.rasa.calls) == len(users)


@sqlite_only
async def test_every_chat_is_known_to_rasa_by_a_random_name(chat: Chat) -> None:
    user = chat.world.user()
    await user.ask("een")
    await user.ask("twee")

    senders = {call.sender for call in chat.rasa.calls}

    assert len(senders) == 1
    assert str(user.id) not in str(chat.rasa.calls)


async def test_what_was_open_is_frozen_in_the_message(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    chat.rasa.twist(How.ERROR)
    user.send_text("mijn doel")
    await user.wait_for(words.KEPT)
    async with chat.database.engine.begin() as connection:
        await connection.execute(update(conversation).values(open_kind=OpenKind.NONE.value))

    chat.leap(seconds=5)
    await user.wait_for("activiteiten")

    asked = [(call.metadata["open"], call.metadata["step"]) for call in chat.rasa.calls]
    assert asked == [("plan", "doelen")] * 2
    given = [row.text for row in await stored(chat.database, answer) if row.step == "doelen"]
    assert given == ["mijn doel"]


async def test_messages_wait_for_rasa_and_are_answered_in_order(chat: Chat) -> None:
    user = chat.world.user()
    chat.rasa.stop()
    for text in ("een", "twee"):
        user.send_text(text)
    await user.wait_for("bewaard")

    chat.rasa.start()
    await answered(user, 2)

    assert chat.rasa.said == ["een", "twee"]
    assert sum("bewaard" in text for text in texts(user)) == 1


@sqlite_only
async def test_messages_before_rasa_is_ready_are_kept(chats: ChatMaker) -> None:
    chats.rasa.is_ready = False
    async with chats.start() as chat:
        user = chat.world.user()
        user.send_text("een")
        await user.wait_for(words.STARTING)

        chats.rasa.is_ready = True
        await answered(user, 1)

    assert texts(user) == [words.STARTING, *texts(user)[1:]]
    assert len(texts(user)) == 2


@sqlite_only
async def test_commands_need_no_rasa(chat: Chat) -> None:
    user = chat.world.user()
    chat.rasa.stop()

    (said,) = await user.ask("/help")

    assert "Zo werkt het" in said.text


@sqlite_only
async def test_command_waits_for_what_came_before(chat: Chat) -> None:
    user = chat.world.user()
    chat.rasa.stop()
    user.send_text("een")
    user.send_text("/help")
    await user.wait_for("bewaard")

    await chat.world.user().ask("/help")
    before = texts(user)
    chat.rasa.start()
    await user.wait_for("Zo werkt het")

    assert len(before) == 1
    assert [not_understood(text) for text in texts(user)] == [False, True, False]


async def test_failing_message_is_parked_and_the_chat_goes_on(chat: Chat) -> None:
    user = chat.world.user()
    chat.rasa.twist(How.ERROR, times=None, text="lukt nooit")
    user.send_text("lukt nooit")
    user.send_text("lukt wel")
    for failures in range(1, MOST_FAILURES):
        await chat.rasa.wait_for_turns(failures)
        await _kept(chat, user, failures)
        chat.leap(seconds=60)
    await answered(user, 1)

    states = [(row.text, row.state) for row in await stored(chat.database, inbox)]
    assert states == [("lukt nooit", "parked"), ("lukt wel", "done")]
    assert [text for text in texts(user) if not not_understood(text)] == [words.KEPT, words.PARKED]
    assert chat.rasa.said == ["lukt nooit"] * MOST_FAILURES + ["lukt wel"]


async def _kept(chat: Chat, user: User, failures: int) -> None:
    """Wait until a failure is written down, which rings for whoever shows what is said."""
    while True:
        ring = chat.parts.said.listen(str(user.id))
        if (await stored(chat.database, inbox))[0].failures == failures:
            return
        assert await heard(ring, 5)


@sqlite_only
@pytest.mark.parametrize("how", [How.EMPTY, How.PRETENDS])
async def test_empty_success_is_no_answer(chat: Chat, how: How) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    chat.rasa.twist(how)
    user.send_text("mijn doel")
    await user.wait_for(words.KEPT)
    before = [row.text for row in await stored(chat.database, answer) if row.step == "doelen"]

    chat.leap(seconds=5)
    await user.wait_for("activiteiten")

    given = [row.text for row in await stored(chat.database, answer) if row.step == "doelen"]
    assert (before, given) == ([], ["mijn doel"])


async def test_saved_turn_counts_whatever_rasa_says(chat: Chat) -> None:
    user = chat.world.user()
    chat.rasa.twist(How.LOST)

    (said,) = await user.ask("een")
    await user.ask("twee")

    assert not_understood(said.text)
    assert chat.rasa.said == ["een", "twee"]
    assert len(await stored(chat.database, turn)) == 2
    assert len(texts(user)) == 2


@sqlite_only
async def test_press_is_an_intent_that_no_text_can_forge(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    await user.ask('/cmd_skip{"value": "x"}')

    user.press("Overslaan")
    await chat.rasa.wait_for_turns(2)

    typed, pressed = chat.rasa.calls
    assert (typed.intent, typed.metadata["text"]) == (None, '/cmd_skip{"value": "x"}')
    assert (pressed.intent, pressed.text, pressed.metadata["text"]) == ("cmd_skip", None, "")


@sqlite_only
async def test_typing_shows_only_when_it_takes_long(chat: Chat) -> None:
    quick, slow = chat.world.user(), chat.world.user()
    held = chat.rasa.twist(How.HELD, text="traag")
    await quick.ask("snel")
    sent_at = time.time()
    slow.send_text("traag")

    await chat.world.wait_for(lambda now: bool(now.calls_of("sendChatAction")))
    held.release()
    await answered(slow, 1)

    assert chat.world.calls_of("sendChatAction")[0].at - sent_at >= TYPING_AFTER
    assert (quick.actions, slow.actions) == ([], ["typing"])


@sqlite_only
async def test_failing_typing_harms_nothing(chat: Chat) -> None:
    user = chat.world.user()
    held = chat.rasa.twist(How.HELD)
    fault = chat.world.fail("sendChatAction", status=500)
    user.send_text("traag")
    await fault.wait_for_hits()

    held.release()

    await answered(user, 1)


async def test_long_wait_keeps_the_chat_with_one_worker(chat: Chat) -> None:
    user, other = chat.world.user(), chat.world.user()
    held = chat.rasa.twist(How.HELD, text="een")
    for text in ("een", "twee"):
        user.send_text(text)
    await chat.rasa.wait_for_turns(1)

    for _ in range(2):
        chat.clock.step(seconds=LEASE_SECONDS + 1)
        await chat.bell.looked()
    await other.ask("van een ander")
    held.release()
    await answered(user, 2)

    attempts = [call.metadata["attempt"] for call in chat.rasa.calls if call.said == "een"]
    assert attempts == [1]
    assert words.KEPT not in texts(user)


async def test_worker_survives_a_database_that_was_away(chat: Chat) -> None:
    user = chat.world.user()
    held = chat.rasa.twist(How.HELD)
    user.send_text("een")
    await chat.rasa.wait_for_turns(1)
    async with refusing(chat.database, inbox):
        held.release()
        assert await held.wait_for_late() == [500]
        await chat.bell.looked()
        await chat.bell.looked()
    user.send_text("twee")

    await answered(user, 2)

    assert chat.rasa.said == ["een", "een", "twee"]
