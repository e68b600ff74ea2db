"""Fixtures that several trees of tests share."""

from __future__ import annotations

import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.database import Database
from bot.storage.migrate import migrate
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
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SteppingClock
) -> AsyncIterator[Database]:
    """An empty migrated database, once for each kind that we support."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    if request.param == "postgresql":
        url = await _new_postgres_database(request.getfixturevalue("postgres_url"))
    opened = Database(url, clock)
    await migrate(opened)
    yield opened
    await opened.close()


async def _new_postgres_database(server: str) -> str:
    name = f"test_{next(_numbers)}"
    engine = create_async_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return f"{server}/{name}"


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
