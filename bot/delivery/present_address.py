"""Turns e-mails to where their contacts are now, at the last moment before they leave."""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.mail_sender import EmailSender
from bot.delivery.outcomes import Dropped, Outcome
from bot.domain.conversation import Delivery
from bot.services.access import Access
from bot.services.addressees import Addressees
from bot.services.clock import Clock
from bot.services.notices import Notices
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow


class PresentAddressSender:
    """Sends e-mails to the present address of the contact, or to who has the plan by then.

    From the moment at which an address is changed or a contact removed, nothing that waits leaves
    to the old address; only a mail that was being handed to the mail server at that very moment
    still may, and is then not sent again.
    """

    def __init__(
        self, database: Database, sender: EmailSender, access: Access, clock: Clock
    ) -> None:
        """Know contacts by `access`; send with `sender`."""
        self._database = database
        self._sender = sender
        self._addressees = Addressees(access, Notices())
        self._clock = clock

    async def send(self, row: OutboxRow) -> Outcome:
        """Send what the row says to who is to have it now; drop it where that is nobody."""
        mail = Delivery(row.key, row.channel, row.address, row.payload, plan_id=row.plan_id)
        async with self._database.read() as uow:
            is_right = await self._addressees.is_right(uow, mail)
        if is_right:
            return await self._sender.send(row)
        async with self._database.write() as uow:
            turned = await self._addressees.follow(uow, mail, self._clock.now())
            if turned is None:
                return Dropped()
            await uow.outbox.rewrite(row.id, turned.address, turned.payload)
        now = replace(row, address=turned.address, payload=turned.payload, tries=1)
        return await self._sender.send(now)
