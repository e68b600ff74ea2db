"""Links and what actions on a plan need, in a chat: handed to the feature that they belong to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.access import Link, Purpose
from bot.domain.turn import Reply
from bot.services.asking import Asker
from bot.services.links import LinkBook
from bot.services.turns import UseCase, Work
from bot.texts import conversation as talk_words
from bot.texts import review as words
from bot.texts import review_chat as chat_words

OpenLink = Callable[[Work, Link], Awaitable[list[Reply]]]


@dataclass(frozen=True)
class Asides:
    """The use cases of a changed message, and of one that is no text."""

    edit: UseCase
    only_text: UseCase


class DeskChat:
    """Everything at the desk of a plan that is typed, or comes in by a link."""

    def __init__(
        self,
        book: LinkBook,
        asker: Asker,
        links: Mapping[Purpose, OpenLink],
        pending: Mapping[str, UseCase],
        asides: Asides,
    ) -> None:
        """Open each purpose by `links`; hand on what is typed by the kind of what is pending.

        What belongs to nothing that is pending is for `asides`.
        """
        self._book = book
        self._asker = asker
        self._links = links
        self._pending = pending
        self._asides = asides

    async def open_link(self, work: Work) -> list[Reply]:
        """Open a link that was brought behind /start: its word was checked when it came in."""
        link = await self._book.read(work.uow, work.turn.text)
        link = link or await work.uow.links.get(work.turn.text)
        await work.uow.inbox.forget_text(work.turn.id)
        if link is None or not link.is_valid(work.now) or link.purpose not in self._links:
            return await self._asker.again(work, first=words.LINK_IS_OVER)
        return await self._links[link.purpose](work, link)

    async def typed(self, work: Work) -> list[Reply]:
        """Take what was typed while an action waits for it; of a plan that is gone none does."""
        pending = self._waiting(work)
        if pending is None:
            lost = chat_words.you_typed([work.turn.text])
            return await self._asker.again(work, first=f"{chat_words.NOTHING_WAITS}\n\n{lost}")
        return await self._pending[pending["kind"]](work)

    async def edited(self, work: Work) -> list[Reply]:
        """Take a changed message: what an action was filled in with, or an answer of a plan.

        What is pending names the message that filled it in under the key "source".
        """
        pending = self._waiting(work)
        if pending is None:
            return await self._asides.edit(work)
        if pending.get("source") and pending["source"] == work.turn.source:
            return await self.typed(work)
        replies = await self._asides.edit(work)
        work.wait_at_desk(pending)
        return [*replies, Reply(chat_words.STILL_AT_DESK)]

    async def only_text(self, work: Work) -> list[Reply]:
        """Say that only text can be read; what an action waits for, it still waits for."""
        pending = self._waiting(work)
        if pending is None:
            return await self._asides.only_text(work)
        work.wait_at_desk(pending)
        return [Reply(talk_words.ONLY_TEXT)]

    def _waiting(self, work: Work) -> dict[str, Any] | None:
        kind = (work.pending or {}).get("kind")
        return work.pending if kind in self._pending else None
