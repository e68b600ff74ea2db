"""Alarms the operator by e-mail when something stays undone, at most once an hour.

An alarm is a row of the outbox. While it has not left, what goes wrong is added to its counts;
after that, the first trouble queues the next one, to leave an hour after the one before. So each
trouble is told once, within an hour, and a mail server that was away for a day gets one mail.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from bot.domain.conversation import Delivery
from bot.domain.notices import Notice
from bot.domain.troubles import Counts, Trouble, counts_of, is_trouble, with_one_more
from bot.services.alarm_ports import ALARM
from bot.services.ports import UnitOfWork
from bot.texts import alarms as words

log = structlog.get_logger()

APART = timedelta(hours=1)


class Alarms:
    """Tells the operator that something waits for a person; numbers only, nothing about anybody."""

    def __init__(self, operator_email: str | None) -> None:
        """Mail `operator_email`; without one there is a line in the log."""
        self._operator_email = operator_email
        self._token_was_told = False

    async def given_up(self, uow: UnitOfWork, now: datetime, key: str, problem: str) -> None:
        """Tell that a delivery was given up.

        Not of an alarm itself, which would cause alarms for ever (its counts go into the next one),
        nor where there is nothing to mend.
        """
        if not key.startswith(ALARM) and is_trouble(problem):
            await self.tell(uow, now, Trouble.GIVEN_UP)

    async def late(self, uow: UnitOfWork, now: datetime, key: str) -> None:
        """Tell that an e-mail waits for long; not of an alarm, which is late with the others."""
        if not key.startswith(ALARM):
            await self.tell(uow, now, Trouble.LATE)

    async def token_refused(self, uow: UnitOfWork, now: datetime) -> None:
        """Tell that Telegram refuses the token: once, as only a new start can mend it."""
        if not self._token_was_told:
            await self.tell(uow, now, Trouble.TOKEN_REFUSED)
            self._token_was_told = True

    async def tried(self, uow: UnitOfWork, now: datetime, key: str, *, has_left: bool) -> None:
        """Keep alarms an hour apart when one was tried while there is a newer one.

        That was queued while this one was being sent. It leaves an hour after this one did; where
        this one did not leave, it says what this one says too.
        """
        if not key.startswith(ALARM):
            return
        last = await uow.alarms.last()
        if last is None or last.state != "due" or last.key == key:
            return
        if has_left:
            await uow.alarms.put_off(last, max(last.at, now + APART))
            return
        counts = counts_of(last.payload["troubles"])
        told = counts_of((await uow.alarms.take_back(key))["troubles"])
        both = {kind: counts.get(kind, 0) + told.get(kind, 0) for kind in Trouble}
        await uow.alarms.rewrite(last, _payload({kind: n for kind, n in both.items() if n}))

    async def tell(self, uow: UnitOfWork, now: datetime, trouble: Trouble) -> None:
        """Tell of one trouble, in the transaction in which it arises."""
        if self._operator_email is None:
            log.error("operator_not_told", trouble=trouble.value)
            return
        last = await uow.alarms.last()
        if last and last.state == "due":
            counts = with_one_more(counts_of(last.payload["troubles"]), trouble)
            await uow.alarms.rewrite(last, _payload(counts))
            return
        was_lost = last is not None and last.state == "given_up"
        before = counts_of(last.payload["troubles"]) if last and was_lost else {}
        payload = _payload(with_one_more(before, trouble))
        at = max(now, last.at + APART) if last else now
        # An hour that is taken was taken by somebody else just now, or before the clock was set
        # back: then this one leaves an hour later.
        while not await uow.outbox.add(
            Delivery(f"{ALARM}{_hour(at)}", "email", self._operator_email, payload), at
        ):
            at += APART


#: For whoever has no operator to tell.
LOG_ONLY = Alarms(None)


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H}"


def _payload(counts: Counts) -> dict[str, object]:
    notice = Notice(*words.alarm(counts))
    return {
        "kind": "notice",
        "plan_id": None,
        **notice.to_dict(),
        "troubles": {kind.value: count for kind, count in counts.items()},
    }
