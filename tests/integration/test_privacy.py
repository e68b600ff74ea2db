"""What people are told about their data: in the chat, on the page and in every mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.commands import DESCRIPTIONS
from bot.domain.access import Purpose
from bot.domain.keeping import Keep
from bot.services.use_cases import make_use_cases
from bot.services.welcome import Operator
from bot.storage.database import Database
from bot.texts import privacy as words
from bot.texts.conversation import WELCOME
from tests.clocks import SteppingClock
from tests.desk_pages import plain
from tests.harness import ROOT
from tests.integration.running_chat import sqlite_only
from tests.person import Person, content, made_book, make_services, write_plan
from tests.reviews import add_contacts, only_plan
from tests.security.whole_app import Sender, make_app

KEEP = Keep(drafts=100, plans=1095, withdrawn=31, messages=32, questions=1)
TERMS = ("100 dagen", "3 jaar", "31 dagen", "32 dagen", "1 dag")
SHORT_TEXT = ROOT / "docs/avg/privacytekst-kort.md"
AP = "autoriteitpersoonsgegevens.nl"


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


@pytest.fixture
def strict(database: Database, clock: SteppingClock) -> Person:
    """A person whose operator chose other terms than the defaults."""
    operator = Operator("STO Test", "beheer@example.org", keep=KEEP)
    services = make_use_cases(database, clock, content(), operator, made_book())
    return Person(database, services, clock)


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "1 dag"), (90, "90 dagen"), (365, "een jaar"), (366, "366 dagen"), (730, "2 jaar")],
)
def test_days_are_said_as_people_say_them(days: int, said: str) -> None:
    assert words.duration(days) == said


def test_first_contact_stays_short() -> None:
    assert len(WELCOME) < 600
    assert "/privacy" in WELCOME


@sqlite_only
async def test_chat_names_the_terms_of_the_settings_and_where_to_complain(strict: Person) -> None:
    said = await strict.do(strict.services.privacy.privacy, "/privacy")

    short, kept = (reply.text for reply in strict.last)
    assert [term for term in TERMS if term not in kept] == []
    assert AP in kept
    assert "beheer@example.org" in kept
    assert "STO Test" in short
    assert "vanzelf gewist" in said
    assert max(map(len, (short, kept))) <= 700


@pytest.mark.parametrize("said", [words.PRIVACY, str(words.PAGE_FACTS), SHORT_TEXT.read_text()])
def test_everybody_who_may_see_a_plan_is_named(said: str) -> None:
    # Whom bot/domain/authority.py lets in.
    readers = ("programmamanager van", "STO-contactpersoon van", "doorgestuurd", "beheerder")
    all_lines = " ".join(said.split())

    assert [who for who in readers if who not in all_lines] == []


def test_copy_is_not_said_to_be_everything() -> None:
    said = (words.PRIVACY, DESCRIPTIONS["mijngegevens"], *words.PAGE_RIGHTS)

    assert [text for text in said if "alles" in text.lower()] == []


@sqlite_only
async def test_privacy_goes_on_where_the_plan_was(person: Person) -> None:
    await person.do(person.services.intake.start, "ik wil een plan maken")

    said = await person.do(person.services.privacy.privacy, "/privacy")

    assert "Op welke school werk je?" in said.rpartition(AP)[2]


@sqlite_only
async def test_page_says_what_the_chat_says(
    database: Database, clock: SteppingClock, tmp_path: Path
) -> None:
    answer = await Sender(make_app(database, clock, tmp_path).app).ask("GET", words.PAGE)
    said = plain(answer.body.decode())

    assert answer.status == 200
    for line in (*words.kept_lines(Keep()), words.complain(None)):
        assert line in said
    assert "set-cookie" not in dict(answer.headers)


@sqlite_only
async def test_chat_and_pages_for_readers_lead_to_the_page(
    database: Database, clock: SteppingClock, tmp_path: Path
) -> None:
    web = make_app(database, clock, tmp_path)
    await add_contacts(database)
    async with web.visitor(await web.link(Purpose.REGION, contact="manager")) as browser:
        own = browser.page

    chat = await Sender(web.app).ask("GET", "/")
    wrong = await Sender(web.app).ask("GET", "/l/onzin")

    pages = [own, chat.body.decode(), wrong.body.decode()]
    assert [page for page in pages if f'href="{words.PAGE}"' not in page] == []


@sqlite_only
@pytest.mark.parametrize(
    ("step", "asked", "text"),
    [
        ("naam", "ik wil mijn naam aanpassen", "Docent Anders"),
        ("email", "ik wil mijn e-mail aanpassen", "anders@school.example"),
        ("school", "ik wil mijn school aanpassen", "Esdal College in Emmen"),
    ],
)
async def test_teacher_corrects_name_email_and_school(
    person: Person, step: str, asked: str, text: str
) -> None:
    await write_plan(person)
    await person.do(person.services.intake.correct, asked)

    await person.answer(text)

    assert (await only_plan(person)).text(step) == text
