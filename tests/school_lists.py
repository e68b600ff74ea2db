"""Lists of schools of realistic size, made up with a fixed seed, in both forms that we import."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.directory import Region

#: As DUO's open file of vo-vestigingen has them.
DUO_HEADER = (
    "PROVINCIE", "BEVOEGD GEZAG NUMMER", "BRIN NUMMER", "VESTIGINGSNUMMER", "VESTIGINGSNAAM",
    "STRAATNAAM", "HUISNUMMER-TOEVOEGING", "POSTCODE", "PLAATSNAAM", "GEMEENTENUMMER",
    "GEMEENTENAAM", "DENOMINATIE", "TELEFOONNUMMER", "INTERNETADRES", "ONDERWIJSSTRUCTUUR",
)  # fmt: skip
OWN_HEADER = ("school", "place", "municipality", "province", "region", "source", "date")
_KINDS = (
    "{} College", "Christelijk College {}", "RSG {}", "CSG {}", "SG {}", "Vakcollege {}",
    "{} Lyceum", "Praktijkschool {}", "Scholengemeenschap {}", "KTS {}", "OSG De {}",
)  # fmt: skip
_BEGINNINGS = (
    "Acker", "Ber", "Cal", "Dui", "Eken", "Fal", "Gro", "Hage", "Ijs", "Jonker", "Kers", "Lin",
    "Mos", "Nach", "Oever", "Pop",
)  # fmt: skip
_ENDINGS = (
    "berg", "dal", "eik", "feld", "gaard", "hof", "kamp", "laan", "moer", "nest", "oord",
    "poort", "rust", "stein", "veld", "wal",
)  # fmt: skip
_STRUCTURES = ("VMBO", "BRUGJAAR/VMBO/HAVO", "PRO", "VMBO/HAVO/VWO", "HAVO/VWO")


@dataclass(frozen=True)
class MadeSchool:
    """A school that does not exist."""

    brin: str
    name: str
    place: str
    province: str


def made_schools(regions: Sequence[Region], count: int) -> list[MadeSchool]:
    """Make `count` schools, each in a place of a region; the same ones every time."""
    chance = random.Random(20260101)
    schools = []
    for number in range(count):
        region = chance.choice(regions)
        place = chance.choice(region.places + region.derived_places)
        word = chance.choice(_BEGINNINGS) + chance.choice(_ENDINGS)
        letters = chr(65 + number // 26 % 26) + chr(65 + number % 26)
        schools.append(
            MadeSchool(
                brin=f"{number // 676:02}{letters}00",
                name=chance.choice(_KINDS).format(word),
                place=place.partition(" (")[0],
                province=region.provinces[0],
            )
        )
    return schools


def duo_file(schools: Sequence[MadeSchool], *, encoding: str = "utf-8") -> bytes:
    """Write schools as DUO does: capitals, quotes, and empty lines at the end."""
    rows = [
        (
            school.province, "41234", school.brin[:4], school.brin, school.name, "Schoolstraat",
            "1", "1234 AB", school.place.upper(), "0001", school.place.upper(), "Openbaar",
            "0101234567", "www.school.example", _STRUCTURES[number % len(_STRUCTURES)],
        )
        for number, school in enumerate(schools)
    ]  # fmt: skip
    return (_csv([DUO_HEADER, *rows], ";") + "\r\n;;;;\r\n").encode(encoding, "replace")


def own_file(schools: Sequence[MadeSchool], *, delimiter: str = ",") -> bytes:
    """Write schools in our own columns, as a spreadsheet saves them."""
    rows = [
        (school.name, school.place, "", school.province, "", "schoolgids", "2025-10-01")
        for school in schools
    ]
    return _csv([OWN_HEADER, *rows], delimiter).encode("utf-8-sig")


def _csv(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return file.getvalue()
