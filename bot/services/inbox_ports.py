"""What the services need of storage for messages that come in and the turns that answer them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.conversation import Conversation, InboxRow
from bot.domain.inbox import Incoming
from bot.domain.turn import Choice, Reply, Turn


class Inbox(Protocol):
    """The incoming messages."""

    async def add(
        self, conversation: Conversation, incoming: Incoming, now: datetime
    ) -> int | None:
        """Store a message; give its id, or None when this very delivery was stored before."""
        ...

    async def get(self, row_id: int) -> InboxRow:
        """Give a message; in a writing transaction nobody else can change it meanwhile."""
        ...

    async def before(self, row_id: int) -> list[InboxRow]:
        """Give the messages just before this one in the same conversation, the newest first."""
        ...

    async def last_choices(self, conversation_id: str) -> list[Choice]:
        """Give the buttons that were shown last in this conversation."""
        ...

    async def forget_text(self, row_id: int) -> None:
        """Empty the text of a message, where it holds a secret that is no longer needed."""
        ...

    async def previous_at(self, row_id: int) -> datetime | None:
        """Give when the message before this one came in, in the same conversation."""
        ...


class Turns(Protocol):
    """The answers that were given."""

    async def replies(self, turn_id: int) -> list[Reply] | None:
        """Give the replies that were saved for a turn, or None when it was not answered."""
        ...

    async def save(self, turn: Turn, conversation: Conversation, replies: list[Reply]) -> None:
        """Save the replies, queue them for delivery and mark the message as done."""
        ...

    async def push(self, conversation: Conversation, key: str, replies: list[Reply]) -> None:
        """Queue what is said without being asked, once under `key`, after all that was said."""
        ...
