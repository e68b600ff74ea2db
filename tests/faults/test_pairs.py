"""Two messages right behind each other are both kept, each under its own question."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from bot.delivery.pace import Pace
from bot.storage.inbox import SqlInbox
from bot.storage.tables import answer, conversation, inbox, plan
from tests.botapi import User
from tests.faults.sizes import size
from tests.integration.running_chat import Chat, ChatMaker

pytest_plugins = ["tests.integration.chat_fixtures"]
pytestmark = pytest.mark.timeout(size(120, 3_600))

PAIRS = {"sqlite": size(42, 1_000), "postgresql": size(8, 1_000)}
#: The question that is open, and the one that comes after it.
STEPS = ("doelen", "activiteiten")


@pytest.fixture(autouse=True)
def quick_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own server does not mind how fast we send."""
    monkeypatch.setattr("bot.bootstrap.Pace", partial(Pace, per_second=2_000.0))


async def type_pairs(chat: Chat, count: int) -> list[User]:
    """Have everybody type two answers without a pause, and wait for the answers to both."""
    users = [chat.world.user() for _ in range(count)]
    for user in users:
        await chat.plan_of(user, until=STEPS[0])
    for user in users:
        with chat.world.lock:
            for step in STEPS:
                user.send_text(f"{step} van {user.id}")
    for user in users:
        await user.wait_for(2, within=100)
    return users


async def misplaced(chat: Chat, users: list[User]) -> list[str]:
    """Say which answers are not under their question, or not of their teacher."""
    given = (
        select(answer.c.step, answer.c.text, conversation.c.address)
        .join(plan, plan.c.id == answer.c.plan_id)
        .join(conversation, conversation.c.person_id == plan.c.person_id)
        .where(answer.c.step.in_(STEPS))
    )
    async with chat.database.engine.connect() as plain:
        connection = await plain.execution_options(sqlite_begin="DEFERRED")
        found = [tuple(row) for row in (await connection.execute(given)).all()]
    wanted = [(step, f"{step} van {user.id}", str(user.id)) for user in users for step in STEPS]
    return [f"{row} is missing" for row in wanted if row not in found] + [
        f"{row} should not be there" for row in found if row not in wanted
    ]


async def test_pairs_are_kept_in_order(chats: ChatMaker) -> None:
    count = PAIRS["sqlite" if chats.database.is_sqlite else "postgresql"]
    async with chats.run() as chat:
        users = await type_pairs(chat, count)

        found = await misplaced(chat, users)

    assert found == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_check_notices_pairs_that_change_places(
    chats: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def newest_open(self: SqlInbox, conversation_id: str, _now: object) -> int | None:
        newest = (
            select(inbox.c.id)
            .where(inbox.c.conversation_id == conversation_id, inbox.c.state == "new")
            .order_by(inbox.c.id.desc())
        )
        found: int | None = (await self._connection.execute(newest)).scalar()
        return found

    monkeypatch.setattr(SqlInbox, "first_open", newest_open)
    async with chats.run() as chat:
        users = await type_pairs(chat, 2)

        found = await misplaced(chat, users)

    assert len(found) == 8
