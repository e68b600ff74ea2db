"""Regions and schools of the directory, and what a search in it gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The provinces that a region can be in; the three Caribbean islands count as one.
PROVINCES = (
    "Groningen",
    "Friesland",
    "Drenthe",
    "Overijssel",
    "Gelderland",
    "Utrecht",
    "Flevoland",
    "Noord-Holland",
    "Zuid-Holland",
    "Zeeland",
    "Noord-Brabant",
    "Limburg",
    "Caribisch Nederland",
)


@dataclass(frozen=True)
class Region:
    """One STO region: `id` never changes; `schools` are known participants, never a full list.

    `derived_places` are ours: what the name of the region covers on the map.
    """

    id: str
    name: str
    provinces: tuple[str, ...]
    places: tuple[str, ...]
    schools: tuple[str, ...]
    page: str | None
    sources: tuple[str, ...]
    checked: str | None = None
    derived_places: tuple[str, ...] = ()


class Basis(StrEnum):
    """Why an imported school is counted to its region."""

    GIVEN = "given"
    LISTED_PLACE = "listed_place"
    DERIVED_PLACE = "derived_place"


@dataclass(frozen=True)
class School:
    """A school from an imported list; being in it does not say that a school takes part in STO.

    `list_name` and `key` say which row of which list this is; `region_id` and `basis` are None
    where it cannot be told to which region the school belongs.
    """

    list_name: str
    key: str
    name: str
    place: str
    municipality: str
    province: str
    brin: str | None
    region_id: str | None
    basis: Basis | None
    source: str
    checked_on: str


@dataclass(frozen=True)
class Match:
    """A region that fits a search; `score` is 0..100.

    `school` is the known participant that fitted, if one did. `found` is the school of an imported
    list that fitted: it may or may not take part. `is_derived` says that only a place which we
    derived ourselves led to the region.
    """

    region: Region
    school: str | None
    score: float
    found: School | None = None
    is_derived: bool = False
