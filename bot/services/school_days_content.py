"""Reads `content/holidays.yml` into the school calendar and the holiday region of each school."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.domain.directory import PROVINCES
from bot.domain.errors import ContentError
from bot.domain.school_days import (
    HOLIDAY_REGIONS,
    EasterDay,
    FixedDay,
    Holiday,
    NationalDay,
    SchoolCalendar,
)
from bot.services.yaml_content import read_yaml

#: In the file: no single holiday region holds here.
NO_HOLIDAY_REGION = "geen"
EVERYWHERE = "everywhere"

_CHOICES: Mapping[str, str | None] = {
    **{region: region for region in HOLIDAY_REGIONS},
    NO_HOLIDAY_REGION: None,
}
_BINDING = ("vast", "advies")
_YEAR = re.compile(r"(\d{4})-(\d{4})")
_RANGE = re.compile(r"(\S+) t/m (\S+)")
_ON = re.compile(r"(\d{2})-(\d{2})")
_EASTER = re.compile(r"-?\d{1,2}")
_LINK = re.compile(r"https?://\S+")
#: The summer holiday, the longest, lasts 44 days; more is a slip of the pen.
_LONGEST = 50


@dataclass(frozen=True)
class SchoolDays:
    """The school calendar, and which holiday region holds where."""

    calendar: SchoolCalendar
    regions: Mapping[str, str | None]
    provinces: Mapping[str, str | None]

    def holiday_region(self, region_id: str | None, provinces: tuple[str, ...]) -> str | None:
        """Give the holiday region of an STO region, or of provinces where there is none.

        None means that no single one holds, or that it is not known.
        """
        if region_id is not None and region_id in self.regions:
            return self.regions[region_id]
        found = {self.provinces.get(province) for province in provinces}
        return found.pop() if len(found) == 1 else None


def read_school_days(path: Path, region_ids: Collection[str]) -> SchoolDays:
    """Read the file; raises ContentError with a Dutch sentence that names the place to mend.

    `region_ids` are the ids of the STO regions that exist.
    """
    name = path.name
    data = _fields(read_yaml(path), ("national_days", "school_years", "provinces", "regions"), name)
    holidays = tuple(_holidays(data["school_years"], name))
    _refuse_overlaps(holidays, name)
    return SchoolDays(
        SchoolCalendar(holidays, tuple(_national_days(data["national_days"], name))),
        _regions(data["regions"], region_ids, name),
        _provinces(data["provinces"], name),
    )


def _national_days(items: Any, name: str) -> Iterator[NationalDay]:
    for number, item in enumerate(_listed(items, f"{name}, national_days"), start=1):
        where = f"{name}, national_days, dag {number}"
        day = _fields(item, ("name",), where, ("on", "easter"))
        on, after = _ON.fullmatch(str(day.get("on"))), _EASTER.fullmatch(str(day.get("easter")))
        if ("on" in day) == ("easter" in day):
            raise ContentError(f"{where}: vul on of easter in, niet allebei.")
        if on:
            # Checked in a leap year, so that 29 February may be a free day.
            fixed = _date(f"2028-{on[0]}", where)
            yield FixedDay(str(day["name"]), fixed.month, fixed.day)
        elif after:
            yield EasterDay(str(day["name"]), int(after[0]))
        else:
            raise ContentError(
                f"{where}: schrijf on als maand-dag (12-25) en easter als een getal (39 of -2)."
            )


def _holidays(items: Any, name: str) -> Iterator[Holiday]:
    before: int | None = None
    for number, item in enumerate(_listed(items, f"{name}, school_years"), start=1):
        where = f"{name}, schooljaar {number}"
        school_year = _fields(item, ("year", "source", "checked", "holidays"), where)
        start = _start_of(str(school_year["year"]), where)
        where = f"{name}, schooljaar {school_year['year']}"
        if before is not None and start != before + 1:
            raise ContentError(f"{where}: hier hoort {before + 1}-{before + 2} te staan.")
        before = start
        if not _LINK.fullmatch(str(school_year["source"])):
            raise ContentError(f"{where}: source is geen link die met https:// begint.")
        _date(str(school_year["checked"]), f"{where}, checked")
        for nth, holiday in enumerate(_listed(school_year["holidays"], where), start=1):
            yield from _holiday(holiday, start, where, nth)


def _start_of(year: str, where: str) -> int:
    found = _YEAR.fullmatch(year)
    if not found or int(found[2]) != int(found[1]) + 1:
        raise ContentError(f"{where}: '{year}' is geen schooljaar; schrijf het als 2026-2027.")
    return int(found[1])


def _holiday(item: Any, start: int, where: str, number: int) -> Iterator[Holiday]:
    holiday = _fields(
        item, ("name", "dates"), f"{where}, vakantie {number}", (*HOLIDAY_REGIONS, EVERYWHERE)
    )
    where = f"{where}, {holiday['name']}"
    if holiday["dates"] not in _BINDING:
        raise ContentError(f"{where}: dates is vast of advies, niet '{holiday['dates']}'.")
    if (EVERYWHERE in holiday) == any(region in holiday for region in HOLIDAY_REGIONS):
        raise ContentError(f"{where}: vul noord, midden en zuid in, of alleen {EVERYWHERE}.")
    for region in HOLIDAY_REGIONS:
        key = EVERYWHERE if EVERYWHERE in holiday else region
        if key not in holiday:
            raise ContentError(f"{where}: de data van {region} ontbreken.")
        first, last = _range(str(holiday[key]), f"{where}, {key}")
        if not date(start, 8, 1) <= first <= date(start + 1, 7, 31):
            raise ContentError(f"{where}, {key}: {first} valt niet in dit schooljaar.")
        yield Holiday(str(holiday["name"]), region, first, last)


def _range(text: str, where: str) -> tuple[date, date]:
    found = _RANGE.fullmatch(text)
    if not found:
        raise ContentError(f"{where}: schrijf de data als 2026-10-17 t/m 2026-10-25.")
    first, last = _date(found[1], where), _date(found[2], where)
    if last < first:
        raise ContentError(f"{where}: de laatste dag ({last}) ligt voor de eerste ({first}).")
    if (last - first).days >= _LONGEST:
        raise ContentError(f"{where}: van {first} t/m {last} is te lang voor een vakantie.")
    return first, last


def _date(text: str, where: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    # The library also reads 20261017 and 2026-W42-6; people who edit the file need not.
    if found is None or found.isoformat() != text:
        raise ContentError(f"{where}: '{text}' is geen datum; schrijf jaar-maand-dag: 2026-10-17.")
    return found


def _refuse_overlaps(holidays: Iterable[Holiday], name: str) -> None:
    ordered = sorted(holidays, key=lambda holiday: (holiday.region, holiday.first))
    for one, next_one in pairwise(ordered):
        if one.region == next_one.region and next_one.first <= one.last:
            raise ContentError(
                f"{name}: in {one.region} overlappen {one.name} (vanaf {one.first}) en "
                f"{next_one.name} (vanaf {next_one.first})."
            )


def _provinces(data: Any, name: str) -> dict[str, str | None]:
    where = f"{name}, provinces"
    found: dict[str, str | None] = {}
    for choice, provinces in _fields(data, (), where, tuple(_CHOICES)).items():
        for province in map(str, _listed(provinces, f"{where}, {choice}")):
            if province not in PROVINCES:
                raise ContentError(f"{where}: '{province}' is geen provincie die we kennen.")
            if province in found:
                raise ContentError(f"{where}: {province} staat er twee keer.")
            found[province] = _CHOICES[choice]
    missing = [province for province in PROVINCES if province not in found]
    if missing:
        raise ContentError(f"{where}: deze provincies ontbreken: {', '.join(missing)}.")
    return found


def _regions(items: Any, region_ids: Collection[str], name: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for number, item in enumerate(_listed(items, f"{name}, regions"), start=1):
        where = f"{name}, regions, regio {number}"
        region = _fields(item, ("id", "holiday_region", "why"), where)
        region_id, choice = str(region["id"]), str(region["holiday_region"])
        if region_id not in region_ids:
            raise ContentError(f"{where}: '{region_id}' is geen STO-regio uit regions.csv.")
        if region_id in found:
            raise ContentError(f"{where}: {region_id} staat er twee keer.")
        if choice not in _CHOICES:
            raise ContentError(
                f"{where}: '{choice}' is geen vakantieregio; kies uit {', '.join(_CHOICES)}."
            )
        found[region_id] = _CHOICES[choice]
    return found


def _fields(
    item: Any, needed: tuple[str, ...], where: str, allowed: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise ContentError(f"{where}: verwacht {', '.join(needed or allowed)}.")
    missing = [key for key in needed if not item.get(key)]
    if missing:
        raise ContentError(f"{where}: dit ontbreekt: {', '.join(missing)}.")
    unknown = [str(key) for key in item if key not in (*needed, *allowed)]
    if unknown:
        raise ContentError(f"{where}: onbekend: {', '.join(unknown)}.")
    return item


def _listed(items: Any, where: str) -> list[Any]:
    if not isinstance(items, list) or not items:
        raise ContentError(f"{where}: hier hoort een lijst te staan.")
    return items
