"""What is new in a conversation, and waiting until there is something new."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.inbox import Channel
from bot.services.bell import heard
from bot.storage.transcript import Cursor, Transcript, Transcripts
from bot.web.chat_view import Texts, update
from bot.web.parts import WebParts

#: How long a page's question for news stays open; proxies cut a connection at 30 or 60.
NEWS_SECONDS = 25.0
#: How long a page without a script waits for the answer to what it sent.
ANSWER_SECONDS = 12.0
#: Another process may have answered, and its bell does not ring here.
LOOK_AGAIN = 2.0


class Talks:
    """The conversations of the web chat."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._transcripts = Transcripts(parts.store)
        self._texts = Texts(parts.fill, parts.public_url)

    async def read(self, address: str) -> Transcript:
        """Give the conversation as it is now."""
        return await self._transcripts.read(Channel.WEB, address)

    async def update(self, address: str, after: Cursor) -> dict[str, Any]:
        """Give what a page with this cursor lacks."""
        return self.view(await self.read(address), after)

    def view(self, transcript: Transcript, after: Cursor) -> dict[str, Any]:
        """Give what a page with this cursor lacks of a conversation as it was read."""
        return update(transcript, after, self._texts, is_ready=self._parts.is_ready())

    async def news(
        self,
        address: str,
        after: Cursor,
        *,
        was_ready: bool,
        is_gone: Callable[[], Awaitable[bool]],
    ) -> dict[str, Any]:
        """Give what a page lacks as soon as it lacks something, or after `NEWS_SECONDS`."""

        async def is_there() -> bool:
            now = await self._transcripts.cursor(Channel.WEB, address)
            return now != after or self._parts.is_ready() != was_ready or await is_gone()

        await self._until(address, is_there, NEWS_SECONDS)
        return await self.update(address, after)

    async def answered(self, address: str) -> None:
        """Wait until nothing waits for an answer, at most `ANSWER_SECONDS`."""

        async def is_answered() -> bool:
            return not (await self.read(address)).is_busy

        await self._until(address, is_answered, ANSWER_SECONDS)

    async def _until(
        self, address: str, is_so: Callable[[], Awaitable[bool]], seconds: float
    ) -> None:
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while (left := end - clock()) > 0:
            # Listening begins before looking: a ring in between is heard.
            ring = self._parts.said.listen(address)
            if await is_so():
                return
            await heard(ring, min(left, LOOK_AGAIN))
