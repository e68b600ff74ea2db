"""One person sends far too much: nobody else waits for it, and the database does not fill up."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field

import pytest

from bot.chat.worker import WorkerOptions
from bot.domain import floods
from bot.domain.floods import MOST_A_MINUTE, MOST_LINKS, MOST_WAITING
from bot.domain.inbox import Channel
from bot.services.links import START_WORD
from bot.storage.tables import conversation, inbox, outbox
from bot.texts.conversation import TOO_FAST
from bot.texts.review import LINK_IS_OVER
from tests.botapi import User
from tests.faults.kill_run import Report
from tests.faults.sizes import size
from tests.integration.fake_rasa import How
from tests.integration.running_chat import Chat, ChatMaker, sqlite_only, stored

pytest_plugins = ["tests.integration.chat_fixtures"]

A_SECOND = 200
SECONDS = size(1, 20)
QUESTIONS = size(4, 40)
OTHERS = 4
WITHIN = 20.0
#: The flood itself, Telegram's side of it too, runs on this machine and makes it busy; who stood in
#: line behind it would wait for hundreds of turns.
TIMES_SLOWER = 15


@dataclass
class Times:
    """How long others waited for their answers, without the flood and beside it."""

    calm: list[float] = field(default_factory=list)
    flooded: list[float] = field(default_factory=list)
    given_up: int = 0

    @property
    def ratio(self) -> float:
        return statistics.median(self.flooded) / statistics.median(self.calm)


async def flood(user: User, until: asyncio.Event) -> int:
    """Send `A_SECOND` messages a second until told to end, and at least for `SECONDS`."""
    begun, sent = time.monotonic(), 0
    while not until.is_set() or sent < A_SECOND * SECONDS:
        due = int((time.monotonic() - begun) * A_SECOND) + 1
        for _ in range(sent, min(due, sent + A_SECOND)):
            user.send_text(f"vloed {sent}")
            sent += 1
        # This is the speed that is asked for, nothing that is waited for.
        await asyncio.sleep(0.02)
    return sent


async def ask(users: list[User], times: list[float], within: float) -> int:
    """Let everybody ask, one question after the other; give how many got no answer in time."""

    async def one(user: User) -> int:
        try:
            for _ in range(QUESTIONS):
                begun = time.monotonic()
                await user.ask("hallo", within=within)
                times.append(time.monotonic() - begun)
        except TimeoutError:
            return 1
        return 0

    return sum(await asyncio.gather(*map(one, users)))


async def beside_a_flood(chat: Chat, within: float = WITHIN) -> tuple[Times, int, User]:
    """Let others ask without a flood, and then beside one."""
    flooder, others = chat.world.user(), [chat.world.user() for _ in range(OTHERS)]
    times, is_over = Times(), asyncio.Event()
    assert not await ask(others, times.calm, within)
    flooding = asyncio.create_task(flood(flooder, is_over))
    await chat.world.wait_for(lambda now: len(now.confirmed) > OTHERS * QUESTIONS + A_SECOND, 20)
    times.given_up = await ask(others, times.flooded, within)
    is_over.set()
    return times, await flooding, flooder


async def wrongs(chat: Chat, times: Times, sent: int, flooder: User) -> list[str]:
    """Say what a flood did that it should not do."""
    talks = {row.id: row.address for row in await stored(chat.database, conversation)}
    rows = await stored(chat.database, inbox)
    kept = sum(talks[row.conversation_id] == str(flooder.id) for row in rows)
    told = [row for row in await stored(chat.database, outbox) if row.payload["text"] == TOO_FAST]
    minutes = 1 + (sent // A_SECOND) // 60
    found = []
    if times.given_up:
        found.append(f"{times.given_up} of {OTHERS} got no answer")
    elif times.ratio > TIMES_SLOWER:
        found.append(f"others waited {times.ratio:.1f} times as long")
    if kept > MOST_A_MINUTE * (minutes + 1):
        found.append(f"{kept} of the flood were stored")
    if {row.address for row in told} != {str(flooder.id)} or len(told) > minutes + 1:
        found.append(f"{len(told)} messages about the limit")
    return found


async def test_others_keep_their_speed_beside_a_flood(chat: Chat, report: Report) -> None:
    times, sent, flooder = await beside_a_flood(chat)

    found = await wrongs(chat, times, sent, flooder)

    figures = {
        "sent": sent,
        "median_ms_calm": round(statistics.median(times.calm) * 1000),
        "median_ms_flooded": round(statistics.median(times.flooded) * 1000),
        "ratio": round(times.ratio, 1),
    }
    report(f"flood_{chat.database.engine.name}", figures)
    assert found == []


@sqlite_only
async def test_without_limit_and_places_others_wait(
    chats: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("MOST_WAITING", "MOST_A_MINUTE"):
        monkeypatch.setattr(floods, limit, 10**6)
    monkeypatch.setattr("bot.bootstrap.WorkerOptions", one_place)
    async with chats.run() as chat:
        times, sent, flooder = await beside_a_flood(chat, within=3.0)

        found = await wrongs(chat, times, sent, flooder)

    assert [said.partition(" ")[2] for said in found] == [
        f"of {OTHERS} got no answer",
        "of the flood were stored",
        "messages about the limit",
    ]


def one_place(owner: str, channels: tuple[Channel, ...]) -> WorkerOptions:
    return WorkerOptions(owner, channels, most_chats=1)


@sqlite_only
async def test_others_come_before_the_rest_of_a_flood(chat: Chat) -> None:
    flooder, others = chat.world.user(), [chat.world.user() for _ in range(20)]
    held = chat.rasa.twist(How.HELD, times=None)
    with chat.world.lock:
        for number in range(A_SECOND):
            flooder.send_text(f"vloed {number}")
        for number, other in enumerate(others):
            other.send_text(f"ander {number}")
    await chat.world.wait_for(lambda now: len(now.confirmed) == A_SECOND + len(others), WITHIN)

    held.release()
    for other in others:
        await other.wait_for(1, WITHIN)
    said = await chat.rasa.wait_for_turns(MOST_WAITING + len(others), WITHIN)

    before = [
        sum(text.startswith("vloed") for text in said[: said.index(f"ander {number}")])
        for number in range(len(others))
    ]
    # Nineteen of twenty: the p95, in turns of the flood that came before.
    assert sorted(before)[18] <= MOST_WAITING // 2, before
    assert [text for text in said if text.startswith("vloed")] == [
        f"vloed {number}" for number in range(MOST_WAITING)
    ]


@sqlite_only
async def test_guessed_links_are_tried_by_tens(chat: Chat) -> None:
    guesser = chat.world.user()
    with chat.world.lock:
        for number in range(100):
            guesser.send_text(f"/start {START_WORD}{number:054}")
    await chat.world.wait_for(lambda now: len(now.confirmed) == 100, WITHIN)

    await guesser.wait_for(MOST_LINKS + 1, WITHIN)
    await guesser.ask("hallo", within=WITHIN)

    said = [message.text for message in guesser.received]
    assert said.count(TOO_FAST) == 1
    assert sum(LINK_IS_OVER in text for text in said) == MOST_LINKS
    assert len(await stored(chat.database, inbox)) == MOST_LINKS + 1
