"""After a deletion and after a term no word of a person is left in the bytes on the disk.

`test_no_trace.py` asks the database; this reads its files, while it stays open.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Collection
from typing import Any

import pytest
from sqlalchemy import event, insert, update
from structlog.testing import capture_logs

from bot.domain.inbox import Channel
from bot.domain.keeping import Keep
from bot.services.retention import Retention
from bot.services.wiping import LATER, Wiper
from bot.storage.database import Database
from bot.storage.in_use import sqlite_file
from bot.storage.tables import inbox, outbox, turn
from tests.clocks import SteppingClock
from tests.integration.running_chat import Chat, sqlite_only
from tests.person import PLAN_ANSWERS, Person, make_services, write_plan
from tests.reviews import add_contacts

pytest_plugins = ["tests.integration.chat_fixtures"]
pytestmark = sqlite_only

CANARY = "Kanariegeel"
SHORT = ("regiovisie", "doelen", "naam")
PEOPLE = 30
LOOKS = 200


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


@pytest.fixture
def wiper(database: Database, clock: SteppingClock) -> Wiper:
    return Wiper(database, clock)


def on_disk(database: Database) -> dict[str, bytes]:
    """Give the bytes of the database and of all that SQLite keeps beside it."""
    file = sqlite_file(database.url)
    assert file
    return {path.name: path.read_bytes() for path in file.parent.glob(f"{file.name}*")}


def found(database: Database, words: Collection[str]) -> dict[str, int]:
    """Give how often one of these words stands in each file that holds one."""
    counted = {
        name: sum(content.count(word.encode()) for word in words)
        for name, content in on_disk(database).items()
    }
    return {name: count for name, count in counted.items() if count}


async def typed_everywhere(person: Person) -> None:
    """Let a person type the canary wherever something can be typed, in long and short texts."""
    services = person.services
    await add_contacts(person.database)
    await person.do(services.welcome.greet, f"hallo {CANARY}")
    await write_plan(person, until="regiovisie")
    for step, text in list(PLAN_ANSWERS.items())[list(PLAN_ANSWERS).index("regiovisie") :]:
        much = "" if step in SHORT else " heel veel tekst" * 400
        await person.answer(text if step == "email" else f"{CANARY} {text}{much}")
    await person.do(services.hand_over.send, "Versturen")


async def deleted(person: Person) -> None:
    await person.do(person.services.privacy.ask_delete, "/verwijder")
    await person.do(person.services.privacy.delete, "ja, wis alles")


async def test_deletion_leaves_no_byte_while_the_database_stays_open(
    person: Person, wiper: Wiper
) -> None:
    await typed_everywhere(person)
    before = found(person.database, [CANARY])
    await deleted(person)

    await wiper.look()

    assert sum(before.values()) > 20
    assert found(person.database, [CANARY]) == {}


@pytest.mark.parametrize("is_kept", [False, True])
async def test_first_text_with_the_name_of_a_pupil_leaves_no_byte(
    person: Person, wiper: Wiper, is_kept: bool
) -> None:
    await write_plan(person, until="doelen")
    await person.answer(f"Onze leerling Jan {CANARY} bouwt een drone." + " heel veel tekst" * 200)
    before = found(person.database, [CANARY])
    if is_kept:
        await person.press(person.services.answers.keep_as_is, "Bewaar het zo")
    else:
        await person.answer("Een leerling bouwt een drone.")

    await wiper.look()

    assert before
    assert bool(found(person.database, [CANARY])) == is_kept


async def test_running_app_wipes_by_itself(chat: Chat, database: Database) -> None:
    user = chat.world.user()
    await user.ask(f"/help {CANARY}")
    before = found(database, [CANARY])
    await user.ask("/verwijder")
    await user.tap("Ja, wis alles")

    for _ in range(LOOKS):
        if not (left := found(database, [CANARY])):
            break
        await asyncio.sleep(0.1)

    assert before
    assert left == {}


async def test_term_that_passes_leaves_no_byte(person: Person, wiper: Wiper) -> None:
    await typed_everywhere(person)
    async with person.database.engine.begin() as connection:
        await connection.execute(update(outbox).values(state="sent"))
    person.clock.step(days=Keep().plans + 1)
    await Retention(person.database, person.clock, Keep()).sweep()

    await wiper.look()

    assert found(person.database, [CANARY]) == {}


async def test_copies_that_moving_rows_left_behind_go_too(database: Database, wiper: Wiper) -> None:
    words = await many_people(database)
    left: dict[int, dict[str, int]] = {}

    for number, (person_id, word) in enumerate(words.items()):
        async with database.write() as uow:
            await uow.people.delete(person_id, keep_turn=None)
        database.clock.step(seconds=LATER.total_seconds())
        await wiper.look()
        left[number] = found(database, [word])

    assert left == {number: {} for number in range(PEOPLE)}


async def many_people(database: Database) -> dict[str, str]:
    """Let many people chat at once, so that their words share pages; give each one's word."""
    chance = random.Random(7)
    async with database.write() as uow:
        talks = [await uow.conversations.of(Channel.TELEGRAM, f"9{n}") for n in range(PEOPLE)]
    words = {talk.person_id: f"woord-van-{n:02d}" for n, talk in enumerate(talks)}
    async with database.engine.begin() as connection:
        for number in range(1, 2001):
            talk = chance.choice(talks)
            text = f"{words[talk.person_id]} " + "x" * chance.choice((5, 50, 300, 3000))
            row = {"id": number, "conversation_id": talk.id, "key": f"k{number}", "text": text}
            more = {"kind": "text", "state": "done", "attempt": 1, "failures": 0}
            at = database.clock.now()
            await connection.execute(
                insert(inbox).values(**row, **more, was_told=False, received_at=at)
            )
            await connection.execute(
                insert(turn).values(id=number, replies=[{"text": text}], saved_at=at)
            )
    return words


async def test_reader_puts_off_the_wiping_and_nobody_who_types(
    person: Person, wiper: Wiper
) -> None:
    await typed_everywhere(person)
    async with person.database.read() as uow:
        await uow.plans.of("nobody")
        await deleted(person)
        await wiper.look()
        person.clock.step(seconds=LATER.total_seconds())
        await wiper.look()
        while_read = (person.database.has_erased, found(person.database, [CANARY]))
        log = len(on_disk(person.database)["test.db-wal"])
        async with asyncio.timeout(5):
            said = await person.do(person.services.welcome.greet, "hallo")
        person.clock.step(seconds=LATER.total_seconds())
        await wiper.look()
        grown = len(on_disk(person.database)["test.db-wal"]) - log

    await wiper.look()
    too_soon = person.database.has_erased
    person.clock.step(seconds=LATER.total_seconds())
    await wiper.look()

    assert "Ik ben de STO-wegwijzer" in said
    assert all(while_read)
    # The file is not written anew at every try: its log would fill the disk.
    assert grown < 100_000
    assert too_soon
    assert found(person.database, [CANARY]) == {}


async def test_wiping_that_fails_is_logged_and_done_later(person: Person, wiper: Wiper) -> None:
    refused: list[bool] = [True]

    def limit(connection: Any, *_more: object) -> None:
        connection.cursor().execute(f"PRAGMA query_only={'ON' if refused else 'OFF'}")

    await typed_everywhere(person)
    await deleted(person)
    event.listen(person.database.engine.sync_engine, "checkout", limit)
    with capture_logs() as logged:
        await wiper.look()
    refused.clear()
    person.clock.step(seconds=LATER.total_seconds())

    await wiper.look()

    assert [entry["event"] for entry in logged] == ["erased_not_wiped"]
    assert found(person.database, [CANARY]) == {}


async def test_nothing_is_wiped_before_something_is_erased(person: Person, wiper: Wiper) -> None:
    await typed_everywhere(person)
    before = on_disk(person.database)

    await wiper.look()

    assert not person.database.has_erased
    assert on_disk(person.database) == before


async def test_trial_of_a_sweep_wipes_nothing(person: Person, database: Database) -> None:
    await Retention(database, person.clock, Keep()).sweep(is_trial=True)

    assert not database.has_erased


async def test_every_connection_overwrites_what_is_deleted(database: Database) -> None:
    def as_most_builds_are(connection: Any, *_more: object) -> None:
        connection.cursor().execute("PRAGMA secure_delete=OFF")

    event.listen(database.engine.sync_engine, "connect", as_most_builds_are, insert=True)

    async with database.read() as one, database.read() as two:
        settings = [
            (await uow.people._connection.exec_driver_sql("PRAGMA secure_delete")).scalar()
            for uow in (one, two)
        ]

    assert settings == [1, 1]
