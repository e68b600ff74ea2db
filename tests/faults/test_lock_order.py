"""Who locks chats at the same moment: nobody blocks another for ever, and all stands in order."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.chat.intake import Intake
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.turn import Reply
from bot.services.bell import Bell
from bot.storage.database import Database
from bot.storage.tables import conversation
from bot.storage.transcript import Transcripts
from tests.clocks import SteppingClock
from tests.faults.sizes import size
from tests.integration.running_chat import stored
from tests.person import made_book

CHATS = [str(number) for number in range(30)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_many_reopened_chats_and_renewed_leases_go_together(
    database: Database, clock: SteppingClock
) -> None:
    chance = random.Random(1)
    intake = Intake(database, clock, Bell(), made_book().signer)

    async def write(batch: int) -> None:
        addresses = chance.sample(CHATS, len(CHATS))
        await intake.store(
            [
                Incoming(Channel.TELEGRAM, address, f"{batch}:{address}", Kind.TEXT, "hallo")
                for address in addresses
            ]
        )

    async def renew(ids: list[str]) -> None:
        async with database.write() as uow:
            await uow.conversations.renew("ons", ids, 10)

    await write(0)
    async with database.write() as uow:
        ids = await uow.conversations.lease("ons", [Channel.TELEGRAM], len(CHATS), 10)
    for batch in range(1, size(10, 300)):
        async with database.engine.begin() as connection:
            await connection.execute(update(conversation).values(is_closed=True))

        # Whatever blocks another raises: the database breaks one of them off.
        await asyncio.gather(write(batch), *(renew(ids) for _ in range(3)))


async def test_what_is_said_at_the_same_moment_is_read_in_its_order(
    database: Database, clock: SteppingClock
) -> None:
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.WEB, "1")
        await uow.inbox.add(talk, Incoming(Channel.WEB, "1", "1", Kind.TEXT, "hallo"), clock.now())

    async def push() -> None:
        async with database.write() as uow:
            await uow.turns.push(talk, "event:1", [Reply("nieuws")])

    async with database.write() as uow:
        await uow.turns.push(talk, "turn:1", [Reply("antwoord")])
        other = asyncio.create_task(push())
        # Were it there now, a page would go on from it and never read the answer before it.
        done, _ = await asyncio.wait({other}, timeout=0.5)
        read = await Transcripts(database).read(Channel.WEB, "1")
    await other
    page = await Transcripts(database).read(Channel.WEB, "1")

    assert not done
    assert [line.text for line in page.after(read.cursor)] == ["antwoord", "nieuws"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_lease_is_renewed_beside_who_says_something(
    database: Database, clock: SteppingClock
) -> None:
    async with database.write() as uow:
        talks = [await uow.conversations.of(Channel.TELEGRAM, address) for address in "123"]
        for talk in talks:
            message = Incoming(Channel.TELEGRAM, talk.address, talk.id, Kind.TEXT, "hallo")
            await uow.inbox.add(talk, message, clock.now())
        ids = await uow.conversations.lease("ons", [Channel.TELEGRAM], 3, 10)

    async with database.write() as uow:
        await uow.turns.push(talks[1], "event:1", [Reply("nieuws")])
        async with asyncio.timeout(20), database.write() as beside:
            await beside.conversations.renew("ons", ids, 60)

    until = {row.id: row.lease_until for row in await stored(database, conversation)}
    renewed = {talk.id for talk in talks if until[talk.id] == clock.now() + timedelta(seconds=60)}
    assert renewed == {talks[0].id, talks[2].id}
