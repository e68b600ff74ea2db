"""Delivers a plan that is handed over: one e-mail with its summary as text, PDF and JSON."""

from __future__ import annotations

import asyncio

import structlog

from bot.delivery.email_message import build_email
from bot.delivery.mail import Mailer
from bot.delivery.mail_errors import MailRejected, MailUnavailable
from bot.delivery.outcomes import GiveUp, Outcome, Retry, Sent
from bot.delivery.pdf import render_pdf
from bot.domain.summary import PlanSummary
from bot.services.clock import Clock
from bot.services.ports import Store
from bot.storage.outbox import OutboxRow

log = structlog.get_logger()

#: SMTP's answer when a message is too large: the text alone may still pass.
_TOO_LARGE = "rejected_552"
#: Two days of tries, more or less: after that somebody has to look.
_MOST_TRIES = 110


class SummaryMail:
    """Sends outbox rows as e-mail; the Message-ID is the same at every try."""

    def __init__(self, store: Store, mailer: Mailer, sender: str, clock: Clock) -> None:
        """Send from `sender` with `mailer`."""
        self._store = store
        self._mailer = mailer
        self._sender = sender
        self._clock = clock

    async def send(self, row: OutboxRow) -> Outcome:
        """Send a handed-over plan to the address in the row."""
        async with self._store.read() as uow:
            data = await uow.plans.summary(row.payload["plan_id"])
        if data is None:
            return GiveUp("plan_is_gone")
        summary = PlanSummary.from_dict(data)
        pdf = await _pdf(summary)
        outcome = await self._try(row, summary, pdf)
        if pdf and outcome == GiveUp(_TOO_LARGE):
            return await self._try(row, summary, None)
        return outcome

    async def _try(self, row: OutboxRow, summary: PlanSummary, pdf: bytes | None) -> Outcome:
        try:
            return await self._send(row, summary, pdf)
        except MailRejected as error:
            return _after(error.permanent, row, f"rejected_{error.code or 'tls'}")
        except MailUnavailable:
            return _after(False, row, "mail_server_unavailable")

    async def _send(self, row: OutboxRow, summary: PlanSummary, pdf: bytes | None) -> Outcome:
        domain = self._sender.rpartition("@")[2].strip(" >") or "localhost"
        message = build_email(
            summary,
            sender=self._sender,
            recipient=row.address,
            message_id=f"<{row.key.replace(':', '.')}@{domain}>",
            date=self._clock.now(),
            reply_to=summary.teacher_email,
            pdf=pdf,
        )
        await self._mailer.send(message)
        return Sent()


async def _pdf(summary: PlanSummary) -> bytes | None:
    try:
        return await asyncio.to_thread(render_pdf, summary)
    except Exception as error:
        # The plan must arrive, with or without its PDF: the text has all of it.
        log.exception("pdf_failed", error=type(error).__name__)
        return None


def _after(permanent: bool, row: OutboxRow, problem: str) -> Outcome:
    return GiveUp(problem) if permanent or row.tries >= _MOST_TRIES else Retry(problem)
