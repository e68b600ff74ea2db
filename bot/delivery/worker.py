"""The delivery worker: claim, commit, send, record; one failure never stops the others."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.delivery.outcomes import (
    TOKEN_REFUSED,
    ChannelClosed,
    Dropped,
    GiveUp,
    Outcome,
    Retry,
    Sent,
    wait_before_retry,
)
from bot.services.alarms import LOG_ONLY, Alarms
from bot.services.bell import Bell, Broadcast, heard
from bot.services.clock import Clock
from bot.services.looking import LOOK_SECONDS, keep_looking
from bot.services.persistence import until_stored
from bot.services.undelivered import tell_undelivered
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow

log = structlog.get_logger()

#: Renewed while something is being sent; how long others wait after a crash.
CLAIM_SECONDS = 20.0
AT_ONCE = 16
#: A mail that failed this often has waited for an hour.
LATE_TRIES = 13
#: After this many errors that we did not foresee (a quarter of an hour) the others go first.
MOST_SURPRISES = 10


class Sender(Protocol):
    """Sends rows of one channel."""

    async def send(self, row: OutboxRow) -> Outcome:
        """Try to send a row and say how that ended."""
        ...


class DeliveryWorker:
    """Sends what is due, in order within a conversation, until it is cancelled."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        senders: Mapping[str, Sender],
        bell: Bell,
        alarms: Alarms = LOG_ONLY,
    ) -> None:
        """Send each channel's rows with its sender; tell by `alarms` what cannot be delivered."""
        self._database = database
        self._clock = clock
        self._senders = senders
        self._bell = bell
        self._alarms = alarms
        self._running: dict[int, asyncio.Task[None]] = {}
        self._renew_at = clock.now()
        self._recorded = Broadcast()

    async def run(self) -> None:
        """Work until cancelled; what is being sent then is finished and recorded."""
        try:
            await keep_looking(self._claim, self._bell, "outbox_not_read")
        finally:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def drain(self, channel: str, seconds: float) -> bool:
        """Wait until nothing of a channel is due or under way, at most `seconds`; say if so."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    recorded = self._recorded.listen("")
                    if not await self._count(channel):
                        return True
                    self._bell.ring()
                    await heard(recorded, LOOK_SECONDS)
        except TimeoutError:
            return False

    async def _count(self, channel: str) -> int:
        async with self._database.read() as uow:
            return await uow.outbox.count("due", channel) + await uow.outbox.count(
                "sending", channel
            )

    async def _keep_claims(self) -> None:
        now = self._clock.now()
        if self._running and now >= self._renew_at:
            async with self._database.write() as uow:
                await uow.outbox.renew(self._running, now, CLAIM_SECONDS)
            self._renew_at = now + timedelta(seconds=CLAIM_SECONDS / 4)

    async def _claim(self) -> None:
        await self._keep_claims()
        free = AT_ONCE - len(self._running)
        now = self._clock.now()
        async with self._database.read() as uow:
            if free <= 0 or not await uow.outbox.has_due(self._senders, now):
                return
        async with self._database.write() as uow:
            rows = await uow.outbox.claim(self._senders, now, limit=free, seconds=CLAIM_SECONDS)
        for row in rows:
            # One that is still being sent is not sent again: its claim lasts longer now.
            if row.id not in self._running:
                self._running[row.id] = asyncio.create_task(self._deliver(row))

    async def _deliver(self, row: OutboxRow) -> None:
        try:
            outcome = await self._outcome(row)
            if isinstance(outcome, Sent):
                # It would leave again if this were forgotten; anything else may be tried again.
                record = partial(self._record, row, outcome)
                await until_stored(record, "sending_not_recorded")
            else:
                await self._record(row, outcome)
        except Exception as error:
            log.exception("delivery_not_recorded", error=type(error).__name__)
        finally:
            del self._running[row.id]
            self._recorded.ring()
            self._bell.ring()

    async def _outcome(self, row: OutboxRow) -> Outcome:
        try:
            return await self._senders[row.channel].send(row)
        except Exception as error:
            log.exception("delivery_failed", delivery=row.id, error=type(error).__name__)
            is_hopeless = row.tries >= MOST_SURPRISES
            return GiveUp("unexpected") if is_hopeless else Retry("unexpected")

    async def _record(self, row: OutboxRow, outcome: Outcome) -> None:
        now = self._clock.now()
        async with self._database.write(first=True) as uow:
            match outcome:
                case Sent():
                    await uow.outbox.sent(row.id, now)
                    await self._alarms.tried(uow, now, row.key, has_left=True)
                case Retry(problem, after):
                    wait = after if after is not None else wait_before_retry(row.tries)
                    await uow.outbox.retry(row.id, now + timedelta(seconds=wait), problem)
                    if problem == TOKEN_REFUSED:
                        await self._alarms.token_refused(uow, now)
                    await self._alarms.tried(uow, now, row.key, has_left=False)
                    if row.channel == "email" and row.tries == LATE_TRIES:
                        await self._alarms.late(uow, now, row.key)
                case GiveUp(problem):
                    if await uow.outbox.give_up(row.id, now, problem):
                        await self._alarms.given_up(uow, now, row.key, problem)
                        await tell_undelivered(uow, now, row.key, problem)
                case Dropped():
                    await uow.outbox.cancel(row.id)
                case ChannelClosed(problem):
                    # The person left: nothing that the operator can mend.
                    await uow.outbox.give_up(row.id, now, problem)
                    if row.conversation_id:
                        talk = await uow.conversations.get(row.conversation_id)
                        await uow.conversations.save(replace(talk, is_closed=True))
                        await uow.outbox.give_up_conversation(row.conversation_id, now, problem)
        if not isinstance(outcome, Sent):
            log.warning("delivery_not_made", delivery=row.id, outcome=outcome)
