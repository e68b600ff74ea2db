"""Imports a list of schools: to which region each belongs, what differs, and storing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.directory import Basis, School
from bot.services.directory_import_file import SchoolRow
from bot.services.directory_places import RegionPlaces
from bot.services.directory_ports import SchoolStore, SchoolUnitOfWork


@dataclass(frozen=True)
class Difference:
    """What an import does to its list; `changed` has each school as it was and as it becomes."""

    added: tuple[School, ...]
    changed: tuple[tuple[School, School], ...]
    removed: tuple[School, ...]
    unchanged: int


def place_schools(
    rows: Iterable[SchoolRow], places: RegionPlaces, list_name: str, checked_on: str
) -> tuple[list[School], list[str]]:
    """Make schools of rows, and a sentence for each row with a region that does not exist.

    A row without a source or date of its own gets that of the list.
    """
    schools: list[School] = []
    faults: list[str] = []
    for row in rows:
        region, basis = places.region_of(row.municipality, row.place, row.province)
        if row.region:
            region, basis = places.named(row.region), Basis.GIVEN
        if row.region and not region:
            faults.append(
                f"regel {row.line}: de regio '{row.region}' ken ik niet; "
                "de namen staan in `wegwijzer regions list`."
            )
            continue
        schools.append(
            School(
                list_name=list_name,
                key=row.key,
                name=row.name,
                place=row.place,
                municipality=row.municipality,
                province=row.province,
                brin=row.brin,
                region_id=region,
                basis=basis,
                source=row.source or list_name,
                checked_on=row.checked_on or checked_on,
            )
        )
    return schools, faults


async def preview_import(store: SchoolStore, list_name: str, schools: list[School]) -> Difference:
    """Say what importing these schools would do, and change nothing."""
    async with store.read() as uow:
        return await _difference(uow, list_name, schools)


async def import_schools(
    store: SchoolStore, list_name: str, schools: list[School], now: datetime
) -> Difference:
    """Put these schools in the place of what the list held, all or nothing; say what differed."""
    async with store.write() as uow:
        difference = await _difference(uow, list_name, schools)
        await uow.schools.replace(list_name, schools, now)
        return difference


async def _difference(uow: SchoolUnitOfWork, list_name: str, schools: list[School]) -> Difference:
    before = {school.key: school for school in await uow.schools.of(list_name)}
    after = {school.key: school for school in schools}
    both = [(before[key], school) for key, school in after.items() if key in before]
    changed = tuple((old, new) for old, new in both if not _is_same(old, new))
    return Difference(
        added=tuple(school for key, school in after.items() if key not in before),
        changed=changed,
        removed=tuple(school for key, school in before.items() if key not in after),
        unchanged=len(both) - len(changed),
    )


def _is_same(old: School, new: School) -> bool:
    """Tell whether nothing but the date differs: a newer list says the same anew."""
    return replace(old, checked_on=new.checked_on) == new
