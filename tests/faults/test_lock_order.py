"""Messages that open chats again and a worker that renews its leases never block each other."""

from __future__ import annotations

import asyncio
import random

import pytest
from sqlalchemy import update

from bot.chat.intake import Intake
from bot.domain.inbox import Channel, Incoming, Kind
from bot.services.bell import Bell
from bot.storage.database import Database
from bot.storage.tables import conversation
from tests.clocks import SteppingClock
from tests.faults.sizes import size
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
