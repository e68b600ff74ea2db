"""No typed text breaks an e-mail, its headers or where an answer goes."""

from __future__ import annotations

import json
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.email_message import is_address
from bot.domain.summary import PlanSummary
from bot.domain.text import clean
from bot.texts.summary import REPLY_REACHES_TEACHER, subject
from tests.mails import HEADERS, build, content, received
from tests.summaries import REFERENCES, make_summary, summaries


@pytest.mark.parametrize(
    "title",
    [
        "Robots\r\nBcc: iedereen@school.example",
        "Robots\nX-Kop: 1\n\nTekst",
        "Robots\x00\x0b\x1b\x85\u2028Bcc: iedereen@school.example",
    ],
)
def test_typed_text_makes_no_header(title) -> None:
    mail = received(build(make_summary(title=title)))

    assert mail.keys() == HEADERS
    assert "Robots" in mail["Subject"]
    assert not mail.defects


@pytest.mark.parametrize(
    "typed",
    [
        None,
        "",
        "geen adres",
        "a@b",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "Naam <a@b.example>",
        "a..b@c.example",
        ".a@b.example",
        "a@-b.example",
        "é@school.example",
        "a" * 250 + "@b.example",
        "a@b.example;c@d.example",
    ],
)
def test_reply_goes_only_to_an_address(typed) -> None:
    mail = received(build(make_summary(teacher_email=typed)))

    assert mail["Reply-To"] is None
    assert REPLY_REACHES_TEACHER not in content(mail, "plain")
    assert REPLY_REACHES_TEACHER not in content(mail, "html")


@pytest.mark.parametrize("typed", ["a@b.example", " s.o'neil+x@sub.school-1.example "])
def test_reply_reaches_teacher(typed) -> None:
    mail = received(build(make_summary(teacher_email=typed)))

    assert mail["Reply-To"] == typed.strip()
    assert REPLY_REACHES_TEACHER in content(mail, "html")


def test_typed_encoded_word_stays_text() -> None:
    mail = received(build(make_summary(title="=?utf-8?q?Directie=0ABcc?=")))

    assert mail["Subject"].endswith("- = ?utf-8?q?Directie=0ABcc?=")


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": "los"},
        {"message_id": "<a@b>\r\nBcc: c@d.example"},
        {"message_id": "<>"},
        {"sender": "geen adres"},
        {"sender": "a@b.example, c@d.example"},
        {"recipient": "a@b.example\nBcc: c@d.example"},
        {"recipient": "Naam\n <a@b.example>"},
        {"recipient": ""},
    ],
)
def test_wrong_settings_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"^not a") as refusal:
        build(make_summary(), **wrong)

    assert "example" not in str(refusal.value)


@settings(max_examples=150, deadline=None)
@given(summaries(st.text()))
def test_any_text_gives_a_mail(summary) -> None:
    message = build(summary)

    mail = received(message)

    assert mail["Subject"] == " ".join(subject(summary).replace("=?", "= ?").split())
    assert set(mail.keys()) <= set(HEADERS)
    assert max(map(len, message.as_bytes(policy=SMTP).split(b"\r\n"))) <= 998
    for answer in summary.idea + summary.answers:
        if answer.text is not None:
            assert clean(answer.text) in content(mail, "plain")


@settings(max_examples=100, deadline=None)
@given(summaries(st.text(st.characters(exclude_categories=["Cs"])), REFERENCES))
def test_any_summary_is_read_back_from_json(summary) -> None:
    file = list(received(build(summary)).iter_attachments())[1]

    assert file.get_filename() == f"{summary.reference}.json"
    assert PlanSummary.from_dict(json.loads(file.get_payload(decode=True))) == summary


@settings(deadline=None)
@given(st.emails())
def test_strange_but_legal_addresses_are_safe(address) -> None:
    mail = received(build(make_summary(teacher_email=address)))

    assert mail["Reply-To"] == (address if is_address(address) else None)


@pytest.mark.parametrize(
    ("sender", "header"),
    [
        ("sto-wegwijzer@localhost", "sto-wegwijzer@localhost"),
        ("STO Noord <a@b.example>", "STO Noord <a@b.example>"),
        ('"Regio Noord, STO" <a@b.example>', '"Regio Noord, STO" <a@b.example>'),
        ("Regio Noord, STO <a@b.example>", '"Regio Noord, STO" <a@b.example>'),
        ("Één loket <a@b.example>", "Één loket <a@b.example>"),
    ],
)
def test_sender_may_have_a_name(sender, header) -> None:
    mail = received(build(make_summary(), sender=sender))

    assert mail["From"] == header
    assert len(mail["From"].addresses) == 1
