"""The names in the directory: everything that a region can be found by, and what each proves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.domain.directory import Region, School
from bot.services.directory_words import FILLER, is_strong, words_of

#: The number of no region: what stands under it lies in none that we know.
ELSEWHERE = -1
_NAME_PARTS = re.compile(r"\([^)]*\)|[/,]| - |-(?=De )")
_FEWEST_INITIALS, _MOST_INITIALS = 3, 4
_AND = re.compile(r"-? en ")
BRACKETS = re.compile(r"\(([^)]*)\)")


class Evidence(Enum):
    """What a phrase is to its region."""

    NAME = "name"
    NAME_PART = "part of the name"
    PLACE = "place"
    DERIVED = "place that the name of the region covers"
    SCHOOL = "school"
    IMPORTED = "school of an imported list"
    PROVINCE = "province"

    @property
    def proves(self) -> float:
        """What the phrase proves when it fits whole."""
        return _PROVES.get(self, 1.0)

    @property
    def is_place(self) -> bool:
        """Tell whether it says where something lies."""
        return self in (Evidence.PLACE, Evidence.DERIVED, Evidence.NAME)

    @property
    def is_school(self) -> bool:
        """Tell whether it is the name of a school."""
        return self in (Evidence.SCHOOL, Evidence.IMPORTED)


_PROVES = {
    Evidence.PROVINCE: 0.9,
    Evidence.NAME_PART: 0.8,
    Evidence.DERIVED: 0.95,
    Evidence.IMPORTED: 0.95,
}


@dataclass(frozen=True)
class Name:
    """A name and the number of its region; of a school also who bears it."""

    region: int
    kind: Evidence
    text: str
    bearer: School | str | None = None


def all_names(
    regions: Sequence[Region], elsewhere: Iterable[str], schools: Iterable[School]
) -> list[Name]:
    """Give every name of the regions, of the places in none of them, and of imported schools."""
    names = [name for number, region in enumerate(regions) for name in _of_region(number, region)]
    names += (Name(ELSEWHERE, Evidence.PLACE, place) for place in elsewhere)
    numbers = {region.id: number for number, region in enumerate(regions)}
    for school in schools:
        names += _of_school(numbers.get(school.region_id or "", ELSEWHERE), school)
    return names


def _of_region(number: int, region: Region) -> Iterator[Name]:
    without_brackets = BRACKETS.sub("", region.name).strip()
    whole = dict.fromkeys((region.name, without_brackets, *BRACKETS.findall(region.name)))
    for name in whole:
        yield Name(number, Evidence.NAME, name)
    for part in dict.fromkeys(_parts_of(region.name)):
        words = [word for word in words_of(part) if word not in FILLER]
        if part not in whole and (len(words) > 1 or any(map(is_strong, words))):
            yield Name(number, Evidence.NAME_PART, part)
    for kind, texts in (
        (Evidence.PLACE, region.places),
        (Evidence.DERIVED, region.derived_places),
        (Evidence.SCHOOL, region.schools),
        (Evidence.PROVINCE, region.provinces),
    ):
        for text in texts:
            yield Name(number, kind, text, text)
    for school in region.schools:
        if initials := _initials(school):
            yield Name(number, Evidence.SCHOOL, initials, school)


def _parts_of(name: str) -> Iterator[str]:
    for part in _NAME_PARTS.split(name):
        yield part.strip()
        yield from (half.strip() for half in _AND.split(part))


def _initials(school: str) -> str | None:
    """Give what people call a school for short: ONC for Oranje Nassau College."""
    words = words_of(BRACKETS.sub(" ", school))
    letters = "".join(word[0] for word in words)
    return letters if _FEWEST_INITIALS <= len(letters) <= _MOST_INITIALS else None


def _of_school(number: int, school: School) -> Iterator[Name]:
    for where in dict.fromkeys((school.place, school.municipality)):
        if where or not school.place:
            yield Name(number, Evidence.IMPORTED, f"{school.name} ({where})", school)
    if school.brin:
        for code in dict.fromkeys((school.brin, school.brin[:4])):
            yield Name(number, Evidence.IMPORTED, code, school)
