"""E-mail into a local Maildir, so that the whole road can be seen without a mail account."""

from __future__ import annotations

import asyncio
import hashlib
import mailbox
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

_FIRST_DAY = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class MailHeading:
    """One mail as a list shows it; `key` opens it."""

    key: str
    subject: str
    to: str
    date: datetime | None


@dataclass(frozen=True)
class MailAttachment:
    """A file that came with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class StoredMail:
    """A whole mail."""

    heading: MailHeading
    text: str
    html: str | None
    attachments: tuple[MailAttachment, ...]


class MaildirMailer:
    """Keeps each mail once: a Message-ID that is there already is not stored again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, message: EmailMessage) -> None:
        """Store `message` on disk."""
        await asyncio.to_thread(self._store, message)

    def list_mails(self) -> list[MailHeading]:
        """Give all mails, the newest first."""
        box = self._box()
        headings = [_heading(key, _parsed(box.get_bytes(key))) for key in box.iterkeys()]
        return sorted(
            headings, key=lambda heading: (heading.date or _FIRST_DAY, heading.key), reverse=True
        )

    def read_mail(self, key: str) -> StoredMail | None:
        """Give the mail with this key, None if there is none."""
        box = self._box()
        if key not in box:
            return None
        message = _parsed(box.get_bytes(key))
        return StoredMail(
            heading=_heading(key, message),
            text=_body(message, "plain") or "",
            html=_body(message, "html"),
            attachments=tuple(_attachment(part) for part in message.iter_attachments()),
        )

    def attachment(self, key: str, name: str) -> MailAttachment | None:
        """Give one attachment by its name, None if mail or file is not there."""
        mail = self.read_mail(key)
        files = mail.attachments if mail else ()
        return next((file for file in files if file.name == name), None)

    def _box(self) -> mailbox.Maildir:
        self._path.mkdir(parents=True, exist_ok=True)
        for name in ("tmp", "new", "cur"):
            (self._path / name).mkdir(mode=0o700, exist_ok=True)
        return mailbox.Maildir(self._path, create=False)

    def _store(self, message: EmailMessage) -> None:
        # The file is named after the Message-ID: two tries at once end in one file.
        key = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()
        if key in self._box():
            return
        descriptor, written = tempfile.mkstemp(dir=self._path / "tmp")
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes(policy=SMTP))
            file.flush()
            os.fsync(file.fileno())
        os.replace(written, self._path / "new" / key)


def _parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, _class=EmailMessage, policy=default)


def _heading(key: str, message: EmailMessage) -> MailHeading:
    date = message["Date"].datetime if message["Date"] else None
    if date is not None and date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return MailHeading(key, str(message["Subject"] or ""), str(message["To"] or ""), date)


def _body(message: EmailMessage, subtype: str) -> str | None:
    part = message.get_body((subtype,))
    return str(part.get_content()) if part is not None else None


def _attachment(part: EmailMessage) -> MailAttachment:
    content = part.get_payload(decode=True)
    return MailAttachment(
        name=part.get_filename() or "",
        content_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else b"",
    )
