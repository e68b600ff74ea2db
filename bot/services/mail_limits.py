"""How much is mailed to addresses that anybody can type, so that nobody mails others through us.

That is the address of a school's management, and of the teacher: while a plan is written nobody but
who typed it says whose it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto

import structlog

from bot.services.links import LinkSigner
from bot.services.ports import UnitOfWork

log = structlog.get_logger()

#: A school leader with three teachers who ask on one day is rare; a fourth can forward the message.
MOST_TO_ADDRESS_A_DAY = 3
#: A hall full of teachers who all ask at the end of one workshop stays below this.
MOST_AN_HOUR = 60
#: More than three such workshops on one day: a busy region has some ten requests a day.
MOST_A_DAY = 200
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Reached(Enum):
    """Which limit was reached."""

    ADDRESS = auto()
    INSTALLATION = auto()


#: How long what nobody waits for is put off.
TRY_AGAIN = {Reached.ADDRESS: _DAY, Reached.INSTALLATION: _HOUR}


class MailLimits:
    """Counts mails in the database, so over restarts and processes, and over who deletes all.

    Stored is a keyed hash of the address, for a day. Those who ask at the very same moment may be
    one over a limit each.
    """

    def __init__(self, signer: LinkSigner) -> None:
        """Hash addresses with `signer`."""
        self._signer = signer

    async def reached(self, uow: UnitOfWork, email: str, now: datetime) -> Reached | None:
        """Say which limit keeps a mail to this address from being sent now, if one does."""
        mark = self._signer.address_mark(email)
        if await uow.mail_tally.since(now - _DAY, mark) >= MOST_TO_ADDRESS_A_DAY:
            return Reached.ADDRESS
        limits = ((_HOUR, MOST_AN_HOUR), (_DAY, MOST_A_DAY))
        for time, most in limits:
            if await uow.mail_tally.since(now - time) >= most:
                log.warning("mail_refused", most=most, hours=time // _HOUR)
                return Reached.INSTALLATION
        return None

    async def takes(self, uow: UnitOfWork, email: str, key: str, now: datetime) -> bool:
        """Count a mail to this address that is to be queued under `key`, unless that is too many.

        False when it is not to be sent.
        """
        if await self.reached(uow, email, now):
            return False
        await self.count(uow, email, key, now)
        return True

    async def later(self, uow: UnitOfWork, email: str | None, now: datetime) -> datetime | None:
        """Give when to try again what nobody waits for; None when it can be said now.

        An address that had enough today reads it in its chat alone.
        """
        if email and await self.reached(uow, email, now) is Reached.INSTALLATION:
            return now + TRY_AGAIN[Reached.INSTALLATION]
        return None

    async def count(self, uow: UnitOfWork, email: str, key: str, now: datetime) -> None:
        """Count a mail that was queued under `key`; what was counted a day ago is forgotten."""
        await uow.mail_tally.forget(now - _DAY)
        await uow.mail_tally.add(self._signer.address_mark(email), key, now)
