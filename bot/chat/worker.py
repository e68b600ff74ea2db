"""The conversation worker: oldest message first, one at a time in a chat, many chats at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from bot.chat.turn_taker import TurnTaker
from bot.domain.inbox import Channel
from bot.services.bell import Bell
from bot.services.looking import keep_looking
from bot.storage.database import Database

log = structlog.get_logger()

#: Renewed while a conversation is worked on; how long others wait after a crash.
LEASE_SECONDS = 10.0
#: After an error (the database is away) a conversation rests this long.
_REST_SECONDS = 1.0


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
        self._running: dict[str, asyncio.Task[None]] = {}
        self._is_stopping = False

    async def run(self) -> None:
        """Work until cancelled; a turn that is under way is finished first."""
        try:
            await keep_looking(self._take_up, self._bell, "inbox_not_read")
        finally:
            self._is_stopping = True
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _take_up(self) -> None:
        async with self._database.read() as uow:
            if not await uow.inbox.count_open():
                return
        owner, busy = self._options.owner, list(self._running)
        async with self._database.write() as uow:
            await uow.conversations.renew(owner, busy, LEASE_SECONDS)
            taken = await uow.conversations.lease(
                owner,
                self._options.channels,
                self._options.most_chats - len(busy),
                LEASE_SECONDS,
                busy=busy,
            )
        for conversation_id in taken:
            self._running[conversation_id] = asyncio.create_task(self._work(conversation_id))

    async def _work(self, conversation_id: str) -> None:
        try:
            while not self._is_stopping and await self._taker.take_one(conversation_id):
                pass
        except Exception as error:
            log.exception("conversation_failed", error=type(error).__name__)
            await asyncio.sleep(_REST_SECONDS)
        finally:
            await self._release(conversation_id)
            del self._running[conversation_id]
            self._bell.ring()

    async def _release(self, conversation_id: str) -> None:
        try:
            async with self._database.write() as uow:
                await uow.conversations.release(conversation_id, self._options.owner)
        except Exception as error:
            # It stays ours, and our own lease does not keep us out.
            log.exception("lease_not_released", error=type(error).__name__)
