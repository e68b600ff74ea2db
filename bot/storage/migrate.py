"""Brings a database to the tables of this version, and says which version it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from bot.domain.errors import WegwijzerError
from bot.storage.database import Database

_FOLDER = Path(__file__).parent / "migrations"
#: The number of our lock on a server; any number, as long as nothing else of ours has it.
_LOCK = 7_310_001


class NewerDatabaseError(WegwijzerError):
    """De database is van een nieuwere wegwijzer: start die versie, of zet een kopie terug."""


def config(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration, without a file of its own."""
    settings = Config()
    settings.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    settings.set_main_option("path_separator", "newline")
    settings.attributes["connection"] = connection
    return settings


async def migrate(database: Database) -> None:
    """Run the migrations that this database lacks, in one transaction.

    Raises NewerDatabaseError when it is further than this program.
    """

    def upgrade(connection: Connection) -> None:
        if not database.is_sqlite:
            # Two processes that start together go one by one, as SQLite makes them by itself.
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        version = MigrationContext.configure(connection).get_current_revision()
        if version is not None and not is_known(version):
            raise NewerDatabaseError
        command.upgrade(config(connection), "head")

    await database.run_sync(upgrade)


def is_known(version: str) -> bool:
    """Say whether this program knows a version, so that it can bring it further."""
    script = ScriptDirectory.from_config(config())
    return version in {revision.revision for revision in script.walk_revisions()}


async def versions(database: Database) -> tuple[str | None, str | None]:
    """Give the version of the database and the version that this program expects."""

    def current(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    expected = ScriptDirectory.from_config(config()).get_current_head()
    return await database.run_sync(current), expected
