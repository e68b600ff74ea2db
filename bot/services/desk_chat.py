"""Links and what actions on a plan need, in a chat: handed to the feature that they belong to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.access import Link, Purpose
from bot.domain.turn import Reply
from bot.services.asking import Asker
from bot.services.links import LinkBook
from bot.services.turns import UseCase, Work
from bot.texts import review as words

OpenLink = Callable[[Work, Link], Awaitable[list[Reply]]]


class DeskChat:
    """Everything at the desk of a plan that is typed, or comes in by a link."""

    def __init__(
        self,
        book: LinkBook,
        asker: Asker,
        links: Mapping[Purpose, OpenLink],
        pending: Mapping[str, UseCase],
    ) -> None:
        """Open each purpose by `links`; hand on what is typed by the kind of what is pending."""
        self._book = book
        self._asker = asker
        self._links = links
        self._pending = pending

    async def open_link(self, work: Work) -> list[Reply]:
        """Open a link that was brought behind /start; its word does not stay stored."""
        link = await self._book.read(work.uow, work.turn.text)
        await work.uow.inbox.forget_text(work.turn.id)
        if link is None or not link.is_valid(work.now) or link.purpose not in self._links:
            return await self._asker.again(work, first=words.LINK_IS_OVER)
        return await self._links[link.purpose](work, link)

    async def typed(self, work: Work) -> list[Reply]:
        """Take what was typed while an action waits for it."""
        kind = (work.pending or {}).get("kind", "")
        if kind not in self._pending:
            return await self._asker.again(work)
        return await self._pending[kind](work)
