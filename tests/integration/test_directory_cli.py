"""The commands for lists of schools, as the beheerder types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app, main
from bot.services.directory_content import read_regions
from tests.harness import ROOT
from tests.school_lists import duo_file, made_schools

GOOD = "school;place;region\nDe Kadewijzer;Smilde;\nDe Nergens;Doetinchem;\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEGWIJZER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("WEGWIJZER_HOME", str(ROOT))
    return tmp_path


def written(home: Path, content: str) -> str:
    (home / "scholen.csv").write_text(content, encoding="utf-8")
    return "scholen.csv"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["regions", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[str, str]:
    """Give what is printed and the sentence that it ends with."""
    monkeypatch.setattr("sys.argv", ["wegwijzer", "regions", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr()
    return said.out, " ".join(said.err.split())


def test_dry_run_shows_and_stores_nothing(home: Path) -> None:
    said = run("import", written(home, GOOD), "--dry-run")

    assert "eigen lijst: 2 scholen. Erbij: 2, veranderd: 0, weg: 0, gelijk: 0." in said
    assert "+ De Kadewijzer (Smilde), assen" in said
    assert "Regio afgeleid uit de naam van de regio: 1" in said
    assert "Zonder regio: 1\n  Doetinchem: 1" in said
    assert "Proef: er is niets opgeslagen." in said
    assert "nog geen scholen" in run("schools")


def test_imported_school_is_found_listed_and_forgotten(home: Path) -> None:
    run("import", written(home, GOOD), "--source", "schoolgids", "--date", "2025-10-01")

    found = run("find", "kadewijzer")
    (as_json,) = json.loads(run("find", "kadewijzer", "--json"))
    listed = run("schools")
    forgotten = run("forget", "schoolgids")

    assert "Assen (Drenthe) – De Kadewijzer" in found
    assert (as_json["id"], as_json["school"]) == ("assen", None)
    assert listed == "schoolgids: 2 scholen, waarvan 1 zonder regio (2025-10-01)\n"
    assert forgotten == "Weggehaald: 2 scholen.\n"
    assert "Daar past geen regio bij" in run("find", "kadewijzer")


def test_long_list_shows_only_its_beginning(home: Path) -> None:
    regions = read_regions(ROOT / "content" / "regions.csv")
    (home / "duo.csv").write_bytes(duo_file(made_schools(regions, 1500)))

    said = run("import", "duo.csv")

    assert "DUO vo-vestigingen: 1500 scholen. Erbij: 1500" in said
    assert "… en nog 1490" in said
    assert len(said.splitlines()) < 40
    assert said.endswith("Opgeslagen.\n")


def test_bad_rows_keep_everything_out(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(home, GOOD + ";Assen;\nDe Kei;Assen;atlantis\n")

    told, sentence = failure(monkeypatch, capsys, "import", file)

    assert "regel 4: de naam van de school ontbreekt." in told
    assert "regel 5: de regio 'atlantis' ken ik niet" in told
    assert "2 regels kloppen niet." in sentence
    assert "nog geen scholen" in run("schools")


def test_bad_rows_can_be_skipped(home: Path) -> None:
    said = run("import", written(home, GOOD + ";Assen;\n"), "--skip-bad")

    assert "regel 4" in said
    assert "eigen lijst: 2 scholen." in said
    assert "Opgeslagen." in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "weg.csv"), "weg.csv: het bestand is er niet"),
        (("import", "scholen.csv", "--date", "gisteren"), "JJJJ-MM-DD"),
        (("forget", "atlantis"), "Er is geen lijst met de naam atlantis."),
    ],
)
def test_mistake_is_explained_in_dutch(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    told: str,
) -> None:
    written(home, GOOD)

    assert told in failure(monkeypatch, capsys, *arguments)[1]
