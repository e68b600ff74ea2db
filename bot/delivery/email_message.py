"""The summary as an e-mail: plain text first, HTML beside it, PDF and JSON with it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.domain.summary import PlanSummary
from bot.domain.text import clean
from bot.texts.summary import (
    MAIL_FOOTER,
    REPLY_REACHES_TEACHER,
    subject,
    summary_page,
    summary_text,
)

_LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
#: Narrower than the standard on purpose: what fits here is safe in every header and every program.
_ADDRESS = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})+")
#: Settings may also name this machine: `sto-wegwijzer@localhost`.
_MAILBOX = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})*")
_MAX_ADDRESS = 254
_MESSAGE_ID = re.compile(r"<[!#-;=?A-~]+@[!#-;=?A-~]+>")
_MAX_MESSAGE_ID = 250


def build_email(
    summary: PlanSummary,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    date: datetime,
    reply_to: str | None,
    pdf: bytes | None,
) -> EmailMessage:
    """Give the e-mail that hands `summary` over.

    `sender` and `recipient` are ours, an address or `Name <address>` (else `ValueError`);
    `reply_to` comes from the teacher and is left out where it is no address. Without `pdf` the
    mail goes all the same: the text has the whole plan.
    """
    message = EmailMessage()
    message["From"] = _mailbox(sender)
    message["To"] = _mailbox(recipient)
    # Typed text that looks like an encoded word would be decoded by the reader's program.
    message["Subject"] = subject(summary).replace("=?", "= ?")
    message["Date"] = date
    message["Message-ID"] = _checked_id(message_id)
    message["Auto-Submitted"] = "auto-generated"
    answers_to = reply_to.strip() if reply_to and is_address(reply_to.strip()) else None
    if answers_to:
        message["Reply-To"] = answers_to
    _add_bodies(message, summary, may_reply=answers_to is not None)
    _add_files(message, summary, pdf)
    return message


def is_address(text: str) -> bool:
    """Say whether `text` is a plain e-mail address, safe to put into a header."""
    return len(text) <= _MAX_ADDRESS and _ADDRESS.fullmatch(text) is not None


def _add_bodies(message: EmailMessage, summary: PlanSummary, *, may_reply: bool) -> None:
    page = summary_page(summary)
    closing = [REPLY_REACHES_TEACHER] if may_reply else []
    closing.append(MAIL_FOOTER)
    text = "\n\n".join([page.request, summary_text(summary), "\n".join(["-- ", *closing])])
    html = _environment().get_template("summary.html").render(page=page, closing=closing)
    # Quoted-printable: no server on the way may break long lines or other characters.
    message.set_content(clean(text), cte="quoted-printable")
    message.add_alternative(clean(html), subtype="html", cte="quoted-printable")


def _add_files(message: EmailMessage, summary: PlanSummary, pdf: bytes | None) -> None:
    name = re.sub("[^A-Za-z0-9-]", "", summary.reference)[:40] or "plan"
    if pdf is not None:
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    document = json.dumps(summary.to_dict(), ensure_ascii=False, indent=2)
    message.add_attachment(
        document.encode("utf-8", errors="replace"),
        maintype="application",
        subtype="json",
        filename=f"{name}.json",
    )


def is_mailbox(text: str) -> bool:
    """Say whether `text` can be a sender or recipient: an address, or `Name <address>`."""
    try:
        _mailbox(text)
    except ValueError:
        return False
    return True


def _mailbox(text: str) -> Address:
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">") if bracket else rest
    if not name.isprintable() or not _MAILBOX.fullmatch(address):
        raise ValueError("not a mailbox: expected 'Name <address>' or an address")
    return Address(display_name=name.strip(' "'), addr_spec=address)


def _checked_id(message_id: str) -> str:
    if len(message_id) > _MAX_MESSAGE_ID or not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("not a Message-ID: expected '<something@domain>'")
    return message_id


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bot.delivery"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
