"""The conversation worker: oldest message first, one at a time in a chat, many chats at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.chat.turn_taker import TurnTaker
from bot.domain.inbox import Channel
from bot.services.bell import Bell
from bot.storage.database import Database

log = structlog.get_logger()

#: One turn lasts at most the Rasa time-out; a lease far beyond it only matters after a crash.
LEASE_SECONDS = 60.0
#: Another process may have stored a message: look for oneself this often.
LOOK_SECONDS = 1.0

Typing = Callable[[Channel, str], Awaitable[None]]


@dataclass(frozen=True)
class WorkerOptions:
    """Which channels this process serves, under which name, and how many chats at once."""

    owner: str
    channels: tuple[Channel, ...]
    most_chats: int = 32


class ConversationWorker:
    """Takes up conversations that have an open message, until it is cancelled."""

    def __init__(
        self, database: Database, taker: TurnTaker, bell: Bell, options: WorkerOptions
    ) -> None:
        """Work through the inbox with `taker`."""
        self._database = database
        self._taker = taker
        self._bell = bell
        self._options = options
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Work until cancelled; a turn that is under way is finished first."""
        try:
            while True:
                await self._take_up()
                await self._bell.wait(LOOK_SECONDS)
        finally:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _take_up(self) -> None:
        free = self._options.most_chats - len(self._running)
        if free <= 0:
            return
        async with self._database.read() as uow:
            if not await uow.inbox.count_open():
                return
        async with self._database.write() as uow:
            taken = await uow.conversations.lease(
                self._options.owner, self._options.channels, free, LEASE_SECONDS
            )
        for conversation_id in taken:
            task = asyncio.create_task(self._work(conversation_id))
            self._running.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("conversation_failed", error=type(error).__name__)
        self._bell.ring()

    async def _work(self, conversation_id: str) -> None:
        try:
            while await self._taker.take_one(conversation_id):
                pass
        finally:
            async with self._database.write() as uow:
                await uow.conversations.release(conversation_id, self._options.owner)
