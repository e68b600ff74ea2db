"""`wegwijzer run`, `train` and `migrate`."""

from __future__ import annotations

import asyncio

from rich.console import Console

from bot.bootstrap import Parts, make_database, make_parts
from bot.chat.model_seal import is_sound
from bot.chat.rasa_model import ensure_model, model_path
from bot.cli.progress import long_step
from bot.config import Settings, local_url, read_settings
from bot.domain.inbox import Channel
from bot.logs import set_up_logs
from bot.running import run_until_stopped
from bot.storage.migrate import migrate as migrate_database

MODEL_NOT_SOUND = (
    "Het taalmodel klopt niet met zijn controlegetal (sha256). Het wordt niet gebruikt, maar "
    "opnieuw getraind."
)
_console = Console(stderr=True, highlight=False)


def run() -> None:
    """Start alles: de webchat, Rasa, de bezorging en, met een token, Telegram."""
    settings = read_settings()
    set_up_logs(settings.log_level)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    channels = (Channel.WEB, Channel.TELEGRAM) if settings.telegram_token else (Channel.WEB,)
    parts = make_parts(settings, channels, settings.port)
    await train_if_needed(settings)
    greeting = asyncio.create_task(_say_when_ready(parts))
    try:
        await run_until_stopped(parts)
    finally:
        greeting.cancel()


async def _say_when_ready(parts: Parts) -> None:
    settings = parts.settings
    address = local_url(settings.host, parts.listening.getsockname()[1])
    _console.print(f"De webchat staat op [bold]{address}/[/]")
    if not settings.smtp_url:
        _console.print(f"E-mail gaat naar de lokale postbus: [bold]{address}/postvak[/]")
    if not settings.telegram_token:
        _console.print("Telegram staat uit; zet WEGWIJZER_TELEGRAM_TOKEN om het te gebruiken.")
    with long_step(settings.data_dir, "Rasa starten"):
        await parts.watch.ready.wait()
    _console.print("Klaar. Stoppen kan met ctrl-C; er gaat niets verloren.")


async def train_if_needed(settings: Settings) -> None:
    """Train Rasa's model when its inputs changed, and show that it happens."""
    path = model_path(settings)
    if settings.rasa_url or is_sound(path):
        return
    if path.exists():
        _console.print(MODEL_NOT_SOUND)
    with long_step(settings.data_dir, "Rasa trainen"):
        await ensure_model(settings)


def train() -> None:
    """Train het taalmodel, als de trainingsdata is veranderd."""
    settings = read_settings()
    set_up_logs(settings.log_level)
    path = model_path(settings)
    if is_sound(path):
        _console.print("Het model is al getraind met deze trainingsdata.")
    asyncio.run(train_if_needed(settings.model_copy(update={"rasa_url": None})))
    print(path)


def migrate() -> None:
    """Breng de database bij deze versie."""
    settings = read_settings()
    set_up_logs(settings.log_level)

    async def work() -> None:
        database = make_database(settings)
        try:
            await migrate_database(database)
        finally:
            await database.close()

    asyncio.run(work())
    _console.print("De database is bij.")
