"""Fixtures that several trees of tests share."""

from __future__ import annotations

import asyncio
import itertools
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import create_engine, text

from bot.storage.database import Database
from bot.storage.migrate import migrate
from tests.botapi import TelegramWorld
from tests.clocks import SteppingClock
from tests.harness import RunningApp, SharedRasa, shared_rasa, trained_model
from tests.postgres import postgres_server

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Undo what a test sets up about logging: some commands log errors only, others everything."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture
def world() -> TelegramWorld:
    """A Telegram with nobody in it yet."""
    return TelegramWorld()


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite file to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_url: str) -> str:
    """The name of an empty migrated database on the server, to copy."""
    _create(postgres_url, "migrated")
    asyncio.run(_migrate(f"{postgres_url}/migrated"))
    return "migrated"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty migrated database, once for each kind that we support."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "test.db")
        return f"sqlite+aiosqlite:///{path}"
    server: str = request.getfixturevalue("postgres_url")
    name = f"test_{next(_numbers)}"
    _create(server, f"{name} TEMPLATE {request.getfixturevalue('migrated_database')}")
    return f"{server}/{name}"


@pytest.fixture
async def database(database_url: str, clock: SteppingClock) -> AsyncIterator[Database]:
    """An empty migrated database, open."""
    opened = Database(database_url, clock)
    yield opened
    await opened.close()


async def _migrate(url: str) -> None:
    empty = Database(url, SteppingClock())
    await migrate(empty)
    await empty.close()


def _create(server: str, name: str) -> None:
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model, in the cache that programs of these tests share."""
    return trained_model()


@pytest.fixture(scope="session")
def rasa(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedRasa]:
    """One real Rasa with the trained model, for the whole run."""
    with shared_rasa(model, tmp_path_factory.mktemp("rasa")) as server:
        yield server


@pytest.fixture
def app(rasa: SharedRasa, tmp_path: Path) -> Iterator[RunningApp]:
    """The app, not started yet, that the shared Rasa calls; stopped at the end."""
    made = RunningApp(
        tmp_path / "var",
        rasa.app_port,
        {"WEGWIJZER_RASA_URL": rasa.url, "WEGWIJZER_RASA_TOKEN": rasa.token},
    )
    yield made
    if made.process and made.process.poll() is None:
        made.kill()


@pytest.fixture
def running_app(app: RunningApp) -> RunningApp:
    """The app, ready to answer people on the web."""
    app.start()
    return app
