"""Sends the outbox's e-mails, each written by the maker of its kind."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.delivery.email_message import Draft, Envelope, compose, domain_of, is_mailbox
from bot.delivery.mail import Mailer
from bot.delivery.mail_errors import MailRejected, MailUnavailable
from bot.delivery.notice_mail import NoticeMail
from bot.delivery.outcomes import GiveUp, Outcome, Retry, Sent
from bot.delivery.summary_mail import SummaryMail
from bot.services.clock import Clock
from bot.services.links import LinkBook
from bot.services.ports import Store
from bot.storage.outbox import OutboxRow

#: SMTP's answer when a message is too large: without its PDF it may still pass.
_TOO_LARGE = GiveUp("rejected_552")
#: Five days of tries: eleven in the first half hour, then one each half hour.
MOST_TRIES = 250

MakeDraft = Callable[[OutboxRow], Awaitable[Draft | None]]


class EmailSender:
    """Sends outbox rows as e-mail; the Message-ID is the same at every try."""

    def __init__(
        self, store: Store, mailer: Mailer, sender: str, clock: Clock, book: LinkBook
    ) -> None:
        """Send from `sender` with `mailer`; links get their addresses from `book`, at the end."""
        self._mailer = mailer
        self._sender = sender
        self._clock = clock
        self._kinds: dict[str, MakeDraft] = {
            "hand_over": SummaryMail(store, book).draft,
            "notice": NoticeMail(store, book).draft,
        }

    async def send(self, row: OutboxRow) -> Outcome:
        """Send what the row says to the address in it."""
        make = self._kinds.get(row.payload.get("kind", ""))
        if make is None:
            return GiveUp("unknown_kind")
        if not is_mailbox(row.address):
            return GiveUp("no_address")
        draft = await make(row)
        if draft is None:
            return GiveUp("plan_is_gone")
        outcome = await self._try(row, draft)
        lighter = tuple(file for file in draft.files if file.subtype != "pdf")
        if outcome == _TOO_LARGE and lighter != draft.files:
            return await self._try(row, replace(draft, files=lighter))
        return outcome

    async def _try(self, row: OutboxRow, draft: Draft) -> Outcome:
        envelope = Envelope(
            self._sender, row.address, _message_id(row, self._sender), self._clock.now()
        )
        try:
            await self._mailer.send(compose(draft, envelope))
        except MailRejected as error:
            is_hopeless = error.permanent and not error.at_the_door
            return _after(is_hopeless, row, f"rejected_{error.code or 'tls'}")
        except MailUnavailable:
            return _after(False, row, "mail_server_unavailable")
        return Sent()


def _message_id(row: OutboxRow, sender: str) -> str:
    name = row.key.replace(":", ".")
    if row.payload["kind"] != "hand_over":
        # A key counts events: with another database it comes again, for another mail.
        known = "\n".join((row.key, row.plan_id or "", row.address))
        name = f"notice.{hashlib.sha256(known.encode()).hexdigest()[:40]}"
    return f"<{name}@{domain_of(sender)}>"


def _after(is_hopeless: bool, row: OutboxRow, problem: str) -> Outcome:
    return GiveUp(problem) if is_hopeless or row.tries >= MOST_TRIES else Retry(problem)
