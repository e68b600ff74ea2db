"""What alarms need from storage: the newest of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

#: What the key of an alarm begins with in the outbox; behind it stands its hour.
ALARM = "alarm:"


@dataclass(frozen=True)
class LastAlarm:
    """The newest alarm in the outbox: `at` is when it left, or is to leave."""

    id: int
    key: str
    state: str
    at: datetime
    payload: dict[str, Any]


class AlarmRows(Protocol):
    """The alarms in the outbox."""

    async def last(self) -> LastAlarm | None:
        """Give the newest alarm; while this transaction lasts nobody else takes or changes it."""
        ...

    async def rewrite(self, alarm: LastAlarm, payload: dict[str, Any]) -> None:
        """Let an alarm that has not left say something else."""
        ...

    async def put_off(self, alarm: LastAlarm, at: datetime) -> None:
        """Let an alarm leave later."""
        ...

    async def take_back(self, key: str) -> dict[str, Any]:
        """Let an alarm not leave any more; give what it says."""
        ...
