"""What is needed from storage about messages that were put aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ParkedMessage:
    """A message that was put aside; `went_on` when an answer to it would come too late now.

    Its conversation has gone on since, so taking it up could undo something newer. An answer to a
    question of a plan that nobody answered since is never too late.
    """

    id: int
    conversation_id: str
    channel: str
    text: str
    received_at: datetime
    failures: int
    attempt: int
    went_on: bool


class Parked(Protocol):
    """The messages that were put aside."""

    async def all(self) -> list[ParkedMessage]:
        """Give them, the oldest first."""
        ...

    async def retry(self, message_id: int) -> bool:
        """Let a message be taken up again as if it had never failed; False when it is not there.

        An attempt of before cannot commit any more.
        """
        ...

    async def drop(self, message_id: int) -> bool:
        """Leave a message unanswered for good; it stays stored. False when it is not there."""
        ...
