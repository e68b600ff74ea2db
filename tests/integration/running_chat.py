"""The app wired as it runs, in the test's own process, and what tests do around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Row, Table, text, update

from bot.bootstrap import Parts, make_parts
from bot.config import Settings
from bot.domain.inbox import Channel
from bot.running import running
from bot.services.bell import Bell
from bot.services.use_cases import make_use_cases
from bot.services.welcome import Operator
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.botapi import TOKEN, BotApiServer, TelegramWorld, User
from tests.clocks import SteppingClock
from tests.harness import ROOT, free_port
from tests.integration.fake_rasa import FakeRasa
from tests.person import Person, content, made_book, write_plan

T = TypeVar("T")
WEBHOOK_SECRET = "geheim_voor-de-proef"

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class LeapingClock(SteppingClock):
    """The machine's own clock, which a test can move ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def step(self, **delta: float) -> None:
        self._ahead += timedelta(**delta)


class HeardBell(Bell):
    """A bell at which a test can wait for the next ring, beside whom it is meant for."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = asyncio.Event()
        self._asleep = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        self._asleep.set()
        await super().wait(seconds)

    async def looked(self) -> None:
        """Ring, and return once the worker has looked and waits again."""
        self._asleep = asleep = asyncio.Event()
        self.ring()
        async with asyncio.timeout(5):
            await asleep.wait()

    def ring(self) -> None:
        super().ring()
        self._heard.set()
        self._heard = asyncio.Event()

    async def until(self, check: Callable[[], Awaitable[T | None]], within: float = 5.0) -> T:
        """Give the first answer of `check` that is not None; it looks again after each ring."""
        async with asyncio.timeout(within):
            while True:
                heard = self._heard
                if (found := await check()) is not None:
                    return found
                await heard.wait()


@dataclass
class Chat:
    """The running app and what is around it."""

    parts: Parts
    database: Database
    world: TelegramWorld
    rasa: FakeRasa
    clock: SteppingClock
    logs: list[MutableMapping[str, Any]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.parts.listening.getsockname()[1]}"

    @property
    def bell(self) -> HeardBell:
        """The bell of the conversation worker."""
        assert isinstance(self.parts.inbox_bell, HeardBell)
        return self.parts.inbox_bell

    def leap(self, **delta: float) -> None:
        """Let time pass, and let the worker look."""
        self.clock.step(**delta)
        self.bell.ring()

    async def plan_of(self, user: User, until: str) -> None:
        """Give this person a plan whose open question is `until`, and deliver nothing of it."""
        async with self.database.engine.begin() as connection:
            store: Any = OneTransaction(SqlUnitOfWork(connection, self.clock))
            services = make_use_cases(
                store, self.clock, content(), Operator("STO Test", None), made_book()
            )
            await write_plan(Person(store, services, self.clock, str(user.id)), until)
            await connection.execute(update(outbox).values(state="sent"))


class OneTransaction:
    """A store whose transactions are all parts of one."""

    def __init__(self, uow: SqlUnitOfWork) -> None:
        self._uow = uow

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlUnitOfWork]:
        yield self._uow


@dataclass
class ChatMaker:
    """Starts the app with any settings; see `Chat`."""

    database: Database
    world: TelegramWorld
    telegram: BotApiServer
    rasa: FakeRasa
    clock: SteppingClock
    folder: Path
    #: What was logged, each entry with its `event`.
    logs: list[MutableMapping[str, Any]]

    @asynccontextmanager
    async def run(self, **settings: Any) -> AsyncIterator[Chat]:
        """Run the app; it is ready to talk when the body begins."""
        async with self.start(**settings) as chat:
            await chat.parts.watch.ready.wait()
            yield chat

    @asynccontextmanager
    async def run_with_webhook(self) -> AsyncIterator[Chat]:
        """Run the app with Telegram bringing its updates."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        settings = {"telegram_mode": "webhook", "telegram_webhook_url": url, "port": port}
        async with self.run(**settings) as chat:
            yield chat

    @asynccontextmanager
    async def start(
        self,
        channels: tuple[Channel, ...] = (Channel.WEB, Channel.TELEGRAM),
        **settings: Any,
    ) -> AsyncIterator[Chat]:
        """Run the app without waiting for Rasa."""
        given = {
            "home": ROOT,
            "data_dir": self.folder / "var",
            "database_url": self.database.url,
            "telegram_token": TOKEN,
            "telegram_api_url": self.telegram.url,
            "telegram_webhook_secret": WEBHOOK_SECRET,
            "rasa_url": self.rasa.url,
            "rasa_token": self.rasa.token,
        }
        used = Settings(_env_file=None, **({"port": 0} | given | settings))
        parts = make_parts(used, channels, used.port)
        chat = Chat(parts, self.database, self.world, self.rasa, self.clock, self.logs)
        self.rasa.action_url = f"{chat.url}/rasa/actions"
        # Closed by the server when it stops, but not where it never begins.
        with closing(parts.listening):
            async with running(parts):
                yield chat


async def stored(database: Database, table: Table) -> list[Row[Any]]:
    """Give the rows of a table, oldest first."""
    order = table.c.id if "id" in table.c else next(iter(table.c))
    async with database.engine.connect() as plain:
        connection = await plain.execution_options(sqlite_begin="DEFERRED")
        return list((await connection.execute(table.select().order_by(order))).all())


@asynccontextmanager
async def refusing(database: Database, table: Table) -> AsyncIterator[None]:
    """Make every transaction fail that touches this table."""
    await _run(database, f"ALTER TABLE {table.name} RENAME TO {table.name}_away")
    try:
        yield
    finally:
        await _run(database, f"ALTER TABLE {table.name}_away RENAME TO {table.name}")


async def _run(database: Database, statement: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text(statement))
