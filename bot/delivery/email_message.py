"""What every e-mail shares: checked headers, plain text before HTML, and files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.domain.text import clean, shortened
from bot.texts.privacy import MAIL_LABEL

_LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
#: Narrower than the standard on purpose: what fits here is safe in every header and every program.
_ADDRESS = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})+")
#: Settings may also name this machine: `sto-wegwijzer@localhost`.
_MAILBOX = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})*")
_MAX_ADDRESS = 254
_MESSAGE_ID = re.compile(r"<[!#-;=?A-~]+@[!#-;=?A-~]+>")
_MAX_MESSAGE_ID = 250
_MAX_SUBJECT = 150


@dataclass(frozen=True)
class File:
    """A file that goes with an e-mail; `name` and the rest are ours, never typed."""

    name: str
    content: bytes
    maintype: str
    subtype: str
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Draft:
    """What an e-mail says; `html` says the same as `text`.

    `reply_to` may be anything that was typed: it is left out where it is no address.
    """

    subject: str
    text: str
    html: str
    reply_to: str | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Envelope:
    """From whom an e-mail goes to whom: addresses of ours, or `Name <address>`."""

    sender: str
    recipient: str
    message_id: str
    date: datetime


def compose(draft: Draft, envelope: Envelope) -> EmailMessage:
    """Give the e-mail; raises `ValueError` where the envelope is not safe to put into headers."""
    message = EmailMessage()
    message["From"] = _mailbox(envelope.sender)
    message["To"] = _mailbox(envelope.recipient)
    _set_subject(message, _one_line(draft.subject))
    message["Date"] = envelope.date
    message["Message-ID"] = _checked_id(envelope.message_id)
    message["Auto-Submitted"] = "auto-generated"
    # Exchange answers "away until Monday" to what is only marked as the standard asks.
    message["X-Auto-Response-Suppress"] = "All"
    reply_to = answer_address(draft.reply_to)
    if reply_to:
        message["Reply-To"] = reply_to
    # Quoted-printable: no server on the way may break long lines or other characters.
    message.set_content(clean(draft.text), cte="quoted-printable")
    message.add_alternative(clean(draft.html), subtype="html", cte="quoted-printable")
    for file in draft.files:
        message.add_attachment(
            file.content,
            maintype=file.maintype,
            subtype=file.subtype,
            filename=file.name,
            params=dict(file.params),
        )
    return message


def render(template: str, **values: Any) -> str:
    """Give the HTML of a template in `templates/`; all values are shown literally."""
    return _environment().get_template(template).render(privacy_label=MAIL_LABEL, **values)


def footer(sentences: list[str], privacy_url: str) -> str:
    """Give the end of a text part, behind the mark that mail programs know as a signature."""
    return "\n".join(["-- ", *sentences, f"{MAIL_LABEL}: {privacy_url}"])


def answer_address(typed: str | None) -> str | None:
    """Give the address that answers go to, None where what was typed is no address."""
    address = (typed or "").strip()
    return address if is_address(address) else None


def is_address(text: str) -> bool:
    """Say whether `text` is a plain e-mail address, safe to put into a header."""
    return len(text) <= _MAX_ADDRESS and _ADDRESS.fullmatch(text) is not None


def is_mailbox(text: str) -> bool:
    """Say whether `text` can be a sender or recipient: an address, or `Name <address>`."""
    try:
        _mailbox(text)
    except ValueError:
        return False
    return True


def domain_of(sender: str) -> str:
    """Give the domain of our own address, for what is named after it."""
    return sender.rpartition("@")[2].strip(" >") or "localhost"


def _mailbox(text: str) -> Address:
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">") if bracket else rest
    if not name.isprintable() or not _MAILBOX.fullmatch(address):
        raise ValueError("not a mailbox: expected 'Name <address>' or an address")
    return Address(display_name=name.strip(' "'), addr_spec=address)


def _set_subject(message: EmailMessage, subject: str) -> None:
    # Encoded as a whole: where only some words are, folding doubles or drops the spaces between.
    charset = "us-ascii" if subject.isascii() else "utf-8"
    message.set_raw("Subject", Header(subject, charset, header_name="Subject").encode())


def _one_line(subject: str) -> str:
    # Typed text that looks like an encoded word would be decoded by the reader's program.
    return shortened(clean(subject).replace("=?", "= ?"), _MAX_SUBJECT)


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
