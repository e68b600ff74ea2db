"""The beheerder gives and deletes the data of a teacher who lost the chat, as it is typed."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli import app
from bot.domain.errors import BadInputError, SettingsError
from bot.storage.database import Database
from bot.storage.in_use import sqlite_file
from bot.storage.tables import metadata
from tests.clocks import SteppingClock
from tests.harness import ROOT
from tests.integration.running_chat import sqlite_only
from tests.integration.test_pdf import shown
from tests.person import PLAN_ANSWERS, Person, make_services
from tests.reviews import add_contacts, handed_over

OF_NOBODY = {"contact", "question_set", "reference_counter"}
PLAN = "STO-2026-0001"


@pytest.fixture
async def person(
    database: Database,
    database_url: str,
    clock: SteppingClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Person:
    """A teacher with a plan that was sent, in the database of the settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEGWIJZER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("WEGWIJZER_HOME", str(ROOT))
    monkeypatch.setenv("WEGWIJZER_DATABASE_URL", database_url)
    await add_contacts(database)
    teacher = Person(database, make_services(database, clock), clock)
    await handed_over(teacher)
    return teacher


async def run(*arguments: str, typed: str = "") -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["person", *arguments], input=typed)


async def left(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        found = {
            name: (await connection.execute(select(table))).first()
            for name, table in metadata.tables.items()
        }
    return {name for name, row in found.items() if row} - OF_NOBODY


async def test_export_gives_both_files(person: Person, tmp_path: Path) -> None:
    done = await run("export", "--plan", PLAN.lower(), "--output", str(tmp_path / "uit"))

    assert done.exit_code == 0, done.output
    data: dict[str, Any] = json.loads((tmp_path / "uit/mijn-gegevens.json").read_text())
    assert data["plans"][0]["reference"] == PLAN
    assert "DocentVoorbeeld" in shown((tmp_path / "uit/mijn-gegevens.pdf").read_bytes())
    assert "Docent Voorbeeld" not in done.output


async def test_delete_asks_for_the_number_again_and_leaves_nothing(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    before = await left(person.database)
    with caplog.at_level(logging.DEBUG):
        done = await run("delete", "--plan", PLAN, typed=f"{PLAN}\n")

    assert {"person", "plan", "answer", "inbox", "conversation"} <= before
    assert done.exit_code == 0, done.output
    assert f"plan {PLAN}" in done.output
    assert await left(person.database) == set()
    assert "Docent Voorbeeld" not in done.output + caplog.text


@sqlite_only
async def test_delete_leaves_no_byte_beside_a_running_app(person: Person) -> None:
    file = sqlite_file(person.database.url)
    assert file
    plan_text = PLAN_ANSWERS["idee"][:30].encode()
    before = [path for path in file.parent.glob("test.db*") if plan_text in path.read_bytes()]

    done = await run("delete", "--plan", PLAN, typed=f"{PLAN}\n")

    assert before
    assert done.exit_code == 0, done.output
    left = {path.name for path in file.parent.glob("test.db*") if plan_text in path.read_bytes()}
    assert left == set()


@sqlite_only
async def test_who_reads_meanwhile_is_named_as_why_bytes_are_left(person: Person) -> None:
    async with person.database.read() as uow:
        await uow.plans.of("nobody")
        done = await run("delete", "--plan", PLAN, typed=f"{PLAN}\n")

    assert done.exit_code == 0, done.output
    assert "nog oude bytes" in " ".join(done.stderr.split())


@pytest.mark.parametrize("typed", ["ja\n", "STO-2026-0002\n"])
async def test_another_answer_deletes_nothing(person: Person, typed: str) -> None:
    before = await left(person.database)

    done = await run("delete", "--plan", PLAN, typed=typed)

    assert isinstance(done.exception, SettingsError)
    assert "niets gewist" in str(done.exception)
    assert await left(person.database) == before


@pytest.mark.parametrize(
    "arguments",
    [("delete", "--plan", "STO-1999-0001"), ("export", "--output", "uit", "--plan", "x")],
)
async def test_unknown_plan_is_told(person: Person, arguments: tuple[str, ...]) -> None:
    done = await run(*arguments)

    assert isinstance(done.exception, BadInputError)
    assert "Er is geen verstuurd plan" in str(done.exception)


async def test_who_was_deleted_can_begin_again(person: Person) -> None:
    await run("delete", "--plan", PLAN, typed=f"{PLAN}\n")

    said = await person.do(person.services.welcome.greet, "hallo")

    assert "Ik ben de STO-wegwijzer" in said
