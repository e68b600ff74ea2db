"""The app as it may not be: it confirms a batch to Telegram before the batch is stored.

Run as `python -m tests.faults.confirm_first run`. The poller does what python-telegram-bot's own
updater does: put a batch in a queue in memory and ask for the next one, which confirms it, while
the queue is handled one by one.
"""

from __future__ import annotations

import asyncio
from typing import Any

import bot.bootstrap
from bot.chat.telegram import Poller
from bot.cli import main


class ConfirmFirst(Poller):
    """Fetches updates and confirms them at once."""

    async def run(self) -> None:
        waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._fetch_all(waiting))
            tasks.create_task(self._store_all(waiting))

    async def _fetch_all(self, waiting: asyncio.Queue[dict[str, Any]]) -> None:
        offset: int | None = None
        while True:
            updates = await self._fetch(offset)
            for update in updates:
                waiting.put_nowait(update)
            offset = updates[-1]["update_id"] + 1 if updates else None

    async def _store_all(self, waiting: asyncio.Queue[dict[str, Any]]) -> None:
        while True:
            await self._door.receive([await waiting.get()])


if __name__ == "__main__":
    bot.bootstrap.Poller = ConfirmFirst
    main()
