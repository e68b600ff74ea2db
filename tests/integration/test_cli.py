"""The commands of the beheerder, as they are typed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from bot.cli import app, main
from bot.cli.plans import table_of
from bot.services.spreadsheets import as_csv, as_xlsx
from tests.harness import ROOT
from tests.summaries import make_answer, make_summary


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEGWIJZER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("WEGWIJZER_HOME", str(ROOT))
    return CliRunner()


def run(cli: CliRunner, *arguments: str) -> Result:
    result = cli.invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize(
    ("text", "region"),
    [("dr nassau assen", "Assen"), ("ichthus veenendaal", "Foodvalley")],
)
def test_regions_find_names_the_best_first(cli: CliRunner, text: str, region: str) -> None:
    found = json.loads(run(cli, "regions", "find", text, "--json").stdout)

    assert found[0]["region"] == region
    assert set(found[0]) == {"region", "id", "province", "school", "score", "source"}


def test_regions_find_gives_an_empty_list_for_nothing(cli: CliRunner) -> None:
    assert json.loads(run(cli, "regions", "find", "hogwarts", "--json").stdout) == []


def test_regions_list_has_them_all(cli: CliRunner) -> None:
    assert len(json.loads(run(cli, "regions", "list", "--json").stdout)) == 73


def test_contact_is_added_listed_and_removed(cli: CliRunner) -> None:
    added = run(
        cli, "contacts", "add", "--role", "programmamanager", "--region", "assen",
        "--email", "pm@regio.example", "--source", "regiopagina",
    ).stdout  # fmt: skip
    contact_id = added.strip().rpartition(" ")[2]

    (listed,) = json.loads(run(cli, "contacts", "list", "--json").stdout)
    run(cli, "contacts", "remove", contact_id)

    assert (listed["role"], listed["region_id"]) == ("programme_manager", "assen")
    assert json.loads(run(cli, "contacts", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--role", "programmamanager", "--email", "pm@x.example"), "--region"),
        (("--role", "programmamanager", "--region", "atlantis", "--email", "a@b.nl"), "atlantis"),
        (("--role", "contactpersoon", "--region", "assen", "--email", "a@b.nl"), "--school"),
        (("--role", "ondersteuner", "--email", "geen adres"), "naam@organisatie.nl"),
        (("--role", "ondersteuner", "--email", "a@b.nl"), "--source"),
        (("--role", "ondersteuner", "--email", "a@b.nl", "--source", " "), "--source"),
    ],
)
def test_wrong_contact_is_explained_in_dutch(
    cli: CliRunner,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["wegwijzer", "contacts", "add", *arguments])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert words in capsys.readouterr().err


def test_doctor_names_what_is_missing_and_no_secrets(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEGWIJZER_TELEGRAM_TOKEN", "123456:GEHEIM")

    said = " ".join(run(cli, "doctor").stdout.split())

    assert "73 regio's" in said
    assert "WEGWIJZER_SMTP_URL" in said
    assert "Telegram staat aan" in said
    assert "GEHEIM" not in said


def test_wrong_setting_is_named_without_its_value(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEGWIJZER_PORT", "zeven")
    monkeypatch.setattr("sys.argv", ["wegwijzer", "doctor"])

    with pytest.raises(SystemExit):
        main()

    said = capsys.readouterr().err
    assert "WEGWIJZER_PORT" in said
    assert "zeven" not in said


def test_unknown_plan_is_said_in_one_sentence(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["wegwijzer", "plans", "show", "STO-2026-0099"])

    with pytest.raises(SystemExit):
        main()

    assert "STO-2026-0099" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_empty_export_works_in_every_format(cli: CliRunner, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"plannen.{form}"

    run(cli, "plans", "export", "--format", form, "--output", str(target))

    assert target.exists()


def test_export_holds_no_formulas() -> None:
    formula = '=HYPERLINK("http://kwaad.example")'
    summary = make_summary(
        title=formula, answers=(make_answer(key="doelen", text="+31 6 is geen formule"),)
    ).to_dict()

    rows = table_of([summary])
    (_, row) = csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig")), delimiter=";")
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(rows, "Plannen")))["Plannen"]

    assert "'" + formula in row
    assert "'+31 6 is geen formule" in row
    cells = [cell for cells in sheet.iter_rows() for cell in cells]
    assert formula in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}


def test_export_has_a_column_for_every_question() -> None:
    summary = make_summary().to_dict()

    (head, row) = table_of([summary])

    assert len(head) == len(row)
    for answer in summary["answers"]:
        assert answer["key"] in head
