"""The privacy documents say what the product does, and leave to the school what is its choice."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.main import get_command

from bot.cli import app
from bot.config import Settings, keep_of
from bot.domain.access import LIFETIMES, VISIT
from bot.domain.keeping import Keep
from bot.services.review import UNDO_TIME
from bot.storage import directory_tables, heartbeats, review_tables
from bot.storage.tables import metadata
from bot.web.chat_session import DAYS
from tests.unit.test_docs import anchors, command_names, links, typed

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/avg"
PAGES = sorted(FOLDER.glob("*.md"))
REGISTER = FOLDER / "register.md"
PRIVACY_TEXTS = [FOLDER / "privacytekst-kort.md", FOLDER / "privacytekst-lang.md"]

pytestmark = pytest.mark.house

assert directory_tables.metadata is review_tables.metadata is heartbeats.metadata is metadata

#: Columns that say nothing about anybody: locks, counters, our own questions and public lists.
OF_NOBODY = {
    "conversation": {"lease_owner", "lease_until"},
    "inbox": {"state", "attempt", "failures", "retry_at", "was_told"},
    "outbox": {"tries", "parts_sent", "lease_until", "problem"},
    "plan": {"questions_version"},
    "plan_event": {"mark"},
    "plan_version": {"number"},
    "gap": {"id", "kind"},
    "question_set": {"version", "content"},
    "heartbeat": {"channel", "at"},
    "reference_counter": {"year", "last"},
    "school": set(metadata.tables["school"].columns.keys()),
}
#: How the documents call what has a term of its own, by the setting of that term.
KEPT = {
    "plannen in de maak of weggelegd": "keep_drafts_days",
    "verstuurde plannen, met alles wat ermee gebeurde": "keep_plans_days",
    "ingetrokken plannen": "keep_withdrawn_days",
    "berichten in de chat, en e-mails die weg zijn": "keep_messages_days",
    "vragen zonder antwoord": "keep_questions_days",
}
#: The law's own: a leak is told within 72 hours.
LAW = {("72", "uur")}


def rows(page: Path) -> list[list[str]]:
    """Give the cells of all tables of a page."""
    lines = [line for line in page.read_text().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def described() -> dict[str, list[str]]:
    """Give the columns that the register describes, by table."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^### ", REGISTER.read_text(), flags=re.MULTILINE)[1:]:
        name = re.match(r"`(\w+)`", part)
        if name:
            cells = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", part, flags=re.MULTILINE)
            found[name[1]] = [column for cell in cells for column in re.findall(r"`(\w+)`", cell)]
    return found


def terms(page: Path) -> dict[str, int]:
    """Give the days that a page's tables promise, by what is kept."""
    promised = {}
    for row in rows(page):
        days = re.match(r"(\d+) dagen\b", row[1])
        if days and row[0] in KEPT:
            promised[row[0]] = int(days[1])
    return promised


def defaults() -> dict[str, int]:
    return {label: Settings.model_fields[name].default for label, name in KEPT.items()}


def test_every_column_about_a_person_is_in_the_register() -> None:
    personal = {
        name: set(table.columns.keys()) - OF_NOBODY.get(name, set())
        for name, table in metadata.tables.items()
    }

    assert {name: set(columns) for name, columns in described().items()} == {
        name: columns for name, columns in personal.items() if columns
    }


def test_no_column_is_described_twice() -> None:
    assert [columns for columns in described().values() if len(columns) != len(set(columns))] == []


def test_columns_of_nobody_exist() -> None:
    lost = {
        name: columns - set(metadata.tables[name].columns.keys())
        for name, columns in OF_NOBODY.items()
    }

    assert [columns for columns in lost.values() if columns] == []


def test_register_says_of_other_tables_that_they_hold_nobody() -> None:
    text = REGISTER.read_text()

    assert [name for name in metadata.tables if f"`{name}`" not in text] == []


def test_register_has_every_term_with_its_setting() -> None:
    assert terms(REGISTER) == defaults()
    settings = {row[0]: row[2] for row in rows(REGISTER) if row[0] in KEPT}
    assert settings == {label: f"`WEGWIJZER_{name.upper()}`" for label, name in KEPT.items()}


def test_every_setting_of_a_term_has_a_name_here() -> None:
    kept = {name for name in Settings.model_fields if name.startswith("keep_")}

    assert set(KEPT.values()) == kept
    assert keep_of(Settings.model_construct()) == Keep()


@pytest.mark.parametrize("page", PRIVACY_TEXTS, ids=lambda page: page.name)
def test_privacy_text_promises_the_defaults(page: Path) -> None:
    promised = terms(page)

    assert promised == {label: defaults()[label] for label in promised}
    assert set(KEPT) - set(promised) <= {"vragen zonder antwoord"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_length_of_time_is_one_of_the_product(page: Path) -> None:
    days = {*defaults().values(), Keep().traces, DAYS, *(life.days for life in LIFETIMES.values())}
    days |= {time.days for time in Keep().draft_notice}
    known = {(str(number), "dagen") for number in days}
    known |= {(str(VISIT // timedelta(hours=1)), "uur")} | LAW
    known |= {(str(UNDO_TIME // timedelta(minutes=1)), "minuten")}

    said = re.findall(r"(\d+) (dagen|uur|minuten|schooldagen|maanden|jaar)\b", page.read_text())

    assert set(said) - known == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_proof_exists(page: Path) -> None:
    text = page.read_text()
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    files = re.findall(r"`((?:tests|bot|content|nlu|docs)/[\w./]+\w)(?:::\w+)?/?`", text)

    assert [name for name in files if not (ROOT / name).exists()] == []
    assert [
        f"{name}::{test}"
        for name, test in tests
        if not re.search(rf"^(?:async )?def {test}\(", (ROOT / name).read_text(), re.MULTILINE)
    ] == []


def test_every_risk_has_measure_proof_and_remainder() -> None:
    text = (FOLDER / "dpia-start.md").read_text()
    listed = [(row[0], row[1]) for row in rows(FOLDER / "dpia-start.md") if row[0].isdigit()]
    parts = text.split("\n### ")[1:]

    assert [number for number, _ in listed] == [str(n + 1) for n in range(len(parts))]
    for number, part in enumerate(parts, start=1):
        assert part.startswith(f"{number}. ")
        assert "**Bewijs:** `" in part
        assert "**Blijft over:**" in part


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_choices_are_left_to_the_school(page: Path) -> None:
    assert "**Keuze van de school**" in page.read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_names_only_real_settings_and_commands(page: Path) -> None:
    settings = {f"WEGWIJZER_{name.upper()}" for name in Settings.model_fields}
    commands = set(command_names(get_command(app)))
    commands |= {name.rpartition(" ")[0] for name in commands}

    named = set(re.findall(r"(?<!\S)wegwijzer [a-z]+(?: [a-z]+)?", typed(page)))

    assert set(re.findall(r"\bWEGWIJZER_[A-Z0-9_]+", page.read_text())) - settings == set()
    assert named - commands == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    lost = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)

    assert lost == []


def test_folder_lists_all_that_is_in_it() -> None:
    listed = links(FOLDER / "README.md")

    assert {path.name for path in FOLDER.iterdir()} - {"README.md"} <= set(listed)


def test_picture_can_be_read_aloud_and_runs_nothing() -> None:
    picture = ElementTree.parse(FOLDER / "datastroom.svg").getroot()
    tags = {element.tag.rpartition("}")[2] for element in picture.iter()}
    named = {element.get("id"): element for element in picture.iter() if element.get("id")}
    said = "".join(named["desc"].itertext())

    assert picture.get("role") == "img"
    assert (picture.get("aria-labelledby") or "").split() == ["title", "desc"]
    assert tags <= {
        "svg", "title", "desc", "defs", "marker", "g", "rect", "path", "circle", "text",
    }  # fmt: skip
    assert not [name for element in picture.iter() for name in element.attrib if name[:2] == "on"]
    assert all(f" {number}: " in said.replace("\n", " ") for number in range(1, 10))
