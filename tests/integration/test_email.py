"""The e-mail that hands a summary over, as the receiving side reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.email_message import Draft, Envelope, compose
from bot.domain.summary import PlanSummary
from bot.domain.text import shortened
from bot.texts.privacy import MAIL_LABEL
from bot.texts.summary import (
    LINK_IS_YOURS,
    MAIL_FOOTER,
    NOT_FILLED,
    REPLY_REACHES_TEACHER,
    summary_text,
)
from tests.mails import HEADERS, PRIVACY_URL, URL, Page, build, content, received
from tests.summaries import make_answer, make_summary

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_mail_has_text_first_then_html_and_files() -> None:
    mail = received(build(make_summary()))

    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
        "application/json",
    ]
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        "STO-2026-0001.pdf",
        "STO-2026-0001.json",
    ]


def test_headers_say_who_what_and_when() -> None:
    mail = received(build(make_summary(title="Één idee €")))

    assert mail.keys() == HEADERS
    assert dict(list(mail.items())[:8]) == {
        "From": "STO-wegwijzer <wegwijzer@sto.example>",
        "To": "programma@regio.example",
        "Subject": "Gevraagd: lees plan STO-2026-0001 - Één idee €",
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
        "Message-ID": "<delivery-1@sto.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Reply-To": "s.voorbeeld@school.example",
    }


def test_text_part_has_request_and_whole_plan() -> None:
    summary = make_summary()

    text = content(received(build(summary)), "plain")

    assert text == (
        "Gevraagd: lees dit plan en laat de docent weten wat de volgende stap is.\n\n"
        f"Open het plan om te reageren:\n{URL}\n\n{LINK_IS_YOURS}\n\n"
        f"{summary_text(summary)}\n\n-- \n{REPLY_REACHES_TEACHER}\n{MAIL_FOOTER}\n"
        f"{MAIL_LABEL}: {PRIVACY_URL}\n"
    )


def test_html_part_shows_every_answer() -> None:
    summary = make_summary()

    page = Page(content(received(build(summary)), "html"))

    for answer in summary.idea + summary.answers:
        assert answer.title in page.text
        assert answer.question in page.text
        assert (answer.text or NOT_FILLED) in page.text
    assert "Nog open: Mijlpalen." in page.text


def test_html_part_opens_with_the_button() -> None:
    page = Page(content(received(build(make_summary())), "html"))

    assert page.links[0] == ("Open het plan om te reageren", URL)
    assert page.text.index("Open het plan") < page.text.index("In het kort")
    assert LINK_IS_YOURS in page.text


def test_mail_of_before_links_has_none() -> None:
    mail = received(build(make_summary(), url=None))

    page = Page(content(mail, "html"))

    assert "Open het plan" not in page.text + content(mail, "plain")
    assert LINK_IS_YOURS not in page.text + content(mail, "plain")


def test_html_part_loads_nothing_from_elsewhere() -> None:
    page = Page(content(received(build(make_summary())), "html"))

    assert page.loads == []
    assert [address for _, address in page.links] == [
        URL,
        "https://www.sterktechniekonderwijs.nl/regio/assen",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script><b>vet</b>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}{% raw %}&amp;&lt;",
        "' onmouseover='alert(1)",
    ],
)
def test_html_shows_markup_literally(typed) -> None:
    summary = make_summary(
        title=typed,
        school=typed,
        region_page=f"https://x.example/{typed}",
        answers=(make_answer(typed, title=typed, question=typed),),
    )

    page = Page(content(received(build(summary)), "html"))

    assert page.text.count(typed) == 5
    assert not page.tags & {"script", "img", "b"}
    assert {name for name, _ in page.attributes if name.startswith("on")} == set()


def test_json_file_is_the_summary() -> None:
    summary = make_summary()

    file = list(received(build(summary)).iter_attachments())[1]

    assert PlanSummary.from_dict(json.loads(file.get_payload(decode=True))) == summary


def test_mail_goes_without_pdf_too() -> None:
    mail = received(build(make_summary(), pdf=None))

    assert [part.get_filename() for part in mail.iter_attachments()] == ["STO-2026-0001.json"]


def test_same_delivery_keeps_its_message_id() -> None:
    ids = {received(build(make_summary()))["Message-ID"] for _ in range(2)}

    assert ids == {"<delivery-1@sto.example>"}


def test_long_message_id_stays_whole() -> None:
    message_id = f"<{'a' * 150}@sto.example>"

    raw = build(make_summary(), message_id=message_id).as_bytes(policy=SMTP)

    assert message_id.encode() in raw


@given(
    st.lists(
        st.sampled_from(
            ["een", "“drie", "vier”", "é", "techniekonderwijs", "STO-2026-0001", "b", "c"]
        )
    )
)
def test_spaces_in_a_subject_survive_the_wire(words: list[str]) -> None:
    title = " ".join(["Drones", *words])
    mail = compose(
        Draft(title, "tekst", "<p>tekst</p>"),
        Envelope("a@school.example", "b@school.example", "<c@school.example>", NOW),
    )

    raw = mail.as_bytes(policy=SMTP)

    assert message_from_bytes(raw, policy=SMTP)["Subject"] == shortened(title, 150)
    assert all(len(line) <= 78 for line in raw.partition(b"\r\n\r\n")[0].splitlines())
