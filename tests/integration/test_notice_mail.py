"""Notices by e-mail, from the outbox to a real mail server, as the receiving side reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.delivery import mail_files
from bot.delivery.email_message import compose
from bot.delivery.mail_files import json_file
from bot.delivery.mail_sender import EmailSender
from bot.delivery.notice_mail import About, notice_draft
from bot.delivery.outcomes import GiveUp, Outcome, Retry, Sent
from bot.delivery.pdf import PdfFailedError
from bot.delivery.smtp import SmtpMailer
from bot.domain.access import Purpose, link_mark, telegram_mark
from bot.domain.inbox import Channel
from bot.domain.notices import Attachment, Notice
from bot.domain.plan import Answer, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.text import clean
from bot.domain.turn import Reply
from bot.services.links import Addresses, LinkBook
from bot.services.notices import Notices
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.texts import notices as words
from bot.texts.privacy import MAIL_LABEL
from bot.texts.summary import LINK_IS_YOURS, MAIL_FOOTER
from tests.clocks import SteppingClock
from tests.integration.running_chat import sqlite_only
from tests.integration.smtp_server import Received, SmtpTestServer
from tests.mails import ENVELOPE, HEADERS, Page, content, received
from tests.person import Person, made_book, make_services
from tests.reviews import CONTACTS, act, actor, add_contacts, filled_in, handed_over
from tests.summaries import make_summary

pytest_plugins = ["tests.integration.mail_fixtures"]

NOTICE = Notice(
    subject="Kijk wat er veranderd is in plan STO-2026-0001 “Robots”",
    paragraphs=("De docent heeft geantwoord:\n\n“30% in 2027.”", "• één\n• twee"),
    link_id="AbCdE_-1234",
    link_label="Open het plan",
    reply_to="docent@school.example",
)
ABOUT = About("plan-1", warning=LINK_IS_YOURS)
#: What no mail may hold: it makes a text read as something else, or cannot be shown.
UNSAFE = "\x00\x07\x1b\x85\u202e\u202d\u2066"
TYPED = [
    "regel\r\nBcc: iedereen@school.example\r\n\r\nTekst",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"><style>p{display:none}</style>',
    "{{ 7*7 }}{% raw %}&amp;&lt;",
    "=?utf-8?q?Directie=0ABcc?=",
    f"om{UNSAFE}gekeerd",
    "lang" * 2000,
]


BOOK = made_book()
URL = BOOK.url("AbCdE_-1234")


def build(notice: Notice, about: About = ABOUT) -> EmailMessage:
    return compose(notice_draft(notice, BOOK, about), ENVELOPE)


# What is written


def test_notice_is_text_first_then_html() -> None:
    mail = received(build(NOTICE))

    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_headers_say_that_a_machine_wrote() -> None:
    mail = received(build(NOTICE))

    assert dict(list(mail.items())[:8]) == {
        "From": "STO-wegwijzer <wegwijzer@sto.example>",
        "To": "programma@regio.example",
        "Subject": NOTICE.subject,
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
        "Message-ID": "<delivery-1@sto.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Reply-To": "docent@school.example",
    }


def test_text_part_ends_with_why_and_who() -> None:
    text = content(received(build(NOTICE)), "plain")

    assert text == (
        "De docent heeft geantwoord:\n\n“30% in 2027.”\n\n• één\n• twee\n\n"
        f"Open het plan:\n{URL}\n\n{LINK_IS_YOURS}\n\n-- \n"
        "Beantwoord je deze mail? Dan gaat je antwoord naar docent@school.example.\n"
        f"{words.WHY_OF_PLAN}\n{MAIL_FOOTER}\n"
        f"{MAIL_LABEL}: {BOOK.privacy_url}\n"
    )


def test_html_part_says_what_the_text_says() -> None:
    mail = received(build(NOTICE))

    page = Page(content(mail, "html"))

    shown = [line.strip() for line in page.text.split("\n") if line.strip()]
    said = content(mail, "plain").replace("• ", "").replace(URL, "").replace("-- ", "")
    said = said.replace(f": {BOOK.privacy_url}", "")
    assert shown == [
        NOTICE.subject,
        *(line.rstrip(":") if "Open het" in line else line for line in said.split("\n") if line),
    ]
    assert page.links == [("Open het plan", URL)]
    assert {"ul", "li"} <= page.tags
    assert ("lang", "nl") in page.attributes


def test_html_part_loads_nothing_from_elsewhere() -> None:
    assert Page(content(received(build(NOTICE)), "html")).loads == []


def test_notice_without_link_has_no_button() -> None:
    mail = received(build(replace(NOTICE, link_id=None, link_label=""), About()))

    assert Page(content(mail, "html")).links == []
    assert content(mail, "plain").count("http") == content(mail, "plain").count(BOOK.privacy_url)
    assert words.WHY in content(mail, "plain")
    assert words.WHY_OF_PLAN not in content(mail, "plain")


@pytest.mark.parametrize("typed", ["geen adres", "a@b.example\r\nBcc: c@d.example", "", None])
def test_answers_go_only_to_an_address(typed: str | None) -> None:
    mail = received(build(replace(NOTICE, reply_to=typed)))

    assert mail["Reply-To"] is None
    assert "Beantwoord" not in content(mail, "plain") + content(mail, "html")


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("field", ["subject", "paragraphs", "link_label", "reply_to"])
def test_typed_text_stays_text_in_every_field(field: str, typed: str) -> None:
    item = " ".join(clean(typed).split())
    changed: Any = (typed, f"• {item}") if field == "paragraphs" else typed
    message = build(replace(NOTICE, **{field: changed}))

    mail = received(message)

    assert set(mail.keys()) <= set(HEADERS)
    assert not mail.defects
    assert [address.addr_spec for address in mail["To"].addresses] == ["programma@regio.example"]
    assert max(map(len, message.as_bytes(policy=SMTP).split(b"\r\n"))) <= 998
    page = Page(content(mail, "html"))
    assert page.loads == []
    assert page.tags & {"b", "script", "img"} == set()
    assert content(mail, "html").count("<style>") == 1
    seen = mail["Subject"] + content(mail, "plain") + content(mail, "html")
    assert not set(UNSAFE) & set(seen)
    if field == "paragraphs":
        assert clean(typed) in content(mail, "plain")
        assert clean(typed) in page.text
        assert f"\n{item}\n" in page.text
    elif field == "link_label":
        assert clean(typed) in page.text


@pytest.mark.parametrize("typed", [*TYPED, "woord " * 100])
def test_subject_is_one_short_line_of_text(typed: str) -> None:
    mail = received(build(replace(NOTICE, subject=f"Lees dit: {typed}")))

    assert mail["Subject"].startswith("Lees dit: ")
    assert len(mail["Subject"]) <= 150
    assert "=?" not in mail["Subject"]
    assert "\n" not in mail["Subject"]


@settings(max_examples=100, deadline=None)
@given(st.text(), st.lists(st.text(), max_size=4), st.text(), st.text())
def test_any_text_gives_a_notice(
    subject: str, paragraphs: list[str], label: str, reply_to: str
) -> None:
    notice = Notice(subject, tuple(paragraphs), "AbCdE_-1234", label, reply_to)

    message = build(notice)

    mail = received(message)
    assert set(mail.keys()) <= set(HEADERS)
    assert max(map(len, message.as_bytes(policy=SMTP).split(b"\r\n"))) <= 998
    for paragraph in paragraphs:
        assert clean(paragraph).strip("\n") in content(mail, "plain")


@pytest.mark.parametrize(
    ("status", "subject"),
    [
        (PlanStatus.DRAFT, "Nieuws over je plan “Robots”"),
        (PlanStatus.RECEIVED, "Nieuws over je plan STO-2026-0001 “Robots”"),
        (PlanStatus.ASKED, "Beantwoord de vraag over je plan STO-2026-0001 “Robots”"),
        (
            PlanStatus.INVITED,
            "Kies een moment voor een gesprek over je plan STO-2026-0001 “Robots”",
        ),
        (PlanStatus.NOT_NOW, "Lees het besluit over je plan STO-2026-0001 “Robots”"),
    ],
)
def test_mail_to_teacher_says_first_what_to_do(status: PlanStatus, subject: str) -> None:
    plan = Plan(
        id="plan-1",
        person_id="person-1",
        questions_version="1",
        open_step="doelen",
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        status=status,
        answers={"titel": Answer("titel", "Robots")},
        reference=None if status is PlanStatus.DRAFT else "STO-2026-0001",
    )

    assert words.teacher_subject(plan) == subject


# What is sent


class Office:
    """A plan that was handed over, and what sends the mails about it to a real mail server."""

    def __init__(
        self, database: Database, clock: SteppingClock, server: SmtpTestServer, book: LinkBook
    ) -> None:
        self.database = database
        self.clock = clock
        self.server = server
        self.book = book
        self.person = Person(
            database, make_services(database, clock), clock, "browser-1", Channel.WEB
        )
        mailer = SmtpMailer(f"smtp://localhost:{server.port}")
        self.sender = EmailSender(database, mailer, "Wegwijzer <wijs@sto.example>", clock, book)

    async def queue(self, notice: Notice, plan_id: str | None, key: str = "notice:1") -> None:
        async with self.database.write() as uow:
            await Notices().to_contact(
                uow, self.clock.now(), CONTACTS["manager"], key, notice, plan_id=plan_id
            )

    async def rows(self) -> list[OutboxRow]:
        async with self.database.write() as uow:
            return await uow.outbox.claim(["email"], self.clock.now(), limit=10, seconds=60)

    async def send_all(self) -> list[Outcome]:
        return [await self.sender.send(row) for row in await self.rows()]

    async def mails(self) -> list[EmailMessage]:
        """Send what is due; give what arrived, the oldest first."""
        assert set(await self.send_all()) == {Sent()}
        return [mail.message for mail in self.server.received]

    async def link_to(self, plan_id: str, purpose: Purpose = Purpose.REVIEW) -> str:
        async with self.database.write() as uow:
            link = await self.book.give(
                uow, self.clock.now(), purpose, plan_id=plan_id, contact_id="manager"
            )
            return link.id

    async def happened(self, plan: Plan, action: Action, **data: Any) -> None:
        event = PlanEvent(
            plan_id=plan.id,
            at=self.clock.now(),
            role=Role.PROGRAMME_MANAGER,
            name="Regio Assen",
            action=action,
            before=plan.status,
            after=plan.status,
            data=data,
        )
        async with self.database.write() as uow:
            await uow.reviews.add_event(event)


@pytest.fixture
async def office(database: Database, clock: SteppingClock, smtp_server: SmtpTestServer) -> Office:
    await add_contacts(database, "manager")
    return Office(database, clock, smtp_server, made_book())


@pytest.fixture
async def plan(office: Office) -> Plan:
    """A plan whose hand-over mail has left."""
    plan = await handed_over(office.person)
    await office.send_all()
    return plan


def names(mail: EmailMessage) -> list[str | None]:
    return [part.get_filename() for part in mail.iter_attachments()]


async def test_hand_over_mail_opens_with_the_link(office: Office) -> None:
    plan = await handed_over(office.person)

    [row] = await office.rows()
    assert await office.sender.send(row) == Sent()

    [arrived] = office.server.received
    url = office.book.url(row.payload["link_id"])
    mail = arrived.message
    assert mail["To"] == "regio@assen.example"
    assert mail["Message-ID"] == f"<hand_over.{plan.id}@sto.example>"
    assert mail["Subject"] == "Gevraagd: lees plan STO-2026-0001 - Drones in de zorg"
    assert content(mail, "plain").split("\n\n")[1] == f"Open het plan om te reageren:\n{url}"
    assert Page(content(mail, "html")).links[0] == ("Open het plan om te reageren", url)
    assert names(mail) == ["STO-2026-0001.pdf", "STO-2026-0001.json"]


async def test_hand_over_of_before_links_still_goes(office: Office) -> None:
    await handed_over(office.person)
    [row] = await office.rows()
    old = replace(row, payload={"kind": "hand_over", "plan_id": row.payload["plan_id"]})

    assert await office.sender.send(old) == Sent()

    [arrived] = office.server.received
    assert "/l/" not in content(arrived.message, "plain") + content(arrived.message, "html")


async def test_forwarded_plan_comes_with_link_and_files(office: Office, plan: Plan) -> None:
    await add_contacts(office.database, "colleague")
    order = filled_in(Action.FORWARD, office.clock.now())
    await act(office.person, actor("manager"), plan.id, order)

    mails = await office.mails()

    [mail] = [mail for mail in mails if mail["To"] == "ook@assen.example"]
    assert (
        mail["Subject"]
        == "Lees plan STO-2026-0001 “Drones in de zorg”: het is naar jou doorgestuurd"
    )
    assert mail["Reply-To"] == "docent@school.example"
    assert LINK_IS_YOURS in content(mail, "plain")
    assert names(mail) == ["STO-2026-0001.pdf", "STO-2026-0001.json"]
    [(label, url)] = Page(content(mail, "html")).links
    assert label == "Open het plan"
    async with office.database.read() as uow:
        link = await office.book.read(uow, url.rpartition("/")[2])
    assert link is not None
    assert (link.plan_id, link.contact_id) == (plan.id, "colleague")


@sqlite_only
async def test_teacher_is_led_to_the_chat(office: Office, plan: Plan) -> None:
    order = filled_in(Action.ASK, office.clock.now())
    await act(office.person, actor("manager"), plan.id, order)

    mail = (await office.mails())[-1]

    assert mail["To"] == "docent@school.example"
    assert mail["Subject"].startswith("Beantwoord de vraag over je plan STO-2026-0001")
    assert mail["Reply-To"] == "regio@assen.example"
    assert Page(content(mail, "html")).links == [("Open de chat", "https://wegwijzer.example/")]
    assert "“Hoe meet je dat?”" in content(mail, "plain")


async def test_chosen_moment_comes_as_calendar_file(office: Office, plan: Plan) -> None:
    await office.happened(
        plan, Action.INVITE, moments=["2026-11-30T14:00:00+00:00"], place="Kamer 1"
    )
    await office.happened(plan, Action.CHOOSE_MOMENT, moment="2026-11-30T14:00:00+00:00")
    await office.queue(replace(NOTICE, attachments=(Attachment.INVITATION,)), plan.id)

    mail = (await office.mails())[-1]

    [file] = mail.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert file.get_param("method") == "PUBLISH"
    assert file.get_filename() == "gesprek-STO-2026-0001.ics"
    body = file.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert b"STATUS:CONFIRMED\r\n" in body
    assert b"DTSTART:20261130T140000Z\r\n" in body
    assert b"LOCATION:Kamer 1\r\n" in body


@sqlite_only
async def test_missing_files_do_not_stop_a_notice(office: Office) -> None:
    await office.person.do(office.person.services.intake.start, "plan maken")
    async with office.database.read() as uow:
        [unsent] = await uow.plans.all()
    await office.queue(replace(NOTICE, attachments=tuple(Attachment)), unsent.id)

    [mail] = await office.mails()

    assert names(mail) == []


@sqlite_only
async def test_failing_pdf_does_not_stop_a_notice(
    office: Office, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_summary: object) -> bytes:
        raise PdfFailedError

    monkeypatch.setattr(mail_files, "render_pdf", fail)
    await office.queue(replace(NOTICE, attachments=tuple(Attachment)), plan.id)

    with capture_logs() as logs:
        mail = (await office.mails())[-1]

    assert names(mail) == ["STO-2026-0001.json"]
    assert [line["event"] for line in logs] == ["pdf_failed"]


@sqlite_only
async def test_too_large_a_mail_goes_without_pdf(office: Office, plan: Plan) -> None:
    await office.queue(replace(NOTICE, attachments=tuple(Attachment)), plan.id)
    office.server.script("DATA", "552 too large")

    mail = (await office.mails())[-1]

    assert names(mail) == ["STO-2026-0001.json"]


@sqlite_only
async def test_marks_of_links_become_addresses(office: Office, plan: Plan) -> None:
    link_id = await office.link_to(plan.id)
    text = f"Kijk hier:\n{link_mark(link_id)}\nOf hier: {telegram_mark(link_id)}"
    await office.queue(replace(NOTICE, paragraphs=(text,)), plan.id)

    mail = (await office.mails())[-1]

    said = content(mail, "plain").split("\n\n")[0]
    assert said == (
        f"Kijk hier:\n{office.book.url(link_id)}\nOf hier: {office.book.telegram_url(link_id)}"
    )


@sqlite_only
async def test_line_for_telegram_falls_away_without_bot(
    office: Office, plan: Plan, database: Database
) -> None:
    link_id = await office.link_to(plan.id)
    book = LinkBook(office.book.signer, Addresses("https://wegwijzer.example"))
    other = Office(database, office.clock, office.server, book)
    text = telegram_mark(link_id)
    await office.queue(replace(NOTICE, paragraphs=("Eén.", text, "Twee.")), plan.id)

    mail = (await other.mails())[-1]

    assert content(mail, "plain").startswith("Eén.\n\nTwee.\n\nOpen het plan:")


@sqlite_only
async def test_each_plan_of_several_has_its_link(office: Office, plan: Plan) -> None:
    link_id = await office.link_to(plan.id)
    texts = ("Twee plannen wachten.", f"Lees plan A.\n{link_mark(link_id)}", "Lees plan B.")
    notice = replace(NOTICE, paragraphs=texts, link_id=None, link_label="")
    await office.queue(notice, None)

    mail = (await office.mails())[-1]

    url = office.book.url(link_id)
    said = content(mail, "plain").split("\n\n")
    assert said[:4] == [texts[0], f"Lees plan A.\n{url}", texts[2], LINK_IS_YOURS]
    page = Page(content(mail, "html"))
    assert page.links == [("Open dit plan", url)]
    assert url not in page.text
    assert LINK_IS_YOURS in page.text


@sqlite_only
async def test_link_says_that_it_is_yours(office: Office, plan: Plan) -> None:
    alone = f"{words.NO_ACCOUNT} {words.LINK_IS_YOURS}"
    warnings = {
        Purpose.REVIEW: LINK_IS_YOURS,
        Purpose.REGION: alone,
        Purpose.CONFIRM: alone,
        Purpose.MANAGEMENT: words.LINK_IS_YOURS,
    }
    links = [await office.link_to(plan.id, purpose) for purpose in warnings]
    for link_id in links:
        await office.queue(replace(NOTICE, link_id=link_id), plan.id, f"notice:{link_id}")

    mails = (await office.mails())[1:]

    said = [content(mail, "plain").split("\n\n")[-3:-1] for mail in mails]
    assert said == [
        [f"Open het plan:\n{office.book.url(link_id)}", warning]
        for link_id, warning in zip(links, warnings.values(), strict=True)
    ]


@sqlite_only
async def test_each_try_has_the_same_message_id(office: Office, plan: Plan) -> None:
    await office.queue(NOTICE, plan.id)
    await office.queue(NOTICE, plan.id, "notice:2")
    office.server.script("DATA", "451 later", "451 later")
    rows = await office.rows()

    outcomes = [await office.sender.send(row) for row in rows * 3]

    assert outcomes == [Retry("rejected_451")] * 2 + [Sent()] * 4
    ids = [mail.message["Message-ID"] for mail in office.server.received[1:]]
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2
    assert all(one.endswith("@sto.example>") for one in ids)


@sqlite_only
async def test_same_key_elsewhere_is_another_mail(office: Office, plan: Plan) -> None:
    await office.queue(NOTICE, plan.id)
    [row] = await office.rows()

    await office.sender.send(row)
    await office.sender.send(replace(row, plan_id=None, payload={**row.payload, "plan_id": None}))

    ids = {mail.message["Message-ID"] for mail in office.server.received[1:]}
    assert len(ids) == 2


async def test_deleted_plan_sends_nothing(office: Office, plan: Plan) -> None:
    await office.queue(NOTICE, plan.id)
    [row] = await office.rows()
    hand_over = replace(row, payload={"kind": "hand_over", "plan_id": plan.id})
    turn, _ = await office.person.arrive("wis alles")
    async with office.database.write() as uow:
        await uow.people.delete(plan.person_id, turn)

    outcomes = [await office.sender.send(gone) for gone in (row, hand_over)]

    assert outcomes == [GiveUp("plan_is_gone")] * 2
    assert len(office.server.received) == 1


@sqlite_only
async def test_unknown_kind_is_given_up(office: Office, plan: Plan) -> None:
    await office.queue(NOTICE, plan.id)
    [row] = await office.rows()
    payloads = [{**row.payload, "kind": kind} for kind in ("", "hand-over", "notice ", None)]

    outcomes = [await office.sender.send(replace(row, payload=one)) for one in [*payloads, {}]]

    assert outcomes == [GiveUp("unknown_kind")] * 5


@sqlite_only
async def test_wrong_address_is_given_up(office: Office, plan: Plan) -> None:
    await office.queue(NOTICE, plan.id)
    [row] = await office.rows()
    wrong = ["", "geen adres", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"]

    outcomes = [await office.sender.send(replace(row, address=one)) for one in wrong]

    assert outcomes == [GiveUp("no_address")] * 4


@sqlite_only
async def test_no_link_or_text_is_logged(
    office: Office, plan: Plan, caplog: pytest.LogCaptureFixture
) -> None:
    link_id = await office.link_to(plan.id)
    await office.queue(replace(NOTICE, link_id=link_id), plan.id)
    await office.queue(replace(NOTICE, link_id=link_id), plan.id, "notice:2")
    office.server.script("CONNECT", "421 busy")
    office.server.script("RCPT", "550 unknown")

    with capture_logs() as logs, caplog.at_level("INFO"):
        outcomes = await office.send_all()

    assert outcomes == [Retry("rejected_421"), GiveUp("rejected_550")]
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    said = repr((logs, outcomes, ours))
    assert office.book.signer.word(link_id) not in said
    assert "regio@assen.example" not in said
    assert "30%" not in said


async def test_one_of_each_arrives_whole(office: Office, plan: Plan) -> None:
    """The bytes on the wire hold what was written: nothing is broken on the way."""
    odd = "Één regel €\n.punt\n" + "lang " * 400
    async with office.database.write() as uow:
        await Notices().to_teacher(uow, office.clock.now(), plan, "event:1", Reply(odd))
        await Notices().to_address(
            uow, office.clock.now(), "leiding@school.example", "m:1", NOTICE, plan_id=plan.id
        )
    await office.queue(replace(NOTICE, attachments=tuple(Attachment)), plan.id)

    await office.mails()

    arrived: list[Received] = office.server.received
    assert [mail.recipients for mail in arrived] == [
        ("regio@assen.example",),
        ("docent@school.example",),
        ("leiding@school.example",),
        ("regio@assen.example",),
    ]
    assert all(not mail.message.defects for mail in arrived)
    assert odd in content(arrived[1].message, "plain")


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("STO-2026-0001", "STO-2026-0001.json"),
        ("../..\r\nX: 1", "X1.json"),
        ("", "plan.json"),
        ("9" * 300, f"{'9' * 40}.json"),
    ],
)
def test_file_names_are_always_safe(reference: str, name: str) -> None:
    assert json_file(make_summary(reference=reference)).name == name
