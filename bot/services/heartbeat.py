"""Writes down that Telegram reaches us, and notices when it could not for too long.

Telegram keeps what we did not take in for a day, whether we fetch it or it is brought; then it is
gone. Nobody would know.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.domain.inbox import Channel
from bot.services.absence import absence_key
from bot.services.bell import Bell
from bot.services.clock import Clock
from bot.services.looking import keep_looking
from bot.services.ports import Store, UnitOfWork
from bot.services.review_ports import Due, DueKind

log = structlog.get_logger()

#: How long Telegram keeps an update that was not taken in.
KEPT = timedelta(hours=24)
#: Often enough to say when we left; each is a write.
EVERY = timedelta(minutes=1)
#: Who was silent for longer before we left was hardly saying something just then.
ACTIVE = timedelta(days=14)


class Heartbeat:
    """The worker that keeps the last moment at which Telegram reached us."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Tell time by `clock`."""
        self._store = store
        self._clock = clock
        self._reached: datetime | None = None
        self._noted: datetime | None = None

    def reached(self) -> None:
        """Hear that everything that Telegram had for us is in; it is written down by `look`."""
        self._reached = self._clock.now()

    async def look(self) -> None:
        """Write down when Telegram reached us, at most once in `EVERY`.

        After a gap of more than `KEPT` a message to each active teacher is due, in the same
        transaction, so that it is done once. The first time ever there was no gap.
        """
        now = self._reached
        if now is None or (self._noted and abs(now - self._noted) < EVERY):
            return
        async with self._store.write() as uow:
            before = await uow.heartbeats.beat(Channel.TELEGRAM, now)
            if before and now - before > KEPT:
                await _tell(uow, before, now)
        self._noted = now

    async def run(self) -> None:
        """Look until cancelled; what is under way then is undone, and done at the next start."""
        await keep_looking(self.look, Bell(), "heartbeat_not_stored")


async def _tell(uow: UnitOfWork, since: datetime, until: datetime) -> None:
    plans = await uow.heartbeats.in_the_middle(Channel.TELEGRAM, since - ACTIVE)
    for plan_id in plans:
        key = absence_key(since, until, plan_id)
        await uow.due.add(Due(key, DueKind.ABSENCE, until, plan_id))
    log.warning("was_away", hours=round((until - since) / timedelta(hours=1)), told=len(plans))
