"""Puts a copy in the place of the database, and holds what may have happened since it was made."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from glob import escape
from pathlib import Path

from sqlalchemy import Connection, Table, text

from bot.domain.dutch_time import AMSTERDAM
from bot.services.clock import Clock
from bot.storage.backup import (
    BackupError,
    Manifest,
    move,
    secret_of,
    sha256,
    side_files,
    stamp,
    unfinished,
    write,
)
from bot.storage.database import Database
from bot.storage.migrate import is_known, migrate
from bot.storage.set_aside import Held
from bot.storage.soundness import examine
from bot.storage.tables import metadata

#: Numbers that may have been given out since the copy was made are not given out again: plans keep
#: a number of their own, pages in a browser look for higher ones, and e-mails their Message-IDs.
SKIPPED_ROWS = 1_000_000
SKIPPED_PLANS = 100


class DamagedBackupError(BackupError):
    """De reservekopie is beschadigd: ze is niet meer wat ze was toen ze werd gemaakt."""


class NewerBackupError(BackupError):
    """De reservekopie is van een nieuwere versie van de wegwijzer; haal eerst die versie."""


@dataclass(frozen=True)
class Restored:
    """What was held, and under which name the database of before is kept, if there was one."""

    held: Held
    kept: Path | None


def check(file: Path) -> Manifest:
    """Give the manifest of a copy that is whole; raises BackupError for any other."""
    if not file.exists():
        raise BackupError(f"{file} bestaat niet.")
    manifest = Manifest.beside(file)
    if manifest.size != file.stat().st_size or manifest.sha256 != sha256(file):
        raise DamagedBackupError
    if not is_known(manifest.version):
        raise NewerBackupError
    if manifest.secret is not None and _secret(file, manifest) is None:
        raise BackupError(
            f"Bij deze kopie hoort {secret_of(file).name}, en dat is er niet of het is beschadigd. "
            "Zonder dat bestand werken links in e-mails van vroeger niet."
        )
    return manifest


async def restore_sqlite(file: Path, target: Path, secret: Path | None, clock: Clock) -> Restored:
    """Put a checked copy in the place of `target`; the caller has that database alone.

    The copy is made ready under another name (brought to this version, see `hold`) and then put in
    place in one step. What was there before is kept; the copy itself is only read. With `secret`
    the secret of the links is put back there as well.
    """
    manifest, now = check(file), clock.now()
    kept = target.with_name(f"{target.name}.voor-{stamp(now)}")
    with unfinished(target.parent, kept.name, f"{escape(target.name)}.voor-*") as temporary:
        shutil.copyfile(file, temporary)
        examine(temporary)
        database = Database(f"sqlite+aiosqlite:///{temporary}", clock)
        try:
            held = await make_ready(database, now)
        finally:
            await database.close()
        _make_one_file(temporary)
        was_there = _keep(target, kept)
        put_back_secret(file, manifest, secret, now)
        # A log that stays behind would be read as the log of the copy that comes in its place.
        for side in side_files(target):
            side.unlink(missing_ok=True)
        move(temporary, target)
    return Restored(held, kept if was_there else None)


async def make_ready(database: Database, now: datetime) -> Held:
    """Bring a copy to this version and set aside what may have happened since it was made."""
    await migrate(database)
    async with database.write() as uow:
        held = await uow.set_aside.hold(now)
    await database.run_sync(lambda connection: _skip_numbers(connection, now))
    return held


def _skip_numbers(connection: Connection, now: datetime) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    for name in (table.name for table in _numbered(metadata.sorted_tables)):
        if is_sqlite:
            given = {"name": name, "skipped": SKIPPED_ROWS}
            raised = "UPDATE sqlite_sequence SET seq = seq + :skipped WHERE name = :name"
            if not connection.execute(text(raised), given).rowcount:
                first = "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :skipped)"
                connection.execute(text(first), given)
        else:
            raised = (
                "SELECT setval(s, nextval(s) + :skipped) "
                "FROM CAST(pg_get_serial_sequence(:name, 'id') AS regclass) AS s"
            )
            connection.execute(text(raised), {"name": name, "skipped": SKIPPED_ROWS})
    counter = (
        "INSERT INTO reference_counter (year, last) VALUES (:year, :skipped) "
        "ON CONFLICT (year) DO UPDATE SET last = reference_counter.last + :skipped"
    )
    year = now.astimezone(AMSTERDAM).year
    connection.execute(text(counter), {"year": year, "skipped": SKIPPED_PLANS})


def _numbered(tables: Iterable[Table]) -> Iterable[Table]:
    return (table for table in tables if table.dialect_options["sqlite"]["autoincrement"])


def _make_one_file(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")


def _keep(target: Path, kept: Path) -> bool:
    """Keep a database, sound or not, under another name, with its log; False when there is none."""
    if not target.exists():
        return False
    copies = (kept, *side_files(kept))
    try:
        for old, new in zip((target, *side_files(target)), copies, strict=True):
            if old.exists():
                shutil.copyfile(old, new)
                new.chmod(0o600)
    except BaseException:
        for new in copies:
            new.unlink(missing_ok=True)
        raise
    return True


def _secret(file: Path, manifest: Manifest) -> bytes | None:
    beside = secret_of(file)
    content = beside.read_bytes() if beside.exists() else b""
    return content if hashlib.sha256(content).hexdigest() == manifest.secret else None


def put_back_secret(file: Path, manifest: Manifest, secret: Path | None, now: datetime) -> None:
    """Put the secret of the links back; another one that is there is kept under another name."""
    content = _secret(file, manifest)
    if secret is None or not content:
        return
    before = secret.read_bytes() if secret.exists() else content
    if before != content:
        write(secret.with_name(f"{secret.name}.voor-{stamp(now)}"), before)
    secret.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write(secret, content)
