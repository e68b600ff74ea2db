"""What somebody types stays text, whatever it tries to become and wherever it comes out."""

from __future__ import annotations

import csv
import io
import itertools
import json
import logging
import re
from datetime import datetime, timedelta
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.chat.commands import read_text
from bot.delivery.calendar import invitation
from bot.delivery.documents import DocumentMaker
from bot.delivery.mail_files import json_file
from bot.delivery.pace import Pace
from bot.delivery.pdf import printable, render_pdf
from bot.delivery.telegram import TelegramSender
from bot.domain.access import Purpose
from bot.domain.inbox import Channel, Kind
from bot.domain.summary import PlanSummary
from bot.domain.text import clean
from bot.domain.turn import Choice, Reply
from bot.logs import set_up_logs
from bot.services.spreadsheets import safe_text
from bot.storage.database import Database
from bot.web import chat_talk
from tests.clocks import SteppingClock
from tests.desk_pages import Browser
from tests.integration.running_chat import sqlite_only
from tests.integration.test_calendar import PROPERTIES, TALK, entries
from tests.integration.test_pdf import shown, squeezed
from tests.mails import HEADERS, Page, build, content, received
from tests.person import Person, made_book, write_plan
from tests.recorded_telegram import Recorded
from tests.reviews import add_contacts, only_plan
from tests.security.cases import for_each
from tests.security.corpus import INJECTIONS, UNSHOWN
from tests.security.whole_app import WholeApp, make_app
from tests.sent_plans import Sent, store
from tests.summaries import make_answer, make_summary, make_word

#: Text with everything that a page does make something of: lines, paragraphs, a list, a link.
HARMLESS = "regel een\nregel twee\n\n- punt\n• punt https://voorbeeld.example/x"
#: What the page itself adds where an answer could say more.
HINTS = {("ul", ("class",)), ("li", ())}
typed = pytest.mark.parametrize("text", INJECTIONS.values(), ids=INJECTIONS.keys())
#: For what needs a database, which takes longer to make than a text to try.
each_typed = for_each(text=INJECTIONS)
_numbers = itertools.count(1)


def summary_of(text: str) -> PlanSummary:
    """Give a summary that has a text wherever a person can type one."""
    return make_summary(
        title=text,
        teacher_name=text,
        teacher_email=text,
        school=text,
        support_by=text,
        idea=(make_answer(text, key="idee", title=text, question=text),),
        answers=(make_answer(text),),
        management=make_word(name=text, function=text),
    )


# Mail


@typed
def test_mail_has_only_our_headers(text: str) -> None:
    message = build(summary_of(text))

    mail = received(message)

    assert set(mail.keys()) <= set(HEADERS)
    assert not mail.defects
    assert [address.addr_spec for address in mail["To"].addresses] == ["programma@regio.example"]
    assert mail["Reply-To"] is None
    assert not UNSHOWN & set(mail["Subject"] + content(mail, "plain") + content(mail, "html"))
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        "STO-2026-0001.pdf",
        "STO-2026-0001.json",
    ]
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", message.as_bytes(policy=SMTP))


@typed
def test_html_of_a_mail_gets_no_other_markup(text: str) -> None:
    page = Page(content(received(build(summary_of(text))), "html"))
    harmless = Page(content(received(build(summary_of(HARMLESS))), "html"))

    # A text may name what a style sheet would load: without another element it loads nothing.
    assert [what for what in page.loads if what != "url("] == []
    assert page.tags <= harmless.tags
    assert set(dict(page.attributes)) <= set(dict(harmless.attributes))
    assert [address for _, address in page.links] == [address for _, address in harmless.links]
    assert squeezed(clean(text)) in squeezed(page.text)


# Files


@typed
def test_pdf_shows_text_and_never_runs_it(text: str) -> None:
    said = clean(text)

    page = shown(render_pdf(make_summary(title=said, answers=(make_answer(said),))))

    assert page.count(squeezed(printable(said))) >= 2


@typed
def test_json_of_a_plan_is_read_back(text: str) -> None:
    summary = summary_of(clean(text))

    file = json_file(summary)

    assert file.name == "STO-2026-0001.json"
    assert PlanSummary.from_dict(json.loads(file.content)) == summary


@typed
def test_calendar_gets_no_other_property(text: str) -> None:
    [entry] = entries(invitation(TALK.__class__(**{**vars(TALK), "title": text, "place": text})))[
        :1
    ]

    assert set(entry) <= PROPERTIES
    assert entry.subcomponents == []
    assert entry.errors == []


# Telegram


@sqlite_only
@each_typed
async def test_telegram_gets_plain_text_and_opaque_keys(
    database: Database, clock: SteppingClock, text: str
) -> None:
    said, request, number = clean(text), Recorded(), next(_numbers)
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, f"{number}")
        await uow.turns.say(
            talk, f"turn:{number}", [Reply(said, (Choice(said[:40], "x"),))], turn_id=1
        )
        (row,) = await uow.outbox.claim(["telegram"], clock.now(), limit=1, seconds=60)

    async def part_sent(_row: int, _parts: int) -> None: ...

    sender = TelegramSender(
        Bot("1:x", request=request),
        DocumentMaker(database, database.clock),
        Pace(1000),
        part_sent,
        made_book().fill,
    )
    await sender.send(row)

    (message,) = request.sent
    assert message["text"] == said
    assert not {"parse_mode", "entities", "caption"} & message.keys()
    ((button,),) = message["reply_markup"]["inline_keyboard"]
    assert button["text"] == said[:40]
    assert re.fullmatch(r"[\w-]{8,64}", button["callback_data"])
    assert not {"url", "login_url", "web_app"} & button.keys()


# What a text can be taken for


@typed
def test_text_is_no_press_and_no_link(text: str) -> None:
    kind, kept = read_text(clean(text))

    assert (kind, kept) == (Kind.TEXT, clean(text))


# Log lines


@pytest.fixture
def real_logs(capsys: pytest.CaptureFixture[str]) -> None:
    """Log as the app does, at its most talkative, to the standard error that a test reads."""
    # Setting up closes what was there, and those are of the test runner.
    logging.getLogger().handlers.clear()
    set_up_logs("DEBUG")


@sqlite_only
@each_typed
async def test_failing_doors_log_no_text(
    app: WholeApp, text: str, real_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    app.trouble = ""
    app.let_a_minute_pass()
    async with app.browser() as browser:
        await browser.client.get("/")
        app.trouble = f"kapot bij geheim42 {text}"
        answer = await post(browser, "/chat/messages", text=f"geheim42 {text}", id="an-id-of-ours")

    lines = capsys.readouterr().err.strip().split("\n")
    assert answer.status_code == 503
    assert [json.loads(line)["event"] for line in lines] == ["message_not_stored"]
    assert "geheim42" not in lines[0]
    assert "geheim42" in answer.text


def test_log_line_is_json_with_its_moment_in_utc(
    real_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    structlog.get_logger().info("message_not_stored", error="regel een\nregel twee")

    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["event"], said["level"]) == ("message_not_stored", "info")
    assert datetime.fromisoformat(said["timestamp"]).utcoffset() == timedelta(0)


@pytest.mark.parametrize("name", ["uvicorn.error", "asyncio", "sqlalchemy.pool"])
def test_other_loggers_give_no_message_of_an_error(
    name: str, real_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    typed, cause = "geheim42", "geheim43"
    try:
        raise RuntimeError(typed) from ValueError(cause)
    except RuntimeError:
        logging.getLogger(name).exception("Exception in ASGI application")

    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["event"], said["logger"], said["level"]) == ("library_says", name, "error")
    assert said["said"] == "Exception in ASGI application"
    assert said["exception"].endswith("RuntimeError")
    assert datetime.fromisoformat(said["timestamp"]).utcoffset() == timedelta(0)
    assert "geheim4" not in line


def test_other_loggers_tell_nothing_that_came_in(
    real_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("h").warning("cannot read %s", "geheim42")
    logging.getLogger("asyncio").error("never retrieved\nfuture: ValueError('geheim42')")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["said"] for line in lines] == ["cannot read %s", "never retrieved"]


async def test_answer_of_telegram_that_is_no_json_is_not_logged(
    real_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(Recorded):
        async def do_request(self, *_given: Any, **_more: Any) -> tuple[int, bytes]:
            return 200, b'{"ok": true, "result": [{"text": "geheim42'

    with pytest.raises(TelegramError):
        await Bot("1:x", request=Broken()).get_me()

    assert capsys.readouterr().err == ""


# Pages


class Structure(HTMLParser):
    """Which elements a page has, with the names of their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[tuple[str, tuple[str, ...]]] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = tuple(sorted(name for name, _ in attrs))
        self.elements.add((tag, names))
        for name, value in attrs:
            assert not name.startswith("on")
            if name in ("href", "src", "action") and value:
                assert re.match(r"/|#|https?://|\?|mailto:s\.voorbeeld@", value), value

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_same_build(page: str, harmless: str, text: str) -> None:
    """Assert that a page with `text` has no element that the harmless one has not."""
    given, usual = Structure(page), Structure(harmless)
    assert given.elements <= usual.elements | HINTS
    assert squeezed(clean(text)) in squeezed(given.text)
    assert not UNSHOWN & set(page)


async def post(browser: Browser, path: str, **fields: str) -> Any:
    """Send a form as bytes, also with what is no character."""
    return await browser.client.post(
        path,
        content=urlencode(fields, errors="surrogatepass"),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        follow_redirects=True,
    )


@pytest.fixture
def app(
    database: Database, clock: SteppingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> WholeApp:
    monkeypatch.setattr(chat_talk, "NEWS_SECONDS", 0.01)
    return make_app(database, clock, tmp_path)


@pytest.fixture
async def desk(app: WholeApp) -> WholeApp:
    """The app with contacts, who review plans."""
    await add_contacts(app.database)
    return app


def sent_with(text: str) -> Sent:
    """Give one more plan that has a text wherever its teacher can type one."""
    return Sent(next(_numbers), title=text, school=text, resources=text)


@each_typed
async def test_chat_shows_text_literally(app: WholeApp, text: str) -> None:
    pages = []
    for said in (text, HARMLESS):
        app.let_a_minute_pass()
        async with app.browser() as browser:
            await browser.client.get("/")
            script = {"Accept": "application/json"}
            browser.client.headers.update(script)
            await post(browser, "/chat/messages", text=said)
            heard = await browser.client.get("/chat/messages")
            pages.append((await browser.client.get("/")).text)
            assert heard.headers["content-type"] == "application/json"

    # Half a character is no UTF-8: each of its bytes is shown as unreadable.
    assert_same_build(*pages, text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


@each_typed
async def test_review_shows_text_literally(desk: WholeApp, text: str) -> None:
    pages = []
    for said in (text, HARMLESS):
        sent = sent_with(clean(said))
        async with desk.database.write() as uow:
            await store(uow, desk.clock.now(), sent)
            plan_id = (await uow.reviews.by_reference(sent.reference) or [None])[0].id
        async with desk.visitor(await desk.review_link(plan_id)) as browser:
            noted = browser.hidden("note")
            await post(browser, browser.home, **noted, text=said)
            page = await browser.open()
            asked = {"step": said, "text": said}
            again = await post(browser, browser.home, **browser.hidden("ask"), **asked)
        pages.append(page.text + again.text)

    assert_same_build(*pages, text)


@sqlite_only
@each_typed
async def test_management_page_shows_text_literally(app: WholeApp, text: str) -> None:
    teacher = Person(app.database, app.services, app.clock, f"{next(_numbers)}")
    await write_plan(teacher, until="activiteiten")
    await teacher.answer(f"{clean(text)} woord")
    plan = await only_plan(teacher)
    link = await app.link(Purpose.MANAGEMENT, plan.id, email="leiding@nassau.example")
    pages = []
    async with app.visitor(link) as browser:
        form = browser.hidden("verdict")
        for said in (text, HARMLESS):
            filled = {"name": said, "function": "", "text": said, "remark-idee": said}
            page = await post(browser, browser.home, **form, **filled, verdict="return")
            assert page.status_code == 422
            pages.append(page.text)

    assert_same_build(*pages, text)


async def listed(desk: WholeApp, text: str, path: str) -> Any:
    """Open the overview, or a file of it, of a region with another plan of this text."""
    async with desk.database.write() as uow:
        await store(uow, desk.clock.now(), sent_with(clean(text)), Sent(next(_numbers)))
    async with desk.visitor(await desk.link(Purpose.REGION, contact="manager")) as browser:
        return await browser.open(path)


@sqlite_only
@each_typed
async def test_overview_shows_text_literally(desk: WholeApp, text: str) -> None:
    pages = []
    for said in (HARMLESS, text):
        async with desk.database.write() as uow:
            await store(uow, desk.clock.now(), sent_with(clean(said)))
        query = urlencode({"zoek": said, "school": said}, errors="surrogatepass")
        async with desk.visitor(await desk.link(Purpose.REGION, contact="manager")) as browser:
            pages.append(browser.page + (await browser.open(f"?{query}")).text)

    assert_same_build(pages[1], pages[0], text)


@sqlite_only
@each_typed
async def test_csv_of_the_overview_holds_no_formula(desk: WholeApp, text: str) -> None:
    file = await listed(desk, text, "/plannen.csv")

    rows = list(
        csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline=""), delimiter=";")
    )
    cells = [cell for row in rows for cell in row]
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in cells)
    assert safe_text(clean(text)) in cells
    assert file.headers["content-disposition"].startswith("attachment;")


@sqlite_only
@each_typed
async def test_workbook_of_the_overview_holds_no_formula(desk: WholeApp, text: str) -> None:
    file = await listed(desk, text, "/plannen.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert squeezed(clean(text)) in {squeezed(str(cell.value)) for cell in cells}


@typed
async def test_local_mailbox_shows_text_literally(
    clock: SteppingClock, tmp_path: Path, text: str
) -> None:
    app = make_app(Database("sqlite+aiosqlite://", clock), clock, tmp_path)
    assert app.maildir
    pages = []
    for said in (text, HARMLESS):
        key = await app.maildir.send(
            build(summary_of(said), message_id=f"<{len(pages)}@x.example>")
        )
        del key
        async with app.browser("http://127.0.0.1:8000", "127.0.0.1") as browser:
            listing = (await browser.client.get("/postvak")).text
            (newest, *_) = re.findall(r'href="(/postvak/[0-9a-f]+)"', listing)
            mail = (await browser.client.get(newest)).text
            framed = await browser.client.get(f"{newest}/html")
            assert "sandbox" in framed.headers["content-security-policy"]
            pages.append(listing + mail)

    assert_same_build(*pages, text)
