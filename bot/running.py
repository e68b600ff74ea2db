"""Starts every part, keeps them running together, and stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any

import structlog
import uvicorn
from telegram.error import NetworkError, TelegramError

from bot.bootstrap import Parts
from bot.chat.telegram_updates import ALLOWED_UPDATES
from bot.domain.errors import SettingsError
from bot.services.backoff import Backoff
from bot.storage.migrate import migrate
from bot.web.telegram_webhook import PATH as WEBHOOK_PATH

log = structlog.get_logger()

#: Within Docker's own patience; what is under way by then is done again at the next start.
STOP_LIMIT = 8.0


class _Server(uvicorn.Server):
    """A server that leaves the signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install nothing."""
        yield


@contextlib.asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[None]:
    """Run everything while the body runs; then stop taking in, finish, and close."""
    with _alone(parts):
        await migrate(parts.database)
        await _free_what_was_held(parts)
        server = _Server(
            uvicorn.Config(
                parts.web,
                log_config=None,
                access_log=False,
                lifespan="off",
                # Pages that wait for news need not keep us from stopping.
                timeout_graceful_shutdown=1,
            )
        )
        tasks = _Tasks()
        tasks.start("web", server.serve(sockets=[parts.listening]))
        tasks.start("rasa_watch", parts.watch.run())
        if parts.rasa_server:
            tasks.start("rasa_server", parts.rasa_server.run())
        tasks.start("worker", parts.worker.run())
        tasks.start("delivery", parts.delivery.run())
        if parts.bot:
            tasks.start("telegram", _telegram(parts))
        try:
            yield
        finally:
            server.should_exit = True
            await tasks.stop("telegram", "worker", "delivery", "rasa_server", "rasa_watch", "web")
            await parts.rasa.close()
            if parts.bot:
                await parts.bot.shutdown()
            await parts.database.close()


async def run_until_stopped(parts: Parts) -> None:
    """Run until somebody asks us to stop (ctrl-C, SIGTERM)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(parts):
        await stop.wait()


class _Tasks:
    """Named tasks; one that ends with an error is logged, and the others go on."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Start a task under a name."""
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(_report)
        self._tasks[name] = task

    async def stop(self, *names: str) -> None:
        """Stop tasks in this order, each within the time that is left."""
        for name in names:
            task = self._tasks.get(name)
            if task is None:
                continue
            if name != "web":
                task.cancel()
            await asyncio.wait({task}, timeout=STOP_LIMIT)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("part_failed", part=task.get_name(), error=type(error).__name__, why=str(error))


async def _telegram(parts: Parts) -> None:
    """Say to Telegram how we want our updates, then fetch them or wait for them."""
    bot, door, poller = parts.bot, parts.door, parts.poller
    if not bot or not door or not poller:
        return
    await _until_reached(bot.initialize)
    try:
        await door.register()
    except TelegramError as error:
        log.warning("commands_not_registered", error=type(error).__name__)
    settings = parts.settings
    if settings.telegram_mode == "webhook":
        if not settings.telegram_webhook_url:
            raise SettingsError("Bij de webhook hoort WEGWIJZER_TELEGRAM_WEBHOOK_URL; zet hem.")
        await bot.set_webhook(
            settings.telegram_webhook_url.rstrip("/") + WEBHOOK_PATH,
            secret_token=parts.webhook_secret,
            allowed_updates=list(ALLOWED_UPDATES),
        )
        return
    await bot.delete_webhook()
    await poller.run()


async def _until_reached(call: Any) -> None:
    wait = Backoff(1.0, 30.0)
    while True:
        try:
            await call()
            return
        except NetworkError as error:
            log.warning("telegram_not_reached", error=type(error).__name__)
            await asyncio.sleep(wait.next())


async def _free_what_was_held(parts: Parts) -> None:
    """On SQLite one process serves a channel, so what is still held was held by a dead one."""
    if not parts.database.is_sqlite:
        return
    async with parts.database.write() as uow:
        await uow.conversations.release_all(parts.channels)
        await uow.outbox.release_all([channel.value for channel in parts.channels])


@contextlib.contextmanager
def _alone(parts: Parts) -> Iterator[None]:
    """Keep a second process from serving the same channels on the same SQLite file."""
    if not parts.database.is_sqlite:
        yield
        return
    name = "-".join(channel.value for channel in parts.channels)
    parts.settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (parts.settings.data_dir / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingsError(
                "De wegwijzer draait hier al. Stop die eerst, of kies een andere "
                "WEGWIJZER_DATA_DIR."
            ) from error
        yield
