"""Regions and schools of the directory, and what a search in it gives."""

from __future__ import annotations

from dataclasses import dataclass

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
    """One STO region: `id` never changes; `schools` are known participants, never a full list."""

    id: str
    name: str
    provinces: tuple[str, ...]
    places: tuple[str, ...]
    schools: tuple[str, ...]
    page: str | None
    sources: tuple[str, ...]
    checked: str | None = None


@dataclass(frozen=True)
class Match:
    """A region that fits a search, with the school that fitted if one did; `score` is 0..100."""

    region: Region
    school: str | None
    score: float
