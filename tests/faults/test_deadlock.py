"""Transactions that wait for each other: one is broken off and done again, and counts once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.turn import Reply
from bot.services.turns import Work
from bot.storage.database import Database
from bot.storage.tables import gap, inbox, outbox
from tests.chat_user import make_taker
from tests.clocks import SteppingClock
from tests.integration.running_chat import stored
from tests.person import Person, make_services, write_plan
from tests.reviews import only_plan


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_deadlock_is_done_again_and_takes_effect_once(
    database: Database, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = make_services(database, clock)
    people = [Person(database, services, clock, address) for address in ("1001", "1002")]
    for person in people:
        await write_plan(person, until="doelen")
    plans = [(await only_plan(person)).id for person in people]
    both_hold_one, tries = asyncio.Barrier(2), Counter[str]()

    async def lock_both(work: Work) -> list[Reply]:
        own = work.conversation.plan_id
        assert own
        (other,) = set(plans) - {own}
        tries[own] += 1
        await work.uow.gaps.add("region", f"from {own}", work.now)
        await work.uow.plans.lock(own)
        if tries[own] == 1:
            await both_hold_one.wait()
        await work.uow.plans.lock(other)
        return [Reply("gedaan")]

    monkeypatch.setattr(services.welcome, "help", lock_both, raising=True)
    taker = make_taker(database, services, clock)
    talks = [await _arrive(database, clock, person.address) for person in people]

    await asyncio.gather(*(taker.take_one(talk) for talk in talks))
    clock.step(minutes=1)
    await asyncio.gather(*(taker.take_one(talk) for talk in talks))

    assert sorted(tries.values()) == [1, 2]
    assert sorted(row.text for row in await stored(database, gap)) == sorted(
        f"from {plan}" for plan in plans
    )
    said = [row.payload["text"] for row in await stored(database, outbox)]
    assert said.count("gedaan") == 2
    assert {row.state for row in await stored(database, inbox)} == {"done"}


async def _arrive(database: Database, clock: SteppingClock, address: str) -> str:
    message = Incoming(Channel.TELEGRAM, address, f"help:{address}", Kind.COMMAND, "help")
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, address)
        await uow.inbox.add(talk, message, clock.now())
    return talk.id
