"""Keeps a Rasa server running as our child, and watches whether Rasa is ready."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.chat.rasa_client import RasaClient
from bot.chat.rasa_model import Address, ensure_model, serving
from bot.config import Settings
from bot.services.backoff import Backoff

log = structlog.get_logger()

_FIRST_WAIT = 1.0
_LAST_WAIT = 30.0
#: A start takes 8 to 40 seconds on a small machine; far beyond that something is wrong.
START_LIMIT = 180.0
#: A server that was ready and is silent for this long is started anew.
SILENT_LIMIT = 20.0
LARGEST_LOG = 5_000_000
LOOK_STARTING = 0.25
LOOK_READY = 2.0


class RasaServer:
    """A Rasa server of our own: started, restarted with back-off, stopped with us."""

    def __init__(self, settings: Settings, address: Address, watch: RasaWatch) -> None:
        """Serve the model of the present inputs at `address`."""
        self._settings = settings
        self._address = address
        self._watch = watch

    async def run(self) -> None:
        """Keep it running until cancelled."""
        wait = Backoff(_FIRST_WAIT, _LAST_WAIT)
        while True:
            model = await ensure_model(self._settings)
            if was_ready := await self._run_once(model):
                wait.reset()
            log.warning("rasa_stopped", was_ready=was_ready)
            await asyncio.sleep(wait.next())

    async def _run_once(self, model: Path) -> bool:
        command, environment = serving(self._settings, model, self._address)
        with _log_file(self._settings.data_dir).open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=self._settings.data_dir,
                env=environment,
                # Its end tells the child that we are gone, even after a kill -9.
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            return await self._until_stopped_or_silent(process)
        finally:
            await _stop(process)

    async def _until_stopped_or_silent(self, process: asyncio.subprocess.Process) -> bool:
        was_ready = False
        silent = 0.0
        stopped = asyncio.create_task(process.wait())
        try:
            while not stopped.done():
                ready = self._watch.is_ready
                was_ready = was_ready or ready
                silent = 0.0 if ready else silent + LOOK_READY
                if silent > (SILENT_LIMIT if was_ready else START_LIMIT):
                    log.error("rasa_is_silent")
                    break
                await asyncio.wait({stopped}, timeout=LOOK_READY)
        finally:
            stopped.cancel()
        return was_ready


class RasaWatch:
    """Knows whether Rasa is ready, and tells when that changes."""

    def __init__(self, client: RasaClient, changed: Callable[[bool], None]) -> None:
        """Call `changed` with each new state."""
        self._client = client
        self._changed = changed
        self.is_ready = False
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Look until cancelled: often while it starts, now and then when it is ready."""
        while True:
            ready = await self._client.is_ready()
            if ready != self.is_ready:
                log.info("rasa_ready" if ready else "rasa_not_ready")
                self.is_ready = ready
                self._changed(ready)
            (self.ready.set if ready else self.ready.clear)()
            await asyncio.sleep(LOOK_READY if ready else LOOK_STARTING)


def _log_file(folder: Path) -> Path:
    """Give the log to append to; a large one is set aside first, the one before it goes."""
    path = folder / "rasa.log"
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(folder / "rasa.log.1")
    return path


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
