"""A typical e-mail for tests, built by the real thing and read back as the other side does."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

from bot.delivery.email_message import build_email
from bot.domain.summary import PlanSummary
from tests.summaries import make_answer, make_summary

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 \r\n\x00\xff"
#: All headers that a summary's e-mail may have.
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
]


def build(summary: PlanSummary, **changes: Any) -> EmailMessage:
    """Build the e-mail of a summary, with changes to the other arguments."""
    arguments: dict[str, Any] = {
        "sender": "STO-wegwijzer <wegwijzer@sto.example>",
        "recipient": "programma@regio.example",
        "message_id": "<delivery-1@sto.example>",
        "date": NOON,
        "reply_to": summary.teacher_email,
        "pdf": PDF,
    } | changes
    return build_email(summary, **arguments)


def make_mail(number: int = 1, date: datetime = NOON) -> EmailMessage:
    """Give an e-mail with everything that is hard to transport; each number is a delivery."""
    summary = make_summary(title="Één idee €", answers=(make_answer(".\n..punt\n" + "é" * 2000),))
    return build(summary, message_id=f"<delivery-{number}@sto.example>", date=date)


def received(message: EmailMessage) -> EmailMessage:
    """Send the message through bytes, as a server does."""
    return message_from_bytes(message.as_bytes(policy=SMTP), _class=EmailMessage, policy=default)


def content(message: EmailMessage, subtype: str) -> str:
    """Give the text or HTML part."""
    body = message.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
