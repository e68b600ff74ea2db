"""A bad network between the app and Telegram: it goes on unaided, nothing lost, order kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.delivery.outcomes import Outcome, Sent
from bot.delivery.telegram import TelegramSender
from bot.domain.inbox import Channel
from bot.storage.outbox import OutboxRow
from tests.botapi import User
from tests.faults.chat_check import wrong_messages
from tests.faults.proxy import LOOPBACK, TcpProxy, Way
from tests.faults.sizes import size
from tests.integration.running_chat import Chat, ChatMaker

pytest_plugins = ["tests.integration.chat_fixtures"]
pytestmark = [
    pytest.mark.timeout(size(90, 900)),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

WITHIN = 40.0


@asynccontextmanager
async def far_telegram(chats: ChatMaker) -> AsyncIterator[tuple[Chat, TcpProxy]]:
    """Run the app with a network between it and Telegram."""
    async with (
        TcpProxy(LOOPBACK, chats.telegram.port) as network,
        chats.run(telegram_api_url=f"http://{LOOPBACK}:{network.port}") as chat,
    ):
        yield chat, network


async def polling(chat: Chat, before: int) -> None:
    """Return once a poll waits that began after `before` of them."""
    await chat.world.wait_for(lambda now: now.poll_number > before, WITHIN)


async def logged(chat: Chat, event: str) -> None:
    for _ in range(400):
        if event in [entry["event"] for entry in chat.logs]:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{event} was not logged")


async def answered(chat: Chat, user: User, count: int) -> None:
    """Return once so many answers arrived and we know it: then a reset cuts no receipt off."""
    await user.wait_for(count, WITHIN)
    assert await chat.parts.delivery.drain(Channel.TELEGRAM, WITHIN)


async def all_wrong(chat: Chat, users: list[User], cuts: int = 0) -> list[str]:
    """Wait until everything was sent and confirmed, and say what is wrong then."""
    if not await chat.parts.delivery.drain(Channel.TELEGRAM, WITHIN):
        return ["something was not sent"]
    await chat.world.wait_for(lambda now: not now.queue.pending, WITHIN)
    return await wrong_messages(chat, users, cuts=cuts)


async def test_resets_while_polling_lose_nothing(chats: ChatMaker) -> None:
    async with far_telegram(chats) as (chat, network):
        user, polls = chat.world.user(), 0
        for number in range(size(4, 100)):
            await answered(chat, user, number)
            await polling(chat, polls)
            network.reset_all()
            polls = chat.world.poll_number
            user.send_text(f"bericht {number}")
        await user.wait_for(size(4, 100), WITHIN)

        found = await all_wrong(chat, [user])

    assert found == []
    assert chat.rasa.said == [f"bericht {number}" for number in range(size(4, 100))]


async def test_lost_batch_is_fetched_again(chats: ChatMaker) -> None:
    async with far_telegram(chats) as (chat, network):
        user = chat.world.user()
        await polling(chat, 0)
        cut = network.cut_after(30, Way.DOWN, having=b"/getupdates")
        with chat.world.lock:
            for number in range(5):
                user.send_text(f"bericht {number}")
        await user.wait_for(5, WITHIN)

        found = await all_wrong(chat, [user])

    assert cut.is_done
    assert {update.deliveries for update in chat.world.updates} == {2}
    assert found == []


async def test_lost_receipts_bring_a_message_once_more_at_most(chats: ChatMaker) -> None:
    cuts = size(3, 60)
    async with far_telegram(chats) as (chat, network):
        user = chat.world.user()
        for number in range(cuts):
            cut = network.cut_after(0, Way.DOWN, having=b"/sendMessage")
            user.send_text(f"eerst {number}")
            user.send_text(f"dan {number}")
            await network.until(lambda cut=cut: cut.is_done, WITHIN)
            await user.wait_for(3 * (number + 1), WITHIN)

        found = await all_wrong(chat, [user], cuts)

    assert found == []
    # Telegram had acted each time: the network really lost what it said.
    assert len(user.received) == 3 * cuts


async def test_message_that_never_left_is_sent_again_once(chats: ChatMaker) -> None:
    async with far_telegram(chats) as (chat, network):
        user = chat.world.user()
        cut = network.cut_after(20, Way.UP, having=b"/sendMessage")
        user.send_text("eerst")
        user.send_text("dan")
        await user.wait_for(2, WITHIN)

        found = await all_wrong(chat, [user])

    assert cut.is_done
    assert found == []


async def test_half_closed_connections_lose_nothing(chats: ChatMaker) -> None:
    async with far_telegram(chats) as (chat, network):
        users, polls = [chat.world.user() for _ in range(2)], 0
        for number in range(size(3, 60)):
            await polling(chat, polls)
            polls = chat.world.poll_number
            network.half_close()
            for user in users:
                user.send_text(f"bericht {number}")
        for user in users:
            await user.wait_for(size(3, 60), WITHIN)

        # A message may have arrived over a connection that could not say so.
        found = await all_wrong(chat, users, cuts=size(3, 60) * len(users))

    assert found == []


async def test_slow_network_sends_nothing_twice(chats: ChatMaker) -> None:
    async with far_telegram(chats) as (chat, network):
        user = chat.world.user()
        network.delay(0.4)
        for number in range(size(3, 30)):
            user.send_text(f"bericht {number}")
        await user.wait_for(size(3, 30), WITHIN * 3)
        network.delay(0)

        found = await all_wrong(chat, [user])

    assert found == []


async def test_telegram_that_was_gone_is_found_again(chats: ChatMaker) -> None:
    async with far_telegram(chats) as (chat, network):
        user = chat.world.user()
        user.send_text("een")
        await answered(chat, user, 1)

        network.refuse()
        network.reset_all()
        with chat.world.lock:
            user.send_text("twee")
            user.send_text("drie")
        await logged(chat, "telegram_not_reached")
        network.accept()
        await user.wait_for(3, WITHIN)

        found = await all_wrong(chat, [user])

    assert found == []
    assert chat.rasa.said == ["een", "twee", "drie"]


async def test_app_may_start_before_telegram_is_there(chats: ChatMaker) -> None:
    user = chats.world.user()
    user.send_text("hallo")
    async with TcpProxy(LOOPBACK, chats.telegram.port) as network:
        network.refuse()
        async with chats.run(telegram_api_url=f"http://{LOOPBACK}:{network.port}") as chat:
            await logged(chat, "telegram_not_reached")
            network.accept()
            await user.wait_for("STO-wegwijzer", WITHIN)

            found = await all_wrong(chat, [user])

    assert found == []


async def test_check_notices_a_message_that_is_not_sent_again(
    chats: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful = TelegramSender.send

    async def careless(self: TelegramSender, row: OutboxRow) -> Outcome:
        await careful(self, row)
        return Sent()

    monkeypatch.setattr(TelegramSender, "send", careless)
    async with far_telegram(chats) as (chat, network):
        user = chat.world.user()
        network.cut_after(20, Way.UP, having=b"/sendMessage")
        user.send_text("eerst")
        user.send_text("dan")
        await user.wait_for(1, WITHIN)

        found = await all_wrong(chat, [user])

    assert [said for said in found if "never arrived" in said]
