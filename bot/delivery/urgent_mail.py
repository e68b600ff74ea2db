"""Mail to the operator that goes at once, past the outbox: for when nothing can be stored."""

from __future__ import annotations

import uuid

import structlog

from bot.delivery.email_message import Envelope, compose, domain_of
from bot.delivery.mail import Mailer
from bot.delivery.mail_errors import MailRejected, MailUnavailable
from bot.delivery.notice_mail import About, notice_draft
from bot.domain.notices import Notice
from bot.services.clock import Clock
from bot.services.links import LinkBook

log = structlog.get_logger()


class UrgentMail:
    """Mails the operator, if there is one."""

    def __init__(
        self, mailer: Mailer, sender: str, operator_email: str | None, clock: Clock, book: LinkBook
    ) -> None:
        """Send from `sender` with `mailer`."""
        self._mailer = mailer
        self._sender = sender
        self._operator_email = operator_email
        self._clock = clock
        self._book = book

    async def send(self, notice: Notice) -> bool:
        """Send a notice that needs nothing stored; say whether it left."""
        if self._operator_email is None:
            log.error("operator_not_told", trouble="nothing_stored")
            return True
        message_id = f"<urgent.{uuid.uuid4().hex}@{domain_of(self._sender)}>"
        envelope = Envelope(self._sender, self._operator_email, message_id, self._clock.now())
        try:
            await self._mailer.send(compose(notice_draft(notice, self._book, About()), envelope))
        except (MailRejected, MailUnavailable, OSError) as error:
            log.error("operator_not_told", trouble="nothing_stored", error=type(error).__name__)
            return False
        return True
