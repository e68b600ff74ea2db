"""What the intake needs from storage to see who goes too fast."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.domain.conversation import Conversation
from bot.domain.floods import Recent


class Floods(Protocol):
    """How much came in lately, and who was told that it was too much."""

    async def newest(self, conversation_id: str, most: int) -> list[Recent]:
        """Give the newest messages of a conversation, at most so many."""
        ...

    async def known(self, keys: Collection[str]) -> set[str]:
        """Give which of these deliveries were stored before."""
        ...

    async def is_first(self, talk: Conversation, key: str, after: str) -> bool:
        """Say whether nothing was said here under a key up to `key` and later than `after`.

        Both order as text by the moment in them. Until this transaction ends nobody else gets an
        answer about this conversation.
        """
        ...
