"""What the storage promises, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.conversation import Conversation, Delivery
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.turn import Choice, Document, DocumentKind, Open, OpenKind, Reply
from bot.storage.database import Database
from bot.storage.tables import inbox, outbox, person
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.clocks import SteppingClock
from tests.integration.running_chat import stored
from tests.person import content

TELEGRAM = (Channel.TELEGRAM,)
ODD_TEXT = "één “twee” 👩🏽‍🔬\n\n\t<b>'drie'</b> \\ %s :naam $1 --;"


def message(text: str, key: str | None = None, address: str = "1") -> Incoming:
    return Incoming(Channel.TELEGRAM, address, key or f"k:{text}", Kind.TEXT, text, f"s:{text}")


async def arrive(database: Database, *texts: str, address: str = "1") -> list[int]:
    """Store messages of one chat; give their numbers."""
    found = []
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, address)
        for text in texts:
            number = await uow.inbox.add(talk, message(text, address=address), database.clock.now())
            assert number
            found.append(number)
    return found


async def talk_of(database: Database, address: str = "1") -> Conversation:
    async with database.write() as uow:
        return await uow.conversations.of(Channel.TELEGRAM, address)


async def lease(
    database: Database, owner: str, limit: int = 10, busy: tuple[str, ...] = ()
) -> list[str]:
    async with database.write() as uow:
        return await uow.conversations.lease(owner, TELEGRAM, limit, 30, busy=busy)


# The transaction


async def test_failing_transaction_leaves_nothing(database: Database) -> None:
    async def fails() -> None:
        async with database.write() as uow:
            await uow.conversations.of(Channel.TELEGRAM, "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()

    assert await stored(database, person) == []


async def test_reader_does_not_wait_for_a_writer(database: Database) -> None:
    await arrive(database, "een")
    async with database.write() as writer:
        talk = await writer.conversations.of(Channel.TELEGRAM, "1")
        await writer.inbox.add(talk, message("twee"), database.clock.now())
        async with asyncio.timeout(2), database.read() as reader:
            seen = await reader.inbox.count_open()

    assert seen == 1


async def test_writers_of_one_message_go_one_by_one(database: Database) -> None:
    (number,) = await arrive(database, "een")
    done: list[str] = []
    first_has_it, second_began = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.write() as uow:
            await uow.inbox.get(number)
            first_has_it.set()
            await second_began.wait()
            done.append("first")

    async def second() -> None:
        await first_has_it.wait()
        second_began.set()
        async with database.write() as uow:
            await uow.inbox.get(number)
            done.append("second")

    await asyncio.gather(first(), second())

    assert done == ["first", "second"]


async def test_moments_come_back_in_utc(database: Database) -> None:
    amsterdam_summer = timezone(timedelta(hours=2))
    moment = datetime(2026, 7, 1, 0, 30, tzinfo=amsterdam_summer)
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, "1")
        number = await uow.inbox.add(talk, message("een"), moment)
        assert number
    async with database.read() as uow:
        row = await uow.inbox.get(number)

    assert row.received_at == moment
    assert row.received_at.tzinfo is UTC


# The inbox


async def test_same_key_is_stored_once(database: Database) -> None:
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, "1")
        first = await uow.inbox.add(talk, message("een", "k"), database.clock.now())
        second = await uow.inbox.add(talk, message("anders", "k"), database.clock.now())

    assert (first is not None, second) == (True, None)
    assert [row.text for row in await stored(database, inbox)] == ["een"]


async def test_same_key_in_two_transactions_is_stored_once(database: Database) -> None:
    await talk_of(database)

    async def add() -> int | None:
        async with database.write() as uow:
            talk = await uow.conversations.of(Channel.TELEGRAM, "1")
            return await uow.inbox.add(talk, message("een", "k"), database.clock.now())

    found = await asyncio.gather(*(add() for _ in range(5)))

    assert sum(number is not None for number in found) == 1


async def test_new_person_who_writes_twice_at_once_is_one(database: Database) -> None:
    talks = await asyncio.gather(*(talk_of(database) for _ in range(5)))

    assert len({talk.id for talk in talks}) == 1
    assert len(await stored(database, person)) == 1


async def test_text_comes_back_verbatim(database: Database) -> None:
    (number,) = await arrive(database, ODD_TEXT)

    async with database.read() as uow:
        row = await uow.inbox.get(number)

    assert (row.text, row.source) == (ODD_TEXT, f"s:{ODD_TEXT}")


async def test_only_the_first_attempt_freezes_what_is_open(database: Database) -> None:
    (number,) = await arrive(database, "een")
    frozen = Open(OpenKind.PLAN, "plan-7", "doelen")
    button = Choice("Terug", "cmd_back", "x", "plan-7/doelen")
    async with database.write() as uow:
        await uow.inbox.begin_attempt(number, frozen, button)
        await uow.inbox.begin_attempt(number, Open(), None)
        row = await uow.inbox.get(number)

    assert (row.attempt, row.open, row.pressed) == (2, frozen, button)


async def test_postponing_fences_and_counts(database: Database, clock: SteppingClock) -> None:
    (number,) = await arrive(database, "een")
    talk = await talk_of(database)
    async with database.write() as uow:
        await uow.inbox.begin_attempt(number, Open(), None)
        counts = [
            await uow.inbox.postpone(number, clock.now(), 5, failed=failed)
            for failed in (True, False, True)
        ]
        row = await uow.inbox.get(number)
        waits = await uow.inbox.first_open(talk.id, clock.now())
        ready = await uow.inbox.first_open(talk.id, clock.now() + timedelta(seconds=5))

    assert counts == [1, 1, 2]
    assert row.attempt == 4
    assert (waits, ready) == (None, number)


async def test_later_message_waits_for_a_postponed_one(
    database: Database, clock: SteppingClock
) -> None:
    first, second = await arrive(database, "een", "twee")
    talk = await talk_of(database)
    async with database.write() as uow:
        await uow.inbox.postpone(first, clock.now(), 5, failed=True)
        waits = await uow.inbox.first_open(talk.id, clock.now())
        await uow.inbox.park(first)
        after = await uow.inbox.first_open(talk.id, clock.now())

    assert (waits, after) == (None, second)


async def test_person_is_told_once(database: Database) -> None:
    (number,) = await arrive(database, "een")
    async with database.write() as uow:
        told = [await uow.inbox.tell_once(number) for _ in range(3)]

    assert told == [True, False, False]


# Buttons


async def test_buttons_belong_to_their_conversation(database: Database) -> None:
    mine, other = await talk_of(database, "1"), await talk_of(database, "2")
    shown = Choice("Terug", "cmd_back", None, "plan-7/doelen")
    async with database.write() as uow:
        await uow.turns.say(mine, "turn:1", [Reply("een", (shown,))], turn_id=1)
    key = (await stored(database, outbox))[0].payload["choices"][0]["key"]

    async with database.read() as uow:
        assert await uow.inbox.choice_by_key(mine.id, key) == shown
        assert await uow.inbox.choice_by_key(other.id, key) is None
        assert await uow.inbox.choice_by_key(mine.id, "x") is None
        assert await uow.inbox.last_choices(other.id) == []


async def test_last_buttons_are_those_shown_last(database: Database) -> None:
    talk = await talk_of(database)
    first, second = Choice("Ja", "affirm"), Choice("Nee", "deny")
    async with database.write() as uow:
        await uow.turns.say(talk, "turn:1", [Reply("een", (first,))], turn_id=1)
        await uow.turns.say(talk, "turn:2", [Reply("twee", (second,)), Reply("drie")], turn_id=2)
        last = await uow.inbox.last_choices(talk.id)

    assert last == [second]


# Leases


async def test_conversation_is_with_one_owner_until_released(database: Database) -> None:
    await arrive(database, "een", address="1")
    await arrive(database, "twee", address="2")

    first = await lease(database, "a", limit=1)
    second = await lease(database, "b")
    async with database.write() as uow:
        await uow.conversations.release(first[0], "b")
    still = await lease(database, "b")
    async with database.write() as uow:
        await uow.conversations.release(first[0], "a")
    free = await lease(database, "b")

    assert first == [(await talk_of(database, "1")).id]
    assert second == [(await talk_of(database, "2")).id]
    assert first[0] not in still
    assert first[0] in free


async def test_lease_runs_out_unless_it_is_renewed(
    database: Database, clock: SteppingClock
) -> None:
    await arrive(database, "een")
    (mine,) = await lease(database, "a")
    clock.step(seconds=29)
    async with database.write() as uow:
        await uow.conversations.renew("b", [mine], 30)
        await uow.conversations.renew("a", [mine], 30)
    clock.step(seconds=29)
    kept = await lease(database, "b")
    clock.step(seconds=2)

    assert kept == []
    assert await lease(database, "b") == [mine]


async def test_own_lease_keeps_out_only_the_busy(database: Database) -> None:
    await arrive(database, "een")
    (mine,) = await lease(database, "a")

    assert await lease(database, "a", busy=(mine,)) == []
    assert await lease(database, "a") == [mine]


async def test_two_leases_at_once_share_nothing(database: Database) -> None:
    for number in range(8):
        await arrive(database, f"t{number}", address=str(number))

    taken = await asyncio.gather(*(lease(database, owner, limit=4) for owner in "abcd"))

    together = [conversation for found in taken for conversation in found]
    assert len(together) == len(set(together))
    assert len(together) >= 4


async def test_waiting_conversation_is_not_leased(database: Database, clock: SteppingClock) -> None:
    first, _ = await arrive(database, "een", "twee")
    async with database.write() as uow:
        await uow.inbox.postpone(first, clock.now(), 5, failed=True)

    before = await lease(database, "a")
    clock.step(seconds=5)

    assert before == []
    assert len(await lease(database, "a")) == 1


async def test_other_channels_are_left_to_others(database: Database) -> None:
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.WEB, "1")
        await uow.inbox.add(talk, message("een"), database.clock.now())

    assert await lease(database, "a") == []


# The outbox


def delivery(text: str, talk: Conversation | None = None, key: str | None = None) -> Delivery:
    return Delivery(key or f"k:{text}", "telegram", "1", {"text": text}, talk and talk.id)


async def test_delivery_is_queued_once(database: Database, clock: SteppingClock) -> None:
    async with database.write() as uow:
        first = await uow.outbox.add(delivery("een", key="k"), clock.now())
        second = await uow.outbox.add(delivery("twee", key="k"), clock.now())

    assert (first, second) == (True, False)
    assert [row.payload for row in await stored(database, outbox)] == [{"text": "een"}]


async def test_claims_go_in_order_within_a_conversation(
    database: Database, clock: SteppingClock
) -> None:
    mine, other = await talk_of(database, "1"), await talk_of(database, "2")
    async with database.write() as uow:
        for text, talk in (("een", mine), ("twee", mine), ("drie", other), ("los", None)):
            await uow.outbox.add(delivery(text, talk), clock.now())
    claimed: list[list[str]] = []
    for _ in range(3):
        async with database.write() as uow:
            rows = await uow.outbox.claim(["telegram"], clock.now(), limit=9, seconds=30)
            for row in rows:
                await uow.outbox.sent(row.id, clock.now())
        claimed.append([row.payload["text"] for row in rows])

    assert claimed == [["een", "drie", "los"], ["twee"], []]


async def test_two_claims_at_once_share_nothing(database: Database, clock: SteppingClock) -> None:
    async with database.write() as uow:
        for number in range(8):
            await uow.outbox.add(delivery(f"t{number}"), clock.now())

    async def claim() -> list[int]:
        async with database.write() as uow:
            rows = await uow.outbox.claim(["telegram"], clock.now(), limit=4, seconds=30)
        return [row.id for row in rows]

    taken = [
        number for found in await asyncio.gather(claim(), claim(), claim()) for number in found
    ]

    assert len(taken) == len(set(taken)) == 8


async def test_retry_waits_and_keeps_what_was_sent(
    database: Database, clock: SteppingClock
) -> None:
    async with database.write() as uow:
        await uow.outbox.add(delivery("een"), clock.now())
        (row,) = await uow.outbox.claim(["telegram"], clock.now(), limit=9, seconds=30)
        await uow.outbox.part_sent(row.id, 1)
        await uow.outbox.retry(row.id, clock.now() + timedelta(seconds=5), "away")
        early = await uow.outbox.has_due(["telegram"], clock.now())
        clock.step(seconds=5)
        (again,) = await uow.outbox.claim(["telegram"], clock.now(), limit=9, seconds=30)

    assert not early
    assert (again.tries, again.parts_sent) == (2, 1)


async def test_what_a_dead_process_held_is_freed(database: Database, clock: SteppingClock) -> None:
    await arrive(database, "een")
    (mine,) = await lease(database, "a")
    async with database.write() as uow:
        await uow.outbox.add(delivery("een"), clock.now())
        await uow.outbox.claim(["telegram"], clock.now(), limit=9, seconds=30)
        await uow.conversations.release_all(TELEGRAM)
        await uow.outbox.release_all(["telegram"])
        (row,) = await uow.outbox.claim(["telegram"], clock.now(), limit=9, seconds=30)

    assert row.payload == {"text": "een"}
    assert await lease(database, "b") == [mine]


async def test_web_and_terminal_replies_are_shown_not_sent(database: Database) -> None:
    document = Document(DocumentKind.PLAN_PDF, "plan-7", "plan.pdf")
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.WEB, "cookie")
        await uow.turns.say(talk, "turn:1", [Reply(ODD_TEXT, (), document)], turn_id=1)
        (said,) = await uow.outbox.of_turn(1)
        is_due = await uow.outbox.has_due(["web", "terminal", "telegram"], database.clock.now())

    assert not is_due
    assert (said["text"], said["document"]["subject"]) == (ODD_TEXT, "plan-7")


# What is made once


async def at_once(
    database: Database, work: Callable[[SqlUnitOfWork], Awaitable[object]]
) -> list[object]:
    async def one() -> object:
        async with database.write() as uow:
            return await work(uow)

    return list(await asyncio.gather(*(one() for _ in range(6))))


async def test_references_at_once_all_differ(database: Database) -> None:
    numbers = await at_once(database, lambda uow: uow.plans.next_reference(2026))
    later = await at_once(database, lambda uow: uow.plans.next_reference(2027))

    assert sorted(map(str, numbers)) == sorted(map(str, later)) == list("123456")


async def test_first_plans_at_once_keep_one_question_set(database: Database) -> None:
    questions = content().questions

    await at_once(database, lambda uow: uow.questions.keep(questions))

    async with database.read() as uow:
        assert await uow.questions.get(questions.version) == questions


async def test_errors_never_quote_what_was_typed(database: Database) -> None:
    talk = Conversation("bestaat-niet", "p", Channel.TELEGRAM, "1")
    with pytest.raises(SQLAlchemyError) as caught:
        async with database.write() as uow:
            await uow.inbox.add(talk, message("geheim plan"), database.clock.now())

    assert "geheim" not in str(caught.value)


async def test_sqlite_folder_is_made_when_needed(tmp_path: Path, clock: SteppingClock) -> None:
    path = tmp_path / "nieuw" / "map" / "test.db"
    database = Database(f"sqlite+aiosqlite:///{path}", clock)

    async with database.read():
        pass
    await database.close()

    assert path.exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_writer_waits_for_another_process_and_can_be_stopped(database: Database) -> None:
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    stopped, patient = (asyncio.create_task(conversation_of(database, name)) for name in "ab")
    waited, _ = await asyncio.wait({stopped, patient}, timeout=0.6)

    stopped.cancel()
    ended, _ = await asyncio.wait({stopped}, timeout=2)
    other.rollback()
    other.close()

    assert waited == set()
    assert ended == {stopped}
    assert (await patient).address == "b"


async def conversation_of(database: Database, address: str) -> Conversation:
    async with database.write() as uow:
        return await uow.conversations.of(Channel.TELEGRAM, address)
