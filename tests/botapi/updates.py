"""The queue of updates, with the confirm rules of Telegram's own (TDLib's TQueue)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

MAX_QUEUE_EVENTS = 100_000
FUTURE_MARGIN = 10


@dataclass
class Update:
    """Something that happened, as it waits for the bot."""

    update_id: int
    kind: str
    content: dict[str, Any]
    lane: int
    again: int = 0
    deliveries: int = 0
    confirmed: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the object that goes over the wire."""
        return {"update_id": self.update_id, self.kind: self.content}


class UpdateQueue:
    """Keeps each update until it is confirmed; not thread-safe by itself.

    `again` in an update asks for that many deliveries more after it was confirmed, as Telegram
    may do.
    """

    def __init__(self, first_id: int) -> None:
        self.tail = first_id
        self.pending: dict[int, Update] = {}
        self.log: list[Update] = []
        self._again: list[Update] = []

    @property
    def head(self) -> int:
        """The id of the oldest update that waits, or of the next one to come."""
        return next(iter(self.pending), self.tail)

    def push(self, kind: str, content: dict[str, Any], lane: int, again: int = 0) -> Update:
        """Add what happened; `lane` names the chat within which order counts."""
        update = Update(self.tail, kind, content, lane, again)
        self.tail += 1
        self.pending[update.update_id] = update
        self.log.append(update)
        return update

    def fetch(self, offset: int, limit: int) -> list[Update]:
        """Confirm what comes before `offset`, and give the oldest that still wait.

        A negative offset forgets all but the last ones. An offset too far in the future or in the
        past confirms nothing and reads from the head.
        """
        if offset < 0:
            self.forget_all_but(-offset)
        elif self.head - MAX_QUEUE_EVENTS <= offset <= self.tail + FUTURE_MARGIN:
            for update_id in [known for known in self.pending if known < offset]:
                self._confirm_polled(self.pending[update_id])
        repeated, self._again = self._again[:limit], self._again[limit:]
        batch = repeated + list(islice(self.pending.values(), limit - len(repeated)))
        for update in batch:
            update.deliveries += 1
        return batch

    def confirm(self, update: Update) -> None:
        """Drop an update that the bot has taken."""
        update.confirmed = True
        self.pending.pop(update.update_id, None)

    def deliver_all_again(self) -> None:
        """Let everything wait once more, as if nothing had been confirmed."""
        self.pending = {update.update_id: update for update in self.log}

    def forget_all_but(self, count: int) -> None:
        """Drop the oldest updates unconfirmed, as a negative offset or a day's silence does."""
        surplus = max(0, len(self.pending) - count)
        for update_id in list(islice(self.pending, surplus)):
            del self.pending[update_id]

    def restart_ids(self, at: int) -> None:
        """Number the next update `at`, as Telegram does after a week without any."""
        if self.pending:
            raise ValueError("Telegram restarts ids only when nothing waits")
        self.tail = at

    def _confirm_polled(self, update: Update) -> None:
        self.confirm(update)
        self._again.extend([update] * update.again)
        update.again = 0
