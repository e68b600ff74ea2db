"""Starts every part, keeps them running together, and stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any

import structlog
import uvicorn

from bot.bootstrap import Parts
from bot.domain.errors import WegwijzerError
from bot.running_telegram import connect_telegram
from bot.storage.in_use import in_use, served_by_us, sqlite_file
from bot.storage.migrate import migrate
from bot.storage.soundness import require_sound

log = structlog.get_logger()


class PartFailedError(WegwijzerError):
    """Een onderdeel is gestopt; kijk in het logboek bij part_failed en start opnieuw."""


#: For all parts together, within Docker's own patience (10 seconds); what is under way by then is
#: broken off, and done again at the next start.
STOP_LIMIT = 7.0
_WEB_STOP_LIMIT = 1.5
_BREAK_LIMIT = 0.5


class _Server(uvicorn.Server):
    """A server that leaves the signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install nothing."""
        yield


@contextlib.asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[asyncio.Event]:
    """Run everything while the body runs; then stop taking in, finish, and close.

    The event that it gives is set when a part that is needed has ended by itself.
    """
    url = parts.database.url
    with served_by_us(url, parts.channels), in_use(url):
        if file := sqlite_file(url):
            await asyncio.to_thread(require_sound, file)
        await migrate(parts.database)
        await _free_what_was_held(parts)
        await parts.schools.look()
        server = _Server(
            uvicorn.Config(
                parts.web,
                log_config=None,
                access_log=False,
                # Unlike h11 it refuses a request with a length and chunks: which of them a proxy
                # goes by cannot be known, and so not where the next request begins.
                http="httptools",
                # Which program answers is nobody's business.
                server_header=False,
                lifespan="off",
                # Pages that wait for news need not keep us from stopping.
                timeout_graceful_shutdown=1,
            )
        )
        broken = asyncio.Event()
        tasks = _Tasks(broken)
        tasks.start("web", server.serve(sockets=[parts.listening]))
        tasks.start("rasa_watch", parts.watch.run())
        if parts.rasa_server:
            tasks.start("rasa_server", parts.rasa_server.run())
        tasks.start("worker", parts.worker.run())
        tasks.start("delivery", parts.delivery.run())
        tasks.start("clock", parts.clock_worker.run())
        tasks.start("schools", parts.schools.run())
        tasks.start("retention", parts.retention.run())
        tasks.start("wiper", parts.wiper.run())
        tasks.start("storage_watch", parts.storage_watch.run())
        if parts.bot:
            tasks.start("telegram", connect_telegram(parts))
            tasks.start("heartbeat", parts.heartbeat.run())
        try:
            yield broken
        finally:
            await tasks.stop(
                "schools",
                "retention",
                "wiper",
                "storage_watch",
                "clock",
                "heartbeat",
                "telegram",
                "worker",
                "delivery",
                "rasa_server",
                "rasa_watch",
            )
            # Last: the turns that are being finished come back to us through this door.
            server.should_exit = True
            await tasks.ended("web", _WEB_STOP_LIMIT)
            await parts.rasa.close()
            if parts.bot:
                await parts.bot.shutdown()
            await parts.database.close()


async def run_until_stopped(parts: Parts) -> None:
    """Run until somebody asks us to stop (ctrl-C, SIGTERM); raises when a part has failed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(parts) as broken:
        waiting = {asyncio.create_task(event.wait()) for event in (stop, broken)}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
    if broken.is_set():
        raise PartFailedError


#: Without one of these nobody is answered, or no decision ever reaches a teacher: better to stop,
#: and be started anew, than to seem well.
_NEEDED = ("web", "worker", "delivery", "clock")


class _Tasks:
    """Named tasks; one that ends by itself is logged, and `broken` tells of one that is needed."""

    def __init__(self, broken: asyncio.Event) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._broken = broken
        self._is_stopping = False

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Start a task under a name."""
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        self._tasks[name] = task

    def _ended(self, task: asyncio.Task[None]) -> None:
        _report(task)
        if task.get_name() in _NEEDED and not self._is_stopping:
            self._broken.set()

    async def stop(self, *names: str) -> None:
        """Stop tasks in this order within STOP_LIMIT; each may use half of what is left of it."""
        self._is_stopping = True
        clock = asyncio.get_running_loop().time
        end = clock() + STOP_LIMIT
        for name in names:
            if task := self._tasks.get(name):
                task.cancel()
                await self.ended(name, (end - clock()) / 2)

    async def ended(self, name: str, seconds: float) -> None:
        """Wait for the end of a task, and break it off when that takes too long."""
        task = self._tasks[name]
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            log.warning("part_broken_off", part=name)
            task.cancel()
            await asyncio.wait({task}, timeout=_BREAK_LIMIT)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        # Only our own errors have a text that is fit for a log: others may quote a token.
        why = str(error) if isinstance(error, WegwijzerError) else ""
        log.error("part_failed", part=task.get_name(), error=type(error).__name__, why=why)


async def _free_what_was_held(parts: Parts) -> None:
    """On SQLite one process serves a channel, so what is still held was held by a dead one."""
    if not parts.database.is_sqlite:
        return
    async with parts.database.write() as uow:
        await uow.conversations.release_all(parts.channels)
        await uow.outbox.release_all([channel.value for channel in parts.channels])
