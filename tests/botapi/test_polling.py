"""How getUpdates gives and confirms updates."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram import Bot
from telegram.error import (
    Conflict,
)

from tests.botapi import BotApiServer, TelegramWorld
from tests.botapi.clients import connect, start_long_poll, texts


async def test_updates_stay_until_higher_offset(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    for text in ("een", "twee", "drie"):
        user.send_text(text)

    first = await bot.get_updates()
    again = await bot.get_updates(offset=first[0].update_id)
    confirmed_by_same_offset = set(world.confirmed)
    rest = await bot.get_updates(offset=first[1].update_id + 1)

    assert texts(first) == texts(again) == ["een", "twee", "drie"]
    assert confirmed_by_same_offset == set()
    assert texts(rest) == ["drie"]
    assert world.confirmed == {first[0].update_id, first[1].update_id}


async def test_update_ids_ascend_one_by_one(bot: Bot, world: TelegramWorld) -> None:
    for _ in range(3):
        world.user().send_text("hallo")

    ids = [update.update_id for update in await bot.get_updates()]

    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]


async def test_at_most_hundred_updates_at_once(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    for number in range(120):
        user.send_text(str(number))

    sizes = [len(await bot.get_updates(limit=limit)) for limit in (500, 100, 7, 0)]

    assert sizes == [100, 100, 7, 1]


async def test_offset_just_ahead_confirms_all(bot: Bot, world: TelegramWorld) -> None:
    world.user().send_text("hallo")

    found = await bot.get_updates(offset=world.queue.tail + 10)

    assert found == ()
    assert world.confirmed == {world.updates[0].update_id}


async def test_offset_far_ahead_confirms_nothing(bot: Bot, world: TelegramWorld) -> None:
    world.user().send_text("hallo")

    found = await bot.get_updates(offset=world.queue.tail + 11)

    assert texts(found) == ["hallo"]
    assert world.confirmed == set()


async def test_negative_offset_clears_but_last(bot: Bot, world: TelegramWorld) -> None:
    for text in ("een", "twee", "drie"):
        world.user().send_text(text)

    last = await bot.get_updates(offset=-1)
    after = await bot.get_updates()

    assert texts(last) == texts(after) == ["drie"]
    assert world.confirmed == set()


async def test_long_poll_answers_on_arrival(bot: Bot, world: TelegramWorld) -> None:
    poll = await start_long_poll(bot, world)

    world.user().send_text("hallo")

    assert texts(await poll) == ["hallo"]


async def test_long_poll_ends_empty_in_time(bot: Bot) -> None:
    began = time.monotonic()

    found = await bot.get_updates(timeout=1)

    assert found == ()
    assert 0.9 < time.monotonic() - began < 3


async def test_second_long_poll_ends_first(
    bot: Bot, server: BotApiServer, world: TelegramWorld
) -> None:
    first = await start_long_poll(bot, world)
    async with connect(server) as other:
        second = await start_long_poll(other, world)
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        world.user().send_text("hallo")

        assert texts(await second) == ["hallo"]


async def test_abandoned_long_poll_takes_nothing(bot: Bot, world: TelegramWorld) -> None:
    abandoned = await start_long_poll(bot, world)
    abandoned.cancel()
    with pytest.raises(asyncio.CancelledError):
        await abandoned
    poll = await start_long_poll(bot, world)

    world.user().send_text("hallo")

    assert texts(await poll) == ["hallo"]


async def test_unwanted_kinds_never_queue(bot: Bot, world: TelegramWorld) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])

    world.user().send_text("hallo")

    assert await bot.get_updates() == ()


async def test_restarted_ids_below_old_offset(bot: Bot, world: TelegramWorld) -> None:
    world.user().send_text("voor de vakantie")
    old = (await bot.get_updates())[-1].update_id + 1
    await bot.get_updates(offset=old)
    world.restart_ids(at=1000)

    world.user().send_text("na de vakantie")
    stuck = [texts(await bot.get_updates(offset=old)) for _ in range(2)]
    moved_on = await bot.get_updates(offset=1001)

    assert stuck == [["na de vakantie"], ["na de vakantie"]]
    assert moved_on == ()
    assert 1000 in world.confirmed


async def test_ids_restart_only_when_idle(world: TelegramWorld) -> None:
    world.user().send_text("hallo")

    with pytest.raises(ValueError, match="nothing waits"):
        world.restart_ids(at=1000)


async def test_duplicates_come_after_confirming(bot: Bot, world: TelegramWorld) -> None:
    world.duplicate_next()
    for text in ("een", "twee"):
        world.user().send_text(text)

    first = await bot.get_updates()
    second = await bot.get_updates(offset=first[-1].update_id + 1)
    third = await bot.get_updates(offset=first[-1].update_id + 1)

    assert texts(first) == ["een", "twee"]
    assert second == first[:1]
    assert third == ()


async def test_strict_pace_limits_repeated_polls(bot: Bot, world: TelegramWorld) -> None:
    world.strict_pace = True
    for text in ("een", "twee"):
        world.user().send_text(text)

    sizes = [len(await bot.get_updates()) for _ in range(2)]

    assert sizes == [2, 1]


async def test_expired_updates_are_gone(bot: Bot, world: TelegramWorld) -> None:
    world.user().send_text("een dag geleden")

    world.expire_updates()

    assert await bot.get_updates() == ()
    assert world.confirmed == set()
