"""The file of regions is read whole, and its faults are named in plain Dutch."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.directory import Region
from bot.services.directory_content import (
    COLUMNS,
    DirectoryContentError,
    read_other_places,
    read_regions,
)

REGIONS_FILE = Path(__file__).parents[2] / "content" / "regions.csv"
HEADER = ",".join(COLUMNS)
GOOD = (
    "assen,Assen,Drenthe,Assen; Norg,Vries; Rolde,Dr. Nassau College,,"
    "https://voorbeeld.nl/bron,2020-2024"
)


def written(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a directory file with these rows."""
    path = tmp_path / "regions.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def fault_of(path: Path) -> str:
    """Read a directory file that cannot be used, and give what the beheerder is told."""
    with pytest.raises(DirectoryContentError) as told:
        read_regions(path)
    return str(told.value)


def test_our_own_file_is_whole() -> None:
    regions = read_regions(REGIONS_FILE)

    assert len(regions) == 73
    assert {"assen", "foodvalley", "emmenterapel"} <= {region.id for region in regions}
    assert sum(len(region.schools) for region in regions) > 200


def test_every_region_has_places() -> None:
    regions = read_regions(REGIONS_FILE)
    other = read_other_places(REGIONS_FILE.with_name("other_places.csv"))

    assert [region.id for region in regions if not region.places + region.derived_places] == []
    for region in regions:
        places = region.places + region.derived_places
        assert len(places) == len(set(places)), region.id
        assert not set(places) & set(other), region.id


def test_other_places_may_be_left_out(tmp_path: Path) -> None:
    assert read_other_places(tmp_path / "other_places.csv") == ()


def test_row_becomes_a_region(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)

    assert read_regions(path) == (
        Region(
            id="assen",
            name="Assen",
            provinces=("Drenthe",),
            places=("Assen", "Norg"),
            derived_places=("Vries", "Rolde"),
            schools=("Dr. Nassau College",),
            page=None,
            sources=("https://voorbeeld.nl/bron",),
            checked="2020-2024",
        ),
    )


def test_spreadsheet_habits_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "regions.csv"
    path.write_bytes(f"\ufeff{HEADER}\r\n{GOOD}\r\n,,,,,,,,\r\n".encode())

    assert [region.id for region in read_regions(path)] == ["assen"]


@pytest.mark.parametrize(
    ("column", "row", "told"),
    [
        ("id", GOOD.replace("assen,", "Assen!,", 1), "'Assen!' mag alleen kleine letters"),
        ("name", GOOD.replace(",Assen,", ",,", 1), "de naam van de regio ontbreekt"),
        ("provinces", GOOD.replace("Drenthe", "Drente"), "'Drente' is geen provincie"),
        ("provinces", GOOD.replace("Drenthe", ""), "minstens één provincie"),
        ("derived_places", GOOD.replace("Vries;", "Norg;"), "'Norg' staat ook al bij places"),
        ("page", GOOD.replace("College,,", "College,www.assen.nl,"), "'www.assen.nl' is geen link"),
        ("sources", GOOD.replace("https://voorbeeld.nl/bron", ""), "minstens één bron"),
        ("sources", GOOD.replace("/bron", "/bron; krant"), "'krant' is geen link"),
        ("checked", GOOD.replace("2020-2024", "vorig jaar"), "'vorig jaar' is geen jaar"),
        ("checked", "assen,Assen,Drenthe", "3 kolommen in plaats van 9"),
        ("checked", GOOD + ",extra", "10 kolommen in plaats van 9"),
    ],
)
def test_fault_names_row_and_column(tmp_path: Path, column: str, row: str, told: str) -> None:
    path = written(tmp_path, GOOD.replace("assen,Assen", "emmen,Emmen"), row)

    fault = fault_of(path)

    assert fault.startswith("regions.csv, rij 3, kolom ")
    assert told in fault
    if "in plaats van" not in told:
        assert f"kolom {column}: " in fault


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("Drenthe", "Drente"), GOOD.replace("assen,", "A,", 1))

    fault = fault_of(path)

    assert [line.split(":")[0] for line in fault.splitlines()] == [
        "regions.csv, rij 2, kolom provinces",
        "regions.csv, rij 3, kolom id",
    ]


def test_repeated_id_is_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, GOOD.replace(",Assen,", ",Assen Noord,", 1))

    assert fault_of(path) == "regions.csv: kolom id: 'assen' staat er 2 keer in."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "de kolommen moeten precies deze zijn: id, name"),
        (b"id,name\nassen,Assen\n", "de kolommen moeten precies deze zijn: id, name"),
        (HEADER.replace(",", ";").encode(), "de kolommen staan los met puntkomma's"),
        (f"{HEADER}\n".encode(), "er staat geen enkele regio in"),
        (f'{HEADER}\nassen,"As'.encode(), "er klopt iets niet met de aanhalingstekens"),
        (f"{HEADER}\nassen,Énschedé".encode("latin-1"), "sla het bestand op als 'CSV UTF-8'"),
    ],
)
def test_unreadable_file_is_explained(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "regions.csv"
    path.write_bytes(content)

    fault = fault_of(path)

    assert fault.startswith("regions.csv")
    assert told in fault


def test_missing_file_is_explained(tmp_path: Path) -> None:
    fault = fault_of(tmp_path / "regions.csv")

    assert fault == "regions.csv: het bestand is er niet of is niet te openen."
