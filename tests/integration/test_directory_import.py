"""Lists of schools are imported, compared and searched, on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.directory import Basis, School
from bot.domain.escalation import Pick, TakesPart, takes_part
from bot.domain.plan import Answer
from bot.services.content import read_content
from bot.services.directory_import import import_schools, place_schools, preview_import
from bot.services.directory_import_file import (
    DUO_LIST,
    OWN_LIST,
    SchoolFile,
    SchoolFileError,
    read_school_file,
)
from bot.services.directory_refresh import DirectoryRefresh
from bot.services.directory_search import DirectorySearch
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.person import ROOT
from tests.school_lists import MadeSchool, duo_file, made_schools, own_file

COUNT = 1500


@pytest.fixture
def directory() -> DirectorySearch:
    return read_content(ROOT / "content").directory


def written(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "scholen.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path: Path, content: bytes | str) -> SchoolFile:
    return read_school_file(written(tmp_path, content))


def placed(directory: DirectorySearch, file: SchoolFile) -> list[School]:
    schools, faults = place_schools(file.rows, directory.places(), file.usual_list, "2025-10-01")
    assert faults == []
    return schools


@pytest.mark.parametrize(
    ("kind", "usual"), [("duo", DUO_LIST), ("duo cp1252", DUO_LIST), ("own", OWN_LIST)]
)
async def test_whole_list_goes_in_and_out(
    tmp_path: Path, database: Database, directory: DirectorySearch, kind: str, usual: str
) -> None:
    made = made_schools(directory.regions, COUNT)
    content = {
        "duo": duo_file(made),
        "duo cp1252": duo_file(made, encoding="cp1252"),
        "own": own_file(made, delimiter=";"),
    }[kind]
    file = read(tmp_path, content)
    schools = placed(directory, file)

    difference = await import_schools(database, usual, schools, database.clock.now())

    async with database.read() as uow:
        stored = await uow.schools.of(usual)
    assert file.usual_list == usual
    # Made without a look at each other, a few of them bear one name in one place.
    assert len(file.rows) + len(file.faults) == COUNT
    assert len(file.faults) <= (0 if "duo" in kind else 10)
    assert len(difference.added) == len(schools)
    assert sorted(stored, key=lambda one: one.key) == sorted(schools, key=lambda one: one.key)
    assert all(school.source and school.checked_on for school in stored)
    assert sum(school.region_id is None for school in stored) < 0.1 * COUNT


async def test_dry_run_tells_and_changes_nothing(
    tmp_path: Path, database: Database, directory: DirectorySearch
) -> None:
    made = made_schools(directory.regions, COUNT)
    before = placed(directory, read(tmp_path, duo_file(made)))
    await import_schools(database, DUO_LIST, before, database.clock.now())
    moved = replace(made[0], name="Heel Andere School")
    new = MadeSchool("99ZZ00", "Nieuwe School", "Assen", "Drenthe")
    after = placed(directory, read(tmp_path, duo_file([moved, *made[2:], new])))

    told = await preview_import(database, DUO_LIST, after)

    async with database.read() as uow:
        assert sorted(await uow.schools.of(DUO_LIST), key=str) == sorted(before, key=str)
    assert [school.name for school in told.added] == ["Nieuwe School"]
    assert [(old.name, now.name) for old, now in told.changed] == [
        (made[0].name, "Heel Andere School")
    ]
    assert [school.brin for school in told.removed] == [made[1].brin]
    assert told.unchanged == COUNT - 2


async def test_newer_date_alone_is_no_change(
    tmp_path: Path, database: Database, directory: DirectorySearch
) -> None:
    schools = placed(directory, read(tmp_path, duo_file(made_schools(directory.regions, 20))))
    await import_schools(database, DUO_LIST, schools, database.clock.now())
    newer = [replace(school, checked_on="2026-10-01") for school in schools]

    told = await import_schools(database, DUO_LIST, newer, database.clock.now())

    async with database.read() as uow:
        stored = await uow.schools.of(DUO_LIST)
    assert (told.added, told.changed, told.removed) == ((), (), ())
    assert {school.checked_on for school in stored} == {"2026-10-01"}


async def test_other_lists_stay_as_they_are(
    tmp_path: Path, database: Database, directory: DirectorySearch
) -> None:
    duo = placed(directory, read(tmp_path, duo_file(made_schools(directory.regions, 20))))
    own = placed(directory, read(tmp_path, "school;place\nDe Kade;Assen\n"))
    await import_schools(database, DUO_LIST, duo, database.clock.now())

    told = await import_schools(database, OWN_LIST, own, database.clock.now())

    async with database.read() as uow:
        assert len(await uow.schools.all()) == 21
    assert told.removed == ()


async def test_running_search_knows_an_import_at_once(
    tmp_path: Path, database: Database, directory: DirectorySearch, clock: SteppingClock
) -> None:
    refresh = DirectoryRefresh(database, directory)
    await refresh.look()
    unknown = directory.find("kadewijzer")
    schools = placed(directory, read(tmp_path, "school;place;brin\nDe Kadewijzer;Smilde;12AB\n"))
    await import_schools(database, OWN_LIST, schools, clock.now())

    await refresh.look()

    (by_name,) = directory.find("ik zit op de kadewijser")
    (by_brin,) = directory.find("12ab")
    assert unknown == []
    assert by_name.region.id == by_brin.region.id == "assen"
    assert by_name.found == by_brin.found == schools[0]
    assert by_name.is_derived
    clock.step(seconds=1)
    await import_schools(database, OWN_LIST, [], clock.now())
    await refresh.look()
    assert directory.find("kadewijzer") == []


def test_import_says_nothing_about_taking_part(directory: DirectorySearch, tmp_path: Path) -> None:
    content = "school;place\nDr. Nassau College Penta;Assen\nDr. Nassau College;Assen\n"
    directory.know(placed(directory, read(tmp_path, content)))

    (branch,) = directory.find("dr nassau college penta")
    (listed,) = directory.find("dr nassau college")

    pick = Answer("school_region", "Regio Assen", Pick(branch.region.id, branch.school).encode())
    assert branch.found is not None
    assert (branch.school, branch.found.name) == (None, "Dr. Nassau College Penta")
    assert takes_part({"school_region": pick}) is TakesPart.UNKNOWN
    assert (listed.school, listed.found) == ("Dr. Nassau College", None)


@pytest.mark.parametrize(
    ("row", "region", "basis"),
    [
        ("A;Ter Apel;Westerwolde;Groningen;", "emmenterapel", Basis.LISTED_PLACE),
        ("A;Sellingen;Westerwolde;Groningen;", "zuidoost-groningen", Basis.DERIVED_PLACE),
        ("A;'s-HERTOGENBOSCH;'S-HERTOGENBOSCH;Noord-Brabant;",
         "noordoost-brabant-het-techniek-loket", Basis.LISTED_PLACE),
        ("A;BERGEN;BERGEN (NH.);;", "techniekpactnoordkennemerland", Basis.DERIVED_PLACE),
        ("A;Hengelo;Bronckhorst;Gelderland;", None, None),
        ("A;Doetinchem;Doetinchem;Gelderland;", None, None),
        ("A;Houten;Houten;Utrecht;", None, None),
        ("A;Rotterdam;;;Rotterdam Zuid (Tech op Zuid)", "rotterdamzuid", Basis.GIVEN),
        ("A;;;;rotterdamzuid", "rotterdamzuid", Basis.GIVEN),
        ("A;Sneek;;Fryslân;", "zuidwest-friesland", Basis.DERIVED_PLACE),
    ],
)  # fmt: skip
def test_region_follows_from_the_row(
    tmp_path: Path, directory: DirectorySearch, row: str, region: str | None, basis: Basis | None
) -> None:
    file = read(tmp_path, f"school;place;municipality;province;region\n{row}\n")

    (school,) = placed(directory, file)

    assert (school.region_id, school.basis) == (region, basis)


def test_columns_may_come_in_any_order(tmp_path: Path) -> None:
    content = 'GEMEENTENAAM,VESTIGINGSNUMMER,VESTIGINGSNAAM,EXTRA\nUTRECHT,01AB00,"A, en B",x\n'

    (row,) = read(tmp_path, content).rows

    assert (row.name, row.municipality, row.brin, row.place) == ("A, en B", "Utrecht", "01AB00", "")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (";Assen;;;", "regel 3: de naam van de school ontbreekt."),
        ("B;;;;", "regel 3: bij B ontbreken plaats, gemeente en regio."),
        ("B;Assen", "regel 3: er staan 2 kolommen in plaats van 5"),
        ("B;Assen;Drente;;", "regel 3: 'Drente' is geen provincie"),
        ("B;Assen;;gisteren;", "regel 3: 'gisteren' is geen datum"),
        ("B;Assen;;;123", "regel 3: '123' is geen BRIN-nummer"),
        ("a;ASSEN;;;", "regel 3: a staat ook al op regel 2."),
        (f"{'B' * 151};Assen;;;", "regel 3: er staat een tekst in die langer is dan 150 tekens"),
    ],
)
def test_bad_row_is_told_with_its_line(tmp_path: Path, row: str, told: str) -> None:
    file = read(tmp_path, f"school;place;province;date;brin\nA;Assen;;1-10-2025;\n{row}\n")

    assert [fault.startswith(told) for fault in file.faults] == [True]
    assert [row.checked_on for row in file.rows] == ["2025-10-01"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "het bestand is leeg"),
        (b"naam van de school;plaats\nA;B\n", "er is geen kolom 'school'"),
        (b"school;bron\nA;B\n", "geen kolom met de plaats, de gemeente of de regio"),
        (b"school;place\n;;\n", "er staat geen enkele school in"),
        (b'school;place\n"A;B\n', "regel 2: er klopt iets niet met de aanhalingstekens"),
        ("school;place\nA;B\n".encode("utf-16"), "dit is geen CSV-bestand"),
    ],
)
def test_useless_file_is_explained(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(SchoolFileError) as error:
        read(tmp_path, content)

    assert told in str(error.value)
