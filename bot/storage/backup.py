"""Makes a copy of a database that is in use, checks it, and writes down what is in it."""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from bot.domain.errors import WegwijzerError
from bot.storage.soundness import examine

log = structlog.get_logger()

#: All that is written beside each other for copies.
FAMILY = "wegwijzer-*"
_AGAIN = "probeer het over een paar tellen opnieuw."


class BackupError(WegwijzerError):
    """De reservekopie is niet gelukt."""


@dataclass(frozen=True)
class Manifest:
    """What a copy holds, beside it as JSON; a copy without one was never finished.

    `secret` is the SHA-256 of the file with the secret of the links, if it went along.
    """

    kind: str
    made_at: str
    version: str
    size: int
    sha256: str
    rows: dict[str, int]
    secret: str | None = None

    @classmethod
    def beside(cls, file: Path) -> Manifest:
        """Read the manifest of a copy; raises BackupError when it is not there or no such thing."""
        path = file.with_suffix(".json")
        try:
            manifest = cls(**json.loads(path.read_text(encoding="utf-8")))
            manifest._check()
            return manifest
        except (OSError, ValueError, TypeError) as error:
            raise BackupError(
                f"Bij deze kopie hoort {path.name}, en dat is er niet of niet te lezen. "
                "Zonder dat bestand weet ik niet of de kopie heel is."
            ) from error

    def _check(self) -> None:
        """Raise TypeError when a value is of a kind that we never write."""
        values: dict[str, Any] = vars(self)
        kinds = {"size": int, "rows": dict, "secret": str | None}
        if not all(isinstance(value, kinds.get(name, str)) for name, value in values.items()):
            raise TypeError


def stem(now: datetime) -> str:
    """Give what the files of a copy that is made now are called."""
    return f"wegwijzer-{stamp(now)}"


def stamp(now: datetime) -> str:
    """Give a moment in UTC, fit for the name of a file."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database while others write to it, as it is at one moment, into one whole file.

    All pages are read in one step: in a database with a write-ahead log that keeps nobody waiting,
    and a copy in small steps would begin anew at every commit of another process.
    """
    if not source.exists():
        raise BackupError(f"Er is nog geen database: {source} bestaat niet.")
    try:
        with (
            closing(sqlite3.connect(source, timeout=30)) as from_,
            closing(sqlite3.connect(target)) as to,
        ):
            # The empty function lets a signal in while the database is busy.
            from_.backup(to, pages=-1, progress=lambda *_: None)
            # Without a write-ahead log the copy is one file, whoever opens it.
            to.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"De database is niet te kopiëren: {error}.") from error


def back_up_sqlite(source: Path, folder: Path, secret: Path | None, now: datetime) -> Path:
    """Copy a database into `folder`, with the secret of its links, and check the copy.

    Gives the copy; its manifest is written last. Raises BackupError or DamagedError, and then
    leaves nothing behind.
    """
    name = stem(now)
    with unfinished(folder, f"{name}.db", FAMILY) as temporary:
        copy_sqlite(source, temporary)
        version, rows = examine(temporary)
        return finish(temporary, "sqlite", version, rows, secret, now)


def finish(
    temporary: Path,
    kind: str,
    version: str,
    rows: dict[str, int],
    secret: Path | None,
    now: datetime,
) -> Path:
    """Give a checked copy its name, and write the secret and the manifest beside it."""
    file = temporary.with_name(temporary.name.removeprefix(".").removesuffix(".part"))
    hidden = secret.read_bytes() if secret else None
    manifest = Manifest(
        kind=kind,
        made_at=now.isoformat(),
        version=version,
        size=temporary.stat().st_size,
        sha256=sha256(temporary),
        rows=rows,
        secret=hashlib.sha256(hidden).hexdigest() if hidden else None,
    )
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n"
    try:
        move(temporary, file)
        if hidden:
            write(secret_of(file), hidden)
        write(file.with_suffix(".json"), text.encode())
    except BaseException:
        for part in (file, secret_of(file)):
            part.unlink(missing_ok=True)
        raise
    return file


def secret_of(file: Path) -> Path:
    """Give where the secret of the links stands beside a copy."""
    return file.with_suffix(".geheim")


@contextmanager
def unfinished(folder: Path, name: str, family: str) -> Iterator[Path]:
    """Make an empty file that only we can read, to be moved to `name`; gone at the end if not.

    What earlier runs that were killed left behind goes too: files like it, by the pattern `family`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear_leftovers(folder, family)
    if (folder / name).exists():
        raise BackupError(f"{folder / name} bestaat al; {_AGAIN}")
    with _claimed(folder / f".{name}.part") as temporary:
        yield temporary


@contextmanager
def _claimed(temporary: Path) -> Iterator[Path]:
    """Make an empty file that is ours until the end, and gone then; locked, so that it shows."""
    busy = BackupError(f"{temporary} wordt net gemaakt; {_AGAIN}")
    try:
        opened = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise busy from error
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        # Before it was locked it could be taken for a leftover.
        if os.fstat(opened).st_nlink == 0:
            raise busy
        yield temporary
    finally:
        _unlink_all(temporary)
        os.close(opened)


def _clear_leftovers(folder: Path, family: str) -> None:
    """Remove unfinished files that nobody works on any more."""
    for file in folder.glob(f".{family}.part"):
        try:
            with file.open("rb") as opened:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _unlink_all(file)
        except (BlockingIOError, FileNotFoundError):
            log.info("other_backup_runs", file=file.name)


def _unlink_all(file: Path) -> None:
    for one in (*side_files(file), file):
        one.unlink(missing_ok=True)


def write(file: Path, content: bytes) -> None:
    """Write a file that only we can read, whole or not at all."""
    _clear_leftovers(file.parent, glob.escape(file.name))
    with _claimed(file.with_name(f".{file.name}.part")) as temporary:
        temporary.write_bytes(content)
        move(temporary, file)


def move(temporary: Path, file: Path) -> None:
    """Put a file in place, so that after a power cut either the old or the new one is there."""
    _sync(temporary)
    temporary.replace(file)
    _sync(file.parent)


def side_files(file: Path) -> tuple[Path, Path, Path]:
    """Give what SQLite may have beside a database."""
    wal, shm, journal = (file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal"))
    return wal, shm, journal


def sha256(file: Path) -> str:
    """Give the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
