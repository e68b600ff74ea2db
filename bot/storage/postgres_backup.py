"""Copies a PostgreSQL database, and puts a copy back, with PostgreSQL's own programs."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url

from bot.storage.backup import FAMILY, BackupError, finish, stem, unfinished
from bot.storage.database import Database
from bot.storage.restore import check, make_ready, put_back_secret
from bot.storage.set_aside import Held
from bot.storage.soundness import contents


class NoProgramError(BackupError):
    """De programma's van PostgreSQL (pg_dump en pg_restore) staan niet op deze computer."""


class NotEmptyError(BackupError):
    """In deze database staat al iets. Maak een nieuwe, lege database en wijs daarnaar."""


async def back_up_postgres(
    database: Database, folder: Path, secret: Path | None, now: datetime
) -> Path:
    """Copy a database that is in use into `folder`, in pg_dump's own format; give the copy.

    The numbers in its manifest are counted in the very snapshot that is copied.
    """
    program = _program("pg_dump")
    with unfinished(folder, f"{stem(now)}.dump", FAMILY) as temporary:
        async with database.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ")
            snapshot = (await connection.exec_driver_sql("SELECT pg_export_snapshot()")).scalar()
            version, rows = await connection.run_sync(contents)
            await _run(
                program, database.url, f"--snapshot={snapshot}",
                "--format=custom", "--no-owner", "--no-privileges", f"--file={temporary}",
            )  # fmt: skip
        await _run(_program("pg_restore"), None, "--list", "--file=/dev/null", str(temporary))
        return finish(temporary, "postgresql", version, rows, secret, now)


async def restore_postgres(
    file: Path, database: Database, secret: Path | None, now: datetime
) -> Held:
    """Put a copy into a database without any table, whole or not at all; raises NotEmptyError."""
    manifest = check(file)

    def has_tables(connection: Connection) -> bool:
        return bool(inspect(connection).get_table_names())

    if await database.run_sync(has_tables):
        raise NotEmptyError
    await _run(
        _program("pg_restore"), database.url, "--exit-on-error", "--single-transaction",
        "--no-owner", "--no-privileges", str(file),
    )  # fmt: skip
    put_back_secret(file, manifest, secret, now)
    return await make_ready(database, now)


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise NoProgramError
    return found


async def _run(program: str, url: str | None, *arguments: str) -> None:
    """Run a program on a database; the password goes along unseen, not as an argument."""
    environment = dict(os.environ)
    if url:
        parsed = make_url(url)
        if parsed.password:
            environment["PGPASSWORD"] = str(parsed.password)
        plain = parsed.set(drivername="postgresql", password=None)
        arguments = (f"--dbname={plain.render_as_string()}", *arguments)
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    finally:
        # Broken off: it would go on writing to a file that is gone.
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise BackupError(f"{Path(program).name} is mislukt: {' '.join(last)}")
