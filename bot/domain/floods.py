"""How many messages one chat may bring, so that nobody keeps the others waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.inbox import Kind

#: Messages of one chat in a minute. Telegram takes one answer a second in a chat, so more could
#: not be answered; who types or presses without a pause stays below half of it.
MOST_A_MINUTE = 60
#: Those of the last minute that wait for an answer. Telegram splits a long text into parts of 4,096
#: characters: the longest plan that anybody pasted is some ten of them. What waits for longer does
#: not count: it is we who are slow then, and the promise of a minute holds.
MOST_WAITING = 30
#: Links behind /start: a person opens one at a time, only who guesses needs many.
MOST_LINKS = 10
#: What the sentence to who goes too fast asks for; it is said once in this time.
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Recent:
    """A message that came in lately: whether it still waits, what it is, and when it came."""

    is_waiting: bool
    kind: Kind
    came_in: datetime


@dataclass
class Room:
    """How many more messages a chat may bring now, and how many of them may be links."""

    messages: int
    links: int

    def is_full(self, kind: Kind) -> bool:
        """Say whether a message of this kind is too much."""
        return self.messages <= 0 or (kind is Kind.LINK and self.links <= 0)

    def take(self, kind: Kind) -> None:
        """Count a message that was stored."""
        self.messages -= 1
        self.links -= kind is Kind.LINK


def room_beside(newest: Sequence[Recent], now: datetime) -> Room:
    """Give the room beside the last `MOST_A_MINUTE` messages of a chat."""
    recent = [one for one in newest if one.came_in > now - A_MINUTE]
    waiting = sum(one.is_waiting for one in recent)
    links = sum(one.kind is Kind.LINK for one in recent)
    return Room(min(MOST_WAITING - waiting, MOST_A_MINUTE - len(recent)), MOST_LINKS - links)
