"""Reads a list of schools that the beheerder imports: our own columns, or those of DUO's file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain.directory import PROVINCES
from bot.domain.errors import ContentError
from bot.domain.text import clean, folded

OWN_LIST, DUO_LIST = "eigen lijst", "DUO vo-vestigingen"
_LONGEST = 150  # letters in one cell
_BRIN, _BRANCH = re.compile(r"\d{2}[A-Z]{2}"), re.compile(r"\d{2}[A-Z]{2}\d{2}")
_DUTCH_DATE = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
#: Each field by the names that its column may have, written as `folded` writes them.
_HEADERS = {
    "school": ("school", "schoolnaam", "naam", "vestigingsnaam"),
    "place": ("place", "plaats", "plaatsnaam"),
    "municipality": ("municipality", "gemeente", "gemeentenaam"),
    "province": ("province", "provincie"),
    "region": ("region", "regio"),
    "source": ("source", "bron"),
    "date": ("date", "datum"),
    "brin": ("brin", "brin nummer"),
    "branch": ("vestigingsnummer",),
}
_PROVINCES = {folded(name): name for name in PROVINCES} | {"fryslan": "Friesland"}
_SMALL = re.compile(r"(?<=[ -])(Aan|Bij|De|Den|Der|En|Het|In|Op|Ter|Van)(?=[ -])")


class SchoolFileError(ContentError):
    """Dit bestand met scholen is niet te lezen."""


@dataclass(frozen=True)
class SchoolRow:
    """A row of the file, checked; what it does not say is empty."""

    line: int
    name: str
    place: str
    municipality: str
    province: str
    region: str
    source: str
    checked_on: str
    brin: str | None

    @property
    def key(self) -> str:
        """What tells this school from the others of its list."""
        return self.brin or f"{folded(self.name)[:200]}|{folded(self.place)[:200]}"


@dataclass(frozen=True)
class SchoolFile:
    """What stands in the file: the good rows, and a sentence for each row that is not good."""

    usual_list: str
    rows: tuple[SchoolRow, ...]
    faults: tuple[str, ...]


def read_school_file(path: Path) -> SchoolFile:
    """Read the file; raises SchoolFileError when no row of it can be read."""
    records = list(_records(path))
    if not records:
        raise SchoolFileError(f"{path.name}: het bestand is leeg.")
    columns = _columns(path.name, records[0][1])
    rows: dict[str, SchoolRow] = {}
    faults: list[str] = []
    for line, cells in records[1:]:
        try:
            row = _row(line, _by_field(columns, len(records[0][1]), cells))
        except SchoolFileError as error:
            faults.append(f"regel {line}: {error}")
            continue
        if before := rows.get(row.key):
            faults.append(f"regel {line}: {row.name} staat ook al op regel {before.line}.")
        else:
            rows[row.key] = row
    if not rows and not faults:
        raise SchoolFileError(f"{path.name}: er staat geen enkele school in.")
    is_duo = "vestigingsnaam" in map(folded, records[0][1])
    return SchoolFile(DUO_LIST if is_duo else OWN_LIST, tuple(rows.values()), tuple(faults))


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    # Names of columns hold no commas, so the commonest mark in their line parts them.
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [" ".join(clean(cell).split()) for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        raise SchoolFileError(
            f"{path.name}, regel {line}: er klopt iets niet met de aanhalingstekens."
        ) from None


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise SchoolFileError(
            f"{path.name}: het bestand is er niet of is niet te openen."
        ) from None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SchoolFileError(f"{path.name}: dit is geen CSV-bestand; sla het op als 'CSV UTF-8'.")


def _columns(name: str, header: list[str]) -> dict[str, int]:
    found = [folded(cell) for cell in header]
    columns = {
        field: found.index(known)
        for field, names in _HEADERS.items()
        for known in reversed(names)
        if known in found
    }
    if "school" not in columns:
        raise SchoolFileError(
            f"{name}, regel 1: er is geen kolom 'school' of 'VESTIGINGSNAAM'. Zet de namen van de "
            "kolommen op de eerste regel: school;place;municipality;province;region;source;date."
        )
    if not {"place", "municipality", "region"} & columns.keys():
        raise SchoolFileError(
            f"{name}, regel 1: er is geen kolom met de plaats, de gemeente of de regio."
        )
    return columns


def _by_field(columns: Mapping[str, int], width: int, cells: list[str]) -> dict[str, str]:
    if len(cells) < width or any(cells[width:]):
        raise SchoolFileError(
            f"er staan {len(cells)} kolommen in plaats van {width}; staat er een scheidingsteken "
            "in een tekst zonder aanhalingstekens?"
        )
    return {field: cells[columns[field]] if field in columns else "" for field in _HEADERS}


def _row(line: int, cells: dict[str, str]) -> SchoolRow:
    if not cells["school"]:
        raise SchoolFileError("de naam van de school ontbreekt.")
    if not (cells["place"] or cells["municipality"] or cells["region"]):
        raise SchoolFileError(f"bij {cells['school']} ontbreken plaats, gemeente en regio.")
    if any(len(cell) > _LONGEST for cell in cells.values()):
        raise SchoolFileError(f"er staat een tekst in die langer is dan {_LONGEST} tekens.")
    province = _PROVINCES.get(folded(cells["province"]), "")
    if cells["province"] and not province:
        raise SchoolFileError(f"'{cells['province']}' is geen provincie die we kennen.")
    return SchoolRow(
        line=line,
        name=cells["school"],
        place=_written(cells["place"]),
        municipality=_written(cells["municipality"]),
        province=province,
        region=cells["region"],
        source=cells["source"],
        checked_on=_date(cells["date"]),
        brin=_brin(cells["brin"].upper(), cells["branch"].upper()),
    )


def _date(cell: str) -> str:
    if not cell:
        return ""
    dutch = _DUTCH_DATE.fullmatch(cell)
    try:
        if dutch:
            day, month, year = map(int, dutch.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(cell).isoformat()
    except ValueError:
        raise SchoolFileError(f"'{cell}' is geen datum; schrijf hem als 2025-10-01.") from None


def _brin(brin: str, branch: str) -> str | None:
    """Give the number of the branch: four signs for the school and two for the branch."""
    whole = branch if _BRANCH.fullmatch(branch) else brin + branch
    if whole and not (_BRANCH.fullmatch(whole) or _BRIN.fullmatch(whole)):
        raise SchoolFileError(f"'{whole}' is geen BRIN-nummer, zoals 12AB of 12AB00.")
    return whole or None


def _written(place: str) -> str:
    """Write a place that came in capitals as people write it: "'s-Gravenhage", "IJmuiden"."""
    if not place.isupper():
        return place
    titled = _SMALL.sub(lambda found: found[0].lower(), place.title())
    titled = re.sub(r"'[ST]\b", lambda found: found[0].lower(), titled)
    return re.sub(r"\bIj", "IJ", titled)
