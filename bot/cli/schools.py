"""`wegwijzer regions import`, `schools` and `forget`: lists of schools from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import with_database
from bot.config import read_settings
from bot.domain.directory import Basis, School
from bot.domain.errors import SettingsError
from bot.services.clock import dutch_date
from bot.services.content import read_content
from bot.services.directory_import import (
    Difference,
    import_schools,
    place_schools,
    preview_import,
)
from bot.services.directory_import_file import read_school_file
from bot.storage.database import Database

_SHOWN = 10
_BASES = {
    Basis.GIVEN: "staat in het bestand",
    Basis.LISTED_PLACE: "uit plaats of gemeente",
    Basis.DERIVED_PLACE: "afgeleid uit de naam van de regio",
}

ListName = Annotated[
    str | None, typer.Option("--source", help="De naam van de lijst, als bron bij elke school.")
]


def import_list(
    file: Annotated[Path, typer.Argument(help="Het CSV-bestand: eigen kolommen of die van DUO.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Laat alleen zien wat er zou veranderen.")
    ] = False,
    source: ListName = None,
    on: Annotated[
        str | None, typer.Option("--date", help="De datum van de lijst: JJJJ-MM-DD.")
    ] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Sla regels met een fout over.")
    ] = False,
) -> None:
    """Neem een lijst met scholen over; die vervangt de vorige lijst met dezelfde naam."""
    read = read_school_file(file)
    list_name = (source or read.usual_list).strip()[:100]
    directory = read_content(read_settings().content).directory
    schools, unknown = place_schools(read.rows, directory.places(), list_name, _date(on))
    faults = sorted((*read.faults, *unknown), key=_line)
    if faults:
        print("\n".join(_first(faults)))
    are_wrong = "1 regel klopt" if len(faults) == 1 else f"{len(faults)} regels kloppen"
    advice = f"{are_wrong} niet. Verbeter ze, of sla ze over met --skip-bad."
    if faults and not skip_bad and not dry_run:
        raise SettingsError(f"{advice} Er is niets opgeslagen.")
    if not schools:
        raise SettingsError("er is geen enkele goede regel; er is niets opgeslagen.")

    async def work(database: Database) -> Difference:
        if dry_run:
            return await preview_import(database, list_name, schools)
        return await import_schools(database, list_name, schools, datetime.now(UTC))

    print("\n".join(_told(list_name, schools, with_database(work))))
    print("Proef: er is niets opgeslagen." if dry_run else "Opgeslagen.")
    if faults and dry_run:
        print(advice)


def show_lists() -> None:
    """Laat zien welke lijsten met scholen zijn overgenomen."""

    async def work(database: Database) -> list[School]:
        async with database.read() as uow:
            return await uow.schools.all()

    schools = with_database(work)
    if not schools:
        print("Er zijn nog geen scholen overgenomen.")
    for name, count in sorted(Counter(school.list_name for school in schools).items()):
        of_list = [school for school in schools if school.list_name == name]
        latest = max(school.checked_on for school in of_list)
        without = sum(school.region_id is None for school in of_list)
        print(f"{name}: {count} scholen, waarvan {without} zonder regio ({latest})")


def forget_list(
    source: Annotated[str, typer.Argument(help="De naam uit `wegwijzer regions schools`.")],
) -> None:
    """Haal een overgenomen lijst met scholen weg."""

    async def work(database: Database) -> int:
        async with database.write() as uow:
            count = len(await uow.schools.of(source))
            await uow.schools.replace(source, [], datetime.now(UTC))
            return count

    count = with_database(work)
    if not count:
        raise SettingsError(f"Er is geen lijst met de naam {source}.")
    print(f"Weggehaald: {count} scholen.")


def _date(on: str | None) -> str:
    if on is None:
        return dutch_date(datetime.now(UTC))
    try:
        return date.fromisoformat(on).isoformat()
    except ValueError:
        raise SettingsError("Schrijf de datum als JJJJ-MM-DD, bijvoorbeeld 2025-10-01.") from None


def _line(fault: str) -> int:
    return int(fault.removeprefix("regel ").partition(":")[0])


def _told(list_name: str, schools: list[School], difference: Difference) -> Iterator[str]:
    yield (
        f"{list_name}: {len(schools)} scholen. Erbij: {len(difference.added)}, veranderd: "
        f"{len(difference.changed)}, weg: {len(difference.removed)}, "
        f"gelijk: {difference.unchanged}."
    )
    yield from _first([f"+ {_school(school)}" for school in difference.added])
    yield from _first([f"~ {_school(old)} → {_school(new)}" for old, new in difference.changed])
    yield from _first([f"- {_school(school)}" for school in difference.removed])
    for basis, meaning in _BASES.items():
        yield f"Regio {meaning}: {sum(school.basis is basis for school in schools)}"
    lost = [school for school in schools if school.region_id is None]
    yield f"Zonder regio: {len(lost)}"
    where = Counter(school.municipality or school.place for school in lost)
    yield from _first([f"  {name}: {count}" for name, count in where.most_common()])


def _first(lines: Sequence[str]) -> list[str]:
    if len(lines) <= _SHOWN:
        return list(lines)
    return [*lines[:_SHOWN], f"  … en nog {len(lines) - _SHOWN}"]


def _school(school: School) -> str:
    brin = f" {school.brin}" if school.brin else ""
    return f"{school.name}{brin} ({school.place or school.municipality}), " + (
        school.region_id or "zonder regio"
    )
