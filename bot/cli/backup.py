"""`wegwijzer backup` and `wegwijzer restore`: a checked copy, and putting it back."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.bootstrap import make_database
from bot.cli.deliveries import held_lines
from bot.config import Settings, read_settings, secret_file
from bot.domain.errors import SettingsError
from bot.logs import set_up_logs
from bot.services.clock import SystemClock
from bot.storage.backup import BackupError, Manifest, back_up_sqlite, secret_of
from bot.storage.database import Database
from bot.storage.in_use import alone, sqlite_file
from bot.storage.postgres_backup import NoProgramError, back_up_postgres, restore_postgres
from bot.storage.restore import Restored, restore_sqlite
from bot.texts.backup import DUMP_RECIPE, RESTORE_RECIPE

Result = TypeVar("Result")


def backup(
    folder: Annotated[Path, typer.Argument(help="De map waar de kopie komt.")],
) -> None:
    """Maak een gecontroleerde reservekopie; dat mag terwijl de wegwijzer draait."""
    settings, now = _settings(), SystemClock().now()
    secret = _secret(settings)
    source = sqlite_file(settings.database)
    try:
        with _cleaning_up():
            if source:
                file = back_up_sqlite(source, folder, secret, now)
            else:
                file = _with_server(settings, lambda it: back_up_postgres(it, folder, secret, now))
    except NoProgramError:
        print(DUMP_RECIPE)
        raise typer.Exit(1) from None
    except OSError as error:
        raise BackupError(f"Schrijven in {folder} lukt niet ({type(error).__name__}).") from error
    manifest = Manifest.beside(file)
    print(f"{file}: {manifest.size / 1e6:.1f} MB, gecontroleerd, {_counted(manifest)}.")
    if secret:
        print(f"{secret_of(file)}: het geheim van de links in e-mails.")
    elif settings.link_secret:
        print(
            "Het geheim van de links (WEGWIJZER_LINK_SECRET) staat bij je instellingen, niet hier."
        )
    print("Er staan persoonsgegevens in: bewaar de kopie versleuteld, en niet langer dan nodig.")


def restore(
    file: Annotated[
        Path, typer.Argument(help="De kopie: een bestand dat op .db of .dump eindigt.")
    ],
) -> None:
    """Zet een reservekopie terug; stop eerst de wegwijzer."""
    settings, clock = _settings(), SystemClock()
    target = sqlite_file(settings.database)
    secret = None if settings.link_secret else secret_file(settings.data_dir, "links")
    kind, ending = ("SQLite", ".db") if target else ("PostgreSQL", ".dump")
    if file.suffix != ending:
        raise SettingsError(f"De ingestelde database is {kind}; een kopie eindigt op {ending}.")
    try:
        if target:
            with _cleaning_up(), alone(settings.database):
                restored = asyncio.run(restore_sqlite(file, target, secret, clock))
        else:
            held = _with_server(
                settings, lambda it: restore_postgres(file, it, secret, clock.now())
            )
            restored = Restored(held, None)
    except NoProgramError:
        print(RESTORE_RECIPE)
        raise typer.Exit(1) from None
    except OSError as error:
        raise BackupError(f"Terugzetten lukt niet ({type(error).__name__}).") from error
    print(f"Teruggezet: {file}.")
    if restored.kept:
        print(f"De database van daarvoor staat in {restored.kept}.")
    print("\n".join(held_lines(restored.held)))
    print("Start de wegwijzer nu weer. Zeg actieve docenten dat ze even kijken waar ze waren.")


@contextmanager
def _cleaning_up() -> Iterator[None]:
    """Leave nothing unfinished behind when somebody stops us, as cron and a shutdown do."""
    if threading.current_thread() is not threading.main_thread():
        # No signal comes here.
        yield
        return

    def stop(number: int, _frame: object) -> None:
        # Everything that is under way ends as with an error.
        sys.exit(128 + number)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    # Who started us may have it ignored, as nohup does.
    heard = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _settings() -> Settings:
    set_up_logs("WARNING")
    return read_settings()


def _secret(settings: Settings) -> Path | None:
    file = secret_file(settings.data_dir, "links")
    return file if not settings.link_secret and file.exists() else None


def _with_server(settings: Settings, work: Callable[[Database], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        database = make_database(settings)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def _counted(manifest: Manifest) -> str:
    plans, messages = manifest.rows.get("plan", 0), manifest.rows.get("inbox", 0)
    return f"{plans} plannen, {messages} berichten"
