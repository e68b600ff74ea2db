"""The switches that make calls fail, wait or lose their reply."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import (
    Forbidden,
    NetworkError,
    RetryAfter,
)

from tests.botapi import TOKEN, TelegramWorld
from tests.botapi.clients import keyboard, texts


async def test_flood_limit_raises_retry_after(
    bot: Bot, world: TelegramWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise python-telegram-bot warns about a type that it will change.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    user = world.user()
    user.send_text("hallo")
    world.fail("sendMessage", status=429, retry_after=7)

    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(user.id, "een")
    await bot.send_message(user.id, "twee")

    assert caught.value.retry_after == timedelta(seconds=7)
    assert [message.text for message in user.received] == ["twee"]
    assert [call.outcome for call in world.calls_of("sendMessage")] == [429, 200]


@pytest.mark.parametrize(
    ("status", "error"), [(500, NetworkError), (502, NetworkError), (403, Forbidden)]
)
async def test_failing_calls_do_not_act(
    bot: Bot, world: TelegramWorld, status: int, error: type[Exception]
) -> None:
    user = world.user()
    user.send_text("hallo")
    world.fail("sendMessage", status=status)

    with pytest.raises(error):
        await bot.send_message(user.id, "hallo")
    assert user.received == []


@pytest.mark.parametrize(("drop", "arrived"), [("before", []), ("after", ["hallo"])])
async def test_lost_reply_differs_from_lost_call(
    bot: Bot, world: TelegramWorld, drop: str, arrived: list[str]
) -> None:
    user = world.user()
    user.send_text("hallo")
    world.fail("sendMessage", drop=drop)

    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(user.id, "hallo")

    assert [message.text for message in user.received] == arrived
    await world.wait_for(lambda now: now.calls[-1].outcome == "dropped")


async def test_lost_get_updates_still_confirms(bot: Bot, world: TelegramWorld) -> None:
    world.user().send_text("een")
    world.user().send_text("twee")
    first = world.updates[0].update_id
    world.fail("getUpdates", drop="after")

    with pytest.raises(NetworkError):
        await bot.get_updates(offset=first + 1)

    assert world.confirmed == {first}
    assert texts(await bot.get_updates()) == ["twee"]


async def test_faults_can_aim_at_one_chat(bot: Bot, world: TelegramWorld) -> None:
    blocked, other = world.user(), world.user()
    for user in (blocked, other):
        user.send_text("hallo")
    fault = world.fail("sendMessage", times=None, status=403, chat_id=blocked.id)

    await bot.send_message(other.id, "hallo")
    for _ in range(2):
        with pytest.raises(Forbidden):
            await bot.send_message(blocked.id, "hallo")
    fault.stop()
    await bot.send_message(blocked.id, "hallo")

    assert fault.hits == 2


async def test_held_call_waits_for_release(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("hallo")
    fault = world.fail("sendMessage", hold=True)
    sending = asyncio.create_task(bot.send_message(user.id, "hallo"))
    await fault.wait_for_hits()
    before = user.received

    fault.release()
    await sending

    assert before == []
    assert [message.text for message in user.received] == ["hallo"]


async def test_delayed_call_is_late(bot: Bot, world: TelegramWorld) -> None:
    world.fail("getMe", delay=0.2)
    began = time.monotonic()

    await bot.get_me()

    assert time.monotonic() - began >= 0.2


async def test_call_log_never_holds_token(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("hallo")

    await bot.send_message(user.id, "dag", reply_markup=keyboard("Ja"))

    call = world.calls_of("sendMessage")[0]
    assert call.params["text"] == "dag"
    assert call.params["reply_markup"]["inline_keyboard"][0][0]["text"] == "Ja"
    assert TOKEN not in repr(world.calls)
