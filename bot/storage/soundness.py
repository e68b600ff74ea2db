"""Looks whether a database file is whole, before anything is built on it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine, func, inspect, select, table
from sqlalchemy.exc import DatabaseError, OperationalError

from bot.domain.errors import WegwijzerError


class DamagedError(WegwijzerError):
    """Het databasebestand is beschadigd."""


_REFUSAL = (
    "Het databasebestand {file} is beschadigd, dus ik start niet. Verander er niets aan: maak er "
    "eerst een kopie van. Zet dan de laatste reservekopie terug met `wegwijzer restore`."
)


def require_sound(file: Path) -> None:
    """Raise DamagedError when an SQLite file is cut off or torn; one that is not there is fine.

    `quick_check` reads every page but does not compare indexes: 0.05 s for 50 MB, where
    `integrity_check` takes 0.16 s. A file without a single byte was cut off as well: we write its
    first page as soon as we make it.
    """
    if not file.exists():
        return
    if not file.stat().st_size or not _passes(file, "quick_check"):
        raise DamagedError(_REFUSAL.format(file=file))


def examine(file: Path) -> tuple[str, dict[str, int]]:
    """Check a whole SQLite file; give its schema version and how many rows each table has.

    Raises DamagedError when a page, an index or a reference in it is wrong, or when it is no
    database of ours.
    """
    if not _passes(file, "integrity_check") or not _passes(file, "foreign_key_check"):
        raise DamagedError
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=NullPool)
    with engine.connect() as connection:
        return contents(connection)


def contents(connection: Connection) -> tuple[str, dict[str, int]]:
    """Give the schema version and the number of rows of each table; raises DamagedError."""
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        raise DamagedError("Dit is geen database van de wegwijzer.")
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    rows = {
        name: int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())
        for name in sorted(names)
    }
    return str(version), rows


def _passes(file: Path, check: str) -> bool:
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(f"PRAGMA {check}").all()
    except OperationalError:
        # Busy, or not ours to read: that says nothing about what is in it.
        raise
    except DatabaseError:
        return False
    # The one gives a row that says ok, the other gives the rows that are wrong.
    return [tuple(row) for row in found] in ([], [("ok",)])
