"""Reads the directory of regions from the file that the beheerder edits."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from bot.domain.directory import PROVINCES, Region
from bot.domain.errors import ContentError

COLUMNS = (
    "id", "name", "provinces", "places", "derived_places", "schools", "page", "sources", "checked",
)  # fmt: skip
OTHER_COLUMNS = ("area", "places")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CHECKED = re.compile(r"\d{4}(-\d{2}(-\d{2})?|-\d{4})?")
_LINK = re.compile(r"https?://[^\s;]+")


class DirectoryContentError(ContentError):
    """The directory file cannot be used; the message tells the beheerder in Dutch what to mend."""


def read_regions(path: Path) -> tuple[Region, ...]:
    """Give the regions in the order of the file, or one error that names every fault in it."""
    rows = _read_rows(path)
    _check_columns(path.name, rows, COLUMNS)
    faults: list[str] = []
    regions: list[Region] = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        found = list(_faults_in(cells))
        faults += [f"{path.name}, rij {number}, kolom {column}: {fault}" for column, fault in found]
        if not found:
            regions.append(_region_from(cells))
    faults += [f"{path.name}: {fault}" for fault in _repeated(regions)]
    if not regions and not faults:
        faults.append(f"{path.name}: er staat geen enkele regio in.")
    if faults:
        raise DirectoryContentError("\n".join(faults))
    return tuple(regions)


def read_other_places(path: Path) -> tuple[str, ...]:
    """Give the places that lie in none of the regions; none when there is no such file."""
    if not path.exists():
        return ()
    rows = _read_rows(path)
    _check_columns(path.name, rows, OTHER_COLUMNS)
    return tuple(place for _, *cells in rows[1:] for cell in cells for place in _values(cell))


def _read_rows(path: Path) -> list[list[str]]:
    try:
        # Spreadsheets put a byte order mark in front; utf-8-sig takes it away.
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file, strict=True))
    except OSError:
        raise DirectoryContentError(
            f"{path.name}: het bestand is er niet of is niet te openen."
        ) from None
    except UnicodeDecodeError:
        raise DirectoryContentError(
            f"{path.name}: sla het bestand op als 'CSV UTF-8'; nu is het niet te lezen."
        ) from None
    except csv.Error as error:
        raise DirectoryContentError(
            f"{path.name}: er klopt iets niet met de aanhalingstekens ({error})."
        ) from None


def _check_columns(name: str, rows: list[list[str]], columns: tuple[str, ...]) -> None:
    header = tuple(cell.strip() for cell in rows[0]) if rows else ()
    if header == columns:
        return
    if len(header) == 1 and ";" in header[0]:
        raise DirectoryContentError(
            f"{name}, rij 1: de kolommen staan los met puntkomma's; gebruik komma's."
        )
    raise DirectoryContentError(
        f"{name}, rij 1: de kolommen moeten precies deze zijn: {', '.join(columns)}."
    )


def _faults_in(cells: list[str]) -> Iterable[tuple[str, str]]:
    if len(cells) != len(COLUMNS):
        yield (
            COLUMNS[min(len(cells), len(COLUMNS) - 1)],
            f"de rij heeft {len(cells)} kolommen in plaats van {len(COLUMNS)}; "
            "staat er een komma in een tekst zonder aanhalingstekens?",
        )
        return
    row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    if not _ID.fullmatch(row["id"]):
        yield "id", f"'{row['id']}' mag alleen kleine letters, cijfers en losse streepjes hebben."
    if not row["name"]:
        yield "name", "de naam van de regio ontbreekt."
    if not row["provinces"]:
        yield "provinces", "vul minstens één provincie in."
    for province in _values(row["provinces"]):
        if province not in PROVINCES:
            yield "provinces", f"'{province}' is geen provincie die we kennen."
    for place in _values(row["derived_places"]):
        if place in _values(row["places"]):
            yield "derived_places", f"'{place}' staat ook al bij places; zet hem op één plek."
    if row["page"] and not _LINK.fullmatch(row["page"]):
        yield "page", f"'{row['page']}' is geen link die met https:// begint."
    if not row["sources"]:
        yield "sources", "vul minstens één bron in."
    for source in _values(row["sources"]):
        if not _LINK.fullmatch(source):
            yield "sources", f"'{source}' is geen link die met https:// begint."
    if row["checked"] and not _CHECKED.fullmatch(row["checked"]):
        yield "checked", f"'{row['checked']}' is geen jaar, maand, dag of periode (2020-2024)."


def _region_from(cells: list[str]) -> Region:
    row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    return Region(
        id=row["id"],
        name=row["name"],
        provinces=_values(row["provinces"]),
        places=_values(row["places"]),
        derived_places=_values(row["derived_places"]),
        schools=_values(row["schools"]),
        page=row["page"] or None,
        sources=_values(row["sources"]),
        checked=row["checked"] or None,
    )


def _values(cell: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in cell.split(";") if value.strip())


def _repeated(regions: list[Region]) -> Iterable[str]:
    for column, values in (("id", [r.id for r in regions]), ("name", [r.name for r in regions])):
        for value in dict.fromkeys(values):
            if values.count(value) > 1:
                yield f"kolom {column}: '{value}' staat er {values.count(value)} keer in."
