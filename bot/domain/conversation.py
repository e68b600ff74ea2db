"""A conversation, a message in its inbox, and something that is to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.inbox import Channel, Kind
from bot.domain.turn import ONE_TURN, Choice, Open, OpenKind, Turn


@dataclass(frozen=True)
class Conversation:
    """One person on one channel: what is open and which plan is in hand.

    `under` is what a side question was asked on top of; `missed` counts how many messages in a row
    were not understood. `pending` is what somebody at the review desk is in the middle of.
    """

    id: str
    person_id: str
    channel: Channel
    address: str
    open_kind: OpenKind = OpenKind.NONE
    plan_id: str | None = None
    is_closed: bool = False
    under: OpenKind = OpenKind.NONE
    missed: int = 0
    pending: dict[str, Any] | None = None

    @property
    def base(self) -> OpenKind:
        """Give what is open apart from a side question."""
        return self.under if self.open_kind in ONE_TURN else self.open_kind


@dataclass(frozen=True)
class InboxRow:
    """A message in the inbox with what was frozen when it was first taken up."""

    id: int
    conversation_id: str
    person_id: str
    kind: Kind
    text: str
    source: str | None
    attempt: int
    open: Open
    pressed: Choice | None
    received_at: datetime

    def turn(
        self,
        intent: str | None = None,
        suggestions: tuple[str, ...] = (),
        *,
        is_guess: bool = False,
    ) -> Turn:
        """Give this message as the services see it."""
        return Turn(
            id=self.id,
            attempt=self.attempt,
            person_id=self.person_id,
            conversation_id=self.conversation_id,
            text=self.text,
            open=self.open,
            pressed=self.pressed,
            source=self.source,
            intent=intent,
            suggestions=suggestions,
            is_guess=is_guess,
        )


@dataclass(frozen=True)
class Delivery:
    """Something to be sent: `key` makes it unique, whoever asks for it again."""

    key: str
    channel: str
    address: str
    payload: dict[str, Any]
    conversation_id: str | None = None
    plan_id: str | None = None
