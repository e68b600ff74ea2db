"""The migrations bring an empty database to exactly the tables of the code."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.storage.database import Database
from bot.storage.migrate import migrate, versions
from bot.storage.tables import metadata
from tests.clocks import SteppingClock


async def test_models_equal_migrations(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))

    assert await database.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = await versions(database)

    await migrate(database)

    assert await versions(database) == before
    assert before[0] == before[1]


async def test_empty_database_has_no_version(tmp_path: Path, clock: SteppingClock) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}", clock)

    current, expected = await versions(database)

    assert current is None
    assert expected is not None
    await database.close()


async def test_sqlite_survives_a_power_cut(tmp_path: Path, clock: SteppingClock) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}", clock)

    async with database.engine.connect() as connection:
        pragmas = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    await database.close()


async def test_numbers_are_never_given_out_again(database: Database) -> None:
    async with database.engine.begin() as connection:
        insert = text("INSERT INTO gap (kind, text, noted_at) VALUES ('x', 'x', '2026-11-22')")
        await connection.execute(insert)
        first = (await connection.execute(text("SELECT max(id) FROM gap"))).scalar_one()
        await connection.execute(text("DELETE FROM gap"))
        await connection.execute(insert)
        second = (await connection.execute(text("SELECT max(id) FROM gap"))).scalar_one()

    assert second > first
