"""What the beheerder types wrong is said in Dutch, and lists show whole what commands need."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app, main
from bot.storage.backup import BackupError, Manifest
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.harness import ROOT
from tests.integration.operator_cli import OperatorCli, operator_cli
from tests.integration.running_chat import sqlite_only
from tests.person import Person, make_services
from tests.reviews import add_contacts, handed_over

HUGE = "99999999999999999999"
Said = Callable[..., tuple[int, str]]


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Said:
    """Runs the command line as the terminal does; gives its status and what it says is wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEGWIJZER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("WEGWIJZER_HOME", str(ROOT))

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["wegwijzer", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code, " ".join(capsys.readouterr().err.split())

    return run


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("bestaatniet", ("Die opdracht ken ik niet", "backup", "Zie `wegwijzer --help`.")),
        ("contacts ad", ("Die opdracht ken ik niet", "add", "Zie `wegwijzer contacts --help`.")),
        ("backup", ("FOLDER ontbreekt.", "De map", "Zie `wegwijzer backup --help`.")),
        ("person export", ("--plan ontbreekt.", "Zie `wegwijzer person export --help`.")),
        ("plans show a b", ("meer achter de opdracht", "Zie `wegwijzer plans show --help`.")),
        ("doctor --nee", ("De optie --nee ken ik niet.", "Zie `wegwijzer doctor --help`.")),
        ("plans export --form csv", ("--form ken ik niet. Bedoel je --format?",)),
        ("contacts confirm --older-than", ("Bij --older-than hoort een waarde.",)),
        ("chat --json=1", ("Bij --json hoort geen waarde.",)),
        ("questions done abc", ("bij GAP_ID klopt niet: noem een heel getal",)),
        (f"inbox retry {'9' * 5000}", ("noem een kleiner getal",)),
        ("contacts confirm --older-than -1", ("bij --older-than", "minstens 0")),
        ("contacts confirm --older-than 999999999", ("bij --older-than", "hoogstens 36500")),
        ("plans export --format onzin", ("bij --format klopt niet", "csv, xlsx of json")),
        ("contacts add --role x", ("bij --role klopt niet", "ondersteuner")),
    ],
)
def test_usage_errors_are_said_in_dutch(said: Said, typed: str, words: tuple[str, ...]) -> None:
    status, sentence = said(*typed.split())

    assert status == 2
    assert [word for word in words if word not in sentence] == []
    assert [word for word in ("Error", "Missing", "Invalid", "Usage") if word in sentence] == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (f"deliveries resend {HUGE}", "geen nummer van de lijst"),
        (f"deliveries drop {HUGE}", "geen nummer van de lijst"),
        (f"deliveries resend m{HUGE}", "geen nummer van de lijst"),
        (f"deliveries drop m{'9' * 5000}", "geen nummer van de lijst"),
        (f"questions done {HUGE}", "Er staat geen vraag"),
        (f"inbox retry {HUGE}", "Er is geen bericht"),
        (f"inbox drop {HUGE}", "Er is geen bericht"),
    ],
)
def test_number_that_no_row_can_have_is_refused(said: Said, typed: str, words: str) -> None:
    status, sentence = said(*typed.split())

    assert status == 1
    assert words in sentence


@pytest.mark.parametrize("number", [str(2**31), "2147483648000"])
async def test_number_too_large_for_a_server_is_refused(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    cli = operator_cli(tmp_path, database.url, monkeypatch)

    refusals = [
        await cli.refuses("deliveries", "drop", number),
        await cli.refuses("deliveries", "resend", f"m{number}"),
        await cli.refuses("questions", "done", number),
    ]

    assert [number in refusal for refusal in refusals] == [True, True, True]


def test_group_without_a_command_shows_its_help(said: Said) -> None:
    status, _ = said("contacts")

    assert status == 2


def test_ctrl_c_ends_without_a_trace(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("bot.cli.plans"), "with_database", stop)

    assert said("plans", "list") == (130, "")


async def teacher(database: Database, clock: SteppingClock) -> Person:
    await add_contacts(database, "manager")
    person = Person(database, make_services(database, clock), clock)
    await handed_over(person)
    return person


@pytest.fixture
async def cli(
    database: Database, clock: SteppingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> OperatorCli:
    """The commands, in a database with a plan that was sent."""
    await teacher(database, clock)
    return operator_cli(tmp_path, database.url, monkeypatch, clock)


@sqlite_only
async def test_nothing_typed_at_a_question_is_said_in_dutch(
    cli: OperatorCli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["wegwijzer", "person", "delete", "--plan", "STO-2026-0001"])
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    with pytest.raises(SystemExit) as ended:
        await asyncio.to_thread(main)

    assert ended.value.code == 1
    assert capsys.readouterr().err.strip().endswith("Afgebroken.")


@sqlite_only
@pytest.mark.parametrize(
    "arguments",
    [
        ("plans", "export", "--output", "map"),
        ("plans", "export", "--output", "/proc/nee.csv"),
        ("person", "export", "--plan", "STO-2026-0001", "--output", "/proc/nee"),
        ("person", "export", "--plan", "STO-2026-0001", "--output", "bestand"),
    ],
)
async def test_output_that_cannot_be_written_is_named(
    cli: OperatorCli, arguments: tuple[str, ...]
) -> None:
    (cli.folder / "map").mkdir()
    (cli.folder / "bestand").write_text("geen map")

    refusal = await cli.refuses(*arguments)

    assert f"Schrijven naar {arguments[-1]} lukt niet" in refusal


@pytest.mark.parametrize(
    "wrong", [{"version": ["x"]}, {"version": None}, {"size": "1"}, {"rows": []}, {"secret": 1}]
)
def test_manifest_with_other_kinds_of_values_is_refused(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    right = {"kind": "sqlite", "made_at": "x", "version": "x", "size": 1, "sha256": "x", "rows": {}}
    (tmp_path / "copy.json").write_text(json.dumps(right | wrong))

    with pytest.raises(BackupError, match="niet te lezen"):
        Manifest.beside(tmp_path / "copy.db")


@sqlite_only
@pytest.mark.parametrize("columns", ["20", "60", "80"])
async def test_narrow_screen_shows_numbers_and_ids_whole(
    cli: OperatorCli, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    held = await cli.run("deliveries", "hold")

    plans = (await cli.run("plans", "list")).stdout
    regions = (await cli.run("regions", "list")).stdout
    contacts = (await cli.run("contacts", "list")).stdout
    deliveries = (await cli.run("deliveries", "held")).stdout

    assert held.exit_code == 0
    assert "STO-2026-0001" in plans
    assert "STO-2026-0001" in deliveries
    assert [one for one in region_ids() if f" {one} " not in regions] == []
    assert "programmamanager" in contacts
    assert "…" not in plans + regions + contacts


@sqlite_only
async def test_pipe_gets_every_cell_on_one_line(
    cli: OperatorCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    plans = (await cli.run("plans", "list")).stdout
    regions = (await cli.run("regions", "list")).stdout

    (row,) = [line for line in plans.splitlines() if "STO-2026-0001" in line]
    assert "Drones in de zorg" in row
    assert len(regions.splitlines()) == len(region_ids()) + 4
    assert [one for one in region_ids() if f" {one} " not in regions] == []


def region_ids() -> list[str]:
    listed = CliRunner().invoke(app, ["regions", "list", "--json"]).stdout
    return [region["id"] for region in json.loads(listed)]
