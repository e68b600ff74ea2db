"""A start on tables that are half made or newer: whole or not at all, and in clear words."""

from __future__ import annotations

import asyncio
import itertools
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from bot.storage.database import Database
from bot.storage.migrate import NewerDatabaseError, migrate, versions
from tests.clocks import SteppingClock
from tests.faults.databases import new_database
from tests.faults.sizes import size
from tests.harness import ROOT

NEVER = 10**6


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives addresses of databases without tables."""
    numbers = itertools.count(1)
    if request.param == "sqlite":
        return lambda: f"sqlite+aiosqlite:///{tmp_path / f'new{next(numbers)}.db'}"
    server = request.getfixturevalue("postgres_url")
    return lambda: new_database(server)


def migrating(url: str, die_at: int, *how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.migrate_and_die", url, str(die_at), *how],
        cwd=ROOT, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def tables_in(url: str) -> list[str]:
    engine = create_engine(url.replace("+aiosqlite", ""))
    found = inspect(engine).get_table_names()
    engine.dispose()
    return found


async def versions_of(url: str) -> tuple[str | None, str | None]:
    database = Database(url, SteppingClock())
    found = await versions(database)
    await database.close()
    return found


async def test_migration_that_is_killed_is_whole_or_not_at_all(
    new_url: Callable[[], str],
) -> None:
    statements = int(migrating(new_url(), NEVER).stdout)
    url, seed = new_url(), random.SystemRandom().randrange(10**6)
    print(f"migrations with seed {seed}")

    for moment in random.Random(seed).sample(range(1, statements + 1), size(2, 40)):
        killed = migrating(url, moment)

        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert tables_in(url) == [], f"killed at statement {moment}"
    ended = migrating(url, NEVER)

    assert ended.returncode == 0, ended.stderr
    current, expected = await versions_of(url)
    assert current == expected
    assert "answer" in tables_in(url)


async def test_migration_in_pieces_is_noticed(new_url: Callable[[], str]) -> None:
    url = new_url()

    killed = migrating(url, 20, "in-pieces")

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert tables_in(url) != []


async def test_two_that_start_together_both_find_the_tables(new_url: Callable[[], str]) -> None:
    url = new_url()

    ended = await asyncio.gather(*(asyncio.to_thread(migrating, url, NEVER) for _ in range(2)))

    assert [process.returncode for process in ended] == [0, 0], [one.stderr for one in ended]
    current, expected = await versions_of(url)
    assert current == expected


async def test_newer_tables_are_refused_and_left_alone(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = tables_in(database.url)

    with pytest.raises(NewerDatabaseError, match="nieuwere wegwijzer"):
        await migrate(database)

    assert (await versions(database))[0] == "9999"
    assert tables_in(database.url) == before
