"""Somebody who sends far too much: bounded in the database, told once, and nobody else waits."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs
from telegram import Bot

from bot.chat.intake import Intake
from bot.chat.telegram import TelegramDoor
from bot.domain.errors import TooFastError
from bot.domain.floods import MOST_A_MINUTE, MOST_LINKS, MOST_WAITING
from bot.domain.inbox import Channel, Incoming, Kind
from bot.services.bell import Bell
from bot.storage.database import Database
from bot.storage.tables import inbox, outbox
from bot.texts.conversation import TOO_FAST
from tests.clocks import SteppingClock
from tests.integration.running_chat import stored
from tests.person import made_book
from tests.recorded_telegram import Recorded

FLOOD = 200
_numbers = itertools.count(1)


@pytest.fixture
def intake(database: Database, clock: SteppingClock) -> Intake:
    return Intake(database, clock, Bell(), made_book().signer)


def messages(
    count: int, address: str = "1001", channel: Channel = Channel.TELEGRAM
) -> list[Incoming]:
    numbers = [next(_numbers) for _ in range(count)]
    return [
        Incoming(channel, address, f"flood-test:{number}", Kind.TEXT, f"bericht {number}")
        for number in numbers
    ]


def kept(ids: list[int | None]) -> int:
    return sum(row_id is not None for row_id in ids)


async def told(database: Database) -> int:
    rows = await stored(database, outbox)
    return sum(row.payload["text"] == TOO_FAST for row in rows)


async def answer_all(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(update(inbox).values(state="done"))


async def test_each_update_of_a_flood_is_stored_or_counted(
    database: Database, intake: Intake
) -> None:
    door = TelegramDoor(Bot("1:x", request=Recorded()), intake, database)
    person = {"id": 1001, "is_bot": False, "first_name": "X"}
    head = {"chat": {"id": 1001, "type": "private"}, "from": person, "date": 1}
    flood = [
        {"update_id": number, "message": {**head, "message_id": number, "text": f"{number}"}}
        for number in range(1, FLOOD + 1)
    ]

    with capture_logs() as logs:
        await door.receive(flood)
        await door.receive(flood[:1])

    counted = [entry for entry in logs if entry["event"] == "update_ignored"]
    assert {entry["why"] for entry in counted} == {"too_fast"}
    rows = {int(row.key.split(":")[1]) for row in await stored(database, inbox)}
    assert len(rows) == MOST_WAITING
    assert sorted([*rows, *(entry["update"] for entry in counted)]) == list(range(1, FLOOD + 1))


async def test_flood_is_bounded_and_told_once(database: Database, intake: Intake) -> None:
    flood = messages(FLOOD)

    ids = [*await intake.store(flood[:100]), *await intake.store(flood[100:])]

    assert kept(ids) == MOST_WAITING
    assert ids[MOST_WAITING:] == [None] * (FLOOD - MOST_WAITING)
    assert len(await stored(database, inbox)) == MOST_WAITING
    assert await told(database) == 1


async def test_others_in_the_same_batch_are_stored(database: Database, intake: Intake) -> None:
    flood, other = messages(99), messages(1, "1002")

    ids = await intake.store([*flood, *other])

    assert ids[-1] is not None
    assert {row.address for row in await stored(database, outbox)} == {"1001"}


async def test_limit_holds_after_a_restart(database: Database, clock: SteppingClock) -> None:
    await Intake(database, clock, Bell(), made_book().signer).store(messages(MOST_WAITING))
    reopened = Database(database.engine.url.render_as_string(False), clock)

    ids = await Intake(reopened, clock, Bell(), made_book().signer).store(messages(1))
    await reopened.close()

    assert ids == [None]
    assert await told(database) == 1


async def test_quick_answers_do_not_open_the_gate(
    database: Database, clock: SteppingClock, intake: Intake
) -> None:
    counts = []
    for _ in range(3):
        counts.append(kept(await intake.store(messages(MOST_WAITING))))
        await answer_all(database)
    clock.step(seconds=61)
    counts.append(kept(await intake.store(messages(1))))

    assert counts == [MOST_WAITING, MOST_A_MINUTE - MOST_WAITING, 0, 1]


async def test_who_goes_on_too_fast_hears_it_again_after_a_minute(
    database: Database, clock: SteppingClock, intake: Intake
) -> None:
    heard = []
    for seconds, count in ((0, MOST_WAITING), (0, 1), (1, 1), (58, 1), (1, MOST_WAITING), (0, 1)):
        clock.step(seconds=seconds)
        ids = await intake.store(messages(count))
        heard.append((kept(ids), await told(database)))

    assert heard == [(MOST_WAITING, 0), (0, 1), (0, 1), (0, 1), (MOST_WAITING, 1), (0, 2)]


async def test_who_waits_for_us_may_go_on(
    database: Database, clock: SteppingClock, intake: Intake
) -> None:
    counts = []
    for _ in range(4):
        counts.append(kept(await intake.store(messages(MOST_WAITING))))
        clock.step(minutes=1)

    assert counts == [MOST_WAITING] * 4
    assert await told(database) == 0


async def test_guessing_links_is_slow(
    database: Database, clock: SteppingClock, intake: Intake
) -> None:
    kinds = (Kind.LINK, Kind.TEXT)
    guesses = [replace(one, kind=Kind.LINK) for one in messages(20)]

    first = await intake.store(guesses[:-1])
    said = await intake.store(messages(1))
    clock.step(minutes=1)
    later = await intake.store(guesses[-1:])

    assert kept(first) == MOST_LINKS
    assert (kept(said), kept(later)) == (1, 1)
    rows = await stored(database, inbox)
    assert Counter(row.kind for row in rows) == dict(zip(kinds, (MOST_LINKS + 1, 1), strict=True))
    assert await told(database) == 1


async def test_message_that_comes_again_was_not_lost(database: Database, intake: Intake) -> None:
    batch = messages(MOST_WAITING)
    await intake.store(batch)

    again = await intake.store(batch)

    assert kept(again) == 0
    assert await told(database) == 0


async def test_updates_beside_each_other_stay_bounded(database: Database, intake: Intake) -> None:
    flood = messages(FLOOD)

    await asyncio.gather(*(intake.store([message]) for message in flood))

    # Those that are stored at the same moment do not see each other; twenty connections do that.
    assert len(await stored(database, inbox)) < MOST_WAITING + 20
    assert await told(database) == 1


async def test_who_waits_for_our_word_gets_it_back(database: Database, intake: Intake) -> None:
    for message in messages(MOST_WAITING, "browser", Channel.WEB):
        await intake.store_one(message)

    with pytest.raises(TooFastError):
        await intake.store_one(messages(1, "browser", Channel.WEB)[0])

    assert len(await stored(database, inbox)) == MOST_WAITING
    assert await stored(database, outbox) == []


async def test_terminal_of_this_machine_has_no_limit(intake: Intake) -> None:
    ids = await intake.store(messages(FLOOD, "script", Channel.TERMINAL))

    assert kept(ids) == FLOOD
