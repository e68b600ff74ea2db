"""The local Maildir: each mail once, and readable again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.delivery.maildir import MailAttachment, MaildirMailer, StoredMail
from tests.mails import NOON, PDF, make_mail


async def test_maildir_keeps_each_message_once(tmp_path) -> None:
    mailer = MaildirMailer(tmp_path)

    await mailer.send(make_mail(1))
    await mailer.send(make_mail(1))
    await mailer.send(make_mail(2))

    assert len(mailer.list_mails()) == 2
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_maildir_knows_mail_that_was_read(tmp_path) -> None:
    mailer = MaildirMailer(tmp_path)
    await mailer.send(make_mail())
    (file,) = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / f"{file.name}:2,S")

    await mailer.send(make_mail())

    assert len(mailer.list_mails()) == 1
    assert list((tmp_path / "new").iterdir()) == []


async def test_maildir_lists_newest_first(tmp_path) -> None:
    mailer = MaildirMailer(tmp_path)
    for number, day in ((1, 20), (2, 22), (3, 21)):
        await mailer.send(make_mail(number, NOON.replace(day=day)))

    headings = mailer.list_mails()

    assert [heading.date.day for heading in headings] == [22, 21, 20]
    assert headings[0].subject == "Gevraagd: lees plan STO-2026-0001 - Één idee €"
    assert headings[0].to == "programma@regio.example"


def test_maildir_shows_mail_from_elsewhere(tmp_path) -> None:
    mailer = MaildirMailer(tmp_path)
    mailer.list_mails()
    (tmp_path / "new" / "bare").write_bytes(b"Subject: kaal\n\ntekst\n")
    (tmp_path / "new" / "no-zone").write_bytes(b"Date: Sun, 22 Nov 2026 12:00:00 -0000\n\n")

    headings = mailer.list_mails()

    assert [(heading.key, heading.date) for heading in headings] == [
        ("no-zone", NOON),
        ("bare", None),
    ]
    assert mailer.read_mail("bare") == StoredMail(headings[1], "tekst\n", None, ())


async def test_maildir_gives_mail_and_files(tmp_path) -> None:
    mailer = MaildirMailer(tmp_path)
    await mailer.send(make_mail())
    (heading,) = mailer.list_mails()

    mail = mailer.read_mail(heading.key)

    assert mail is not None
    assert mail.heading == heading
    assert mail.text.startswith("Gevraagd: lees dit plan")
    assert mail.html is not None
    assert "<h1" in mail.html
    assert [file.name for file in mail.attachments] == ["STO-2026-0001.pdf", "STO-2026-0001.json"]
    assert mailer.attachment(heading.key, "STO-2026-0001.pdf") == MailAttachment(
        "STO-2026-0001.pdf", "application/pdf", PDF
    )
    assert mailer.attachment(heading.key, "anders.pdf") is None


@pytest.mark.parametrize("key", ["", "onbekend", "../secret", "../new/x", "/etc/passwd"])
def test_maildir_gives_nothing_outside_itself(tmp_path: Path, key) -> None:
    (tmp_path / "secret").write_text("geheim")
    mailer = MaildirMailer(tmp_path / "mail")

    assert mailer.list_mails() == []
    assert mailer.read_mail(key) is None
    assert mailer.attachment(key, "secret") is None
