"""Tells to which region a school belongs: by what its row says, its municipality or its place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from bot.domain.directory import PROVINCES, Basis, Region
from bot.domain.text import folded
from bot.services.directory_words import words_of

_BRACKETS = re.compile(r"\(([^)]*)\)")
_ARTICLES = {"s", "t", "den"}
#: How a municipality is told from its namesake: "Bergen (NH.)".
_CODES = {
    "g": "Groningen", "gr": "Groningen", "f": "Friesland", "fr": "Friesland", "d": "Drenthe",
    "dr": "Drenthe", "o": "Overijssel", "ov": "Overijssel", "gld": "Gelderland", "u": "Utrecht",
    "ut": "Utrecht", "nh": "Noord-Holland", "zh": "Zuid-Holland", "z": "Zeeland",
    "nb": "Noord-Brabant", "l": "Limburg",
} | {folded(name): name for name in PROVINCES}  # fmt: skip
_Key = tuple[str, ...]


class RegionPlaces:
    """Which places lie in which regions, as listed and as derived by us."""

    def __init__(self, regions: Sequence[Region], elsewhere: Iterable[str] = ()) -> None:
        """Read the places of `regions`; those `elsewhere` lie in none of them."""
        self._provinces = {region.id: region.provinces for region in regions}
        self._named = {
            folded(name): region.id
            for region in regions
            for name in (region.id, region.name, _BRACKETS.sub("", region.name))
        }
        self._listed: dict[_Key, set[str]] = defaultdict(set)
        self._derived: dict[_Key, set[str]] = defaultdict(set)
        for region in regions:
            for known, places in (
                (self._listed, region.places),
                (self._derived, region.derived_places),
            ):
                for place in places:
                    known[_key(place)].add(region.id)
        self._elsewhere = {_key(place) for place in elsewhere}

    def named(self, text: str) -> str | None:
        """Give the id of the region with this id or name."""
        return self._named.get(folded(text))

    def region_of(
        self, municipality: str, place: str, province: str
    ) -> tuple[str | None, Basis | None]:
        """Give the one region that a school lies in, and why; two times None when it is not sure.

        A place that a region lists goes before its municipality: Ter Apel lies in another region
        than the rest of Westerwolde. Otherwise the municipality goes before the place.
        """
        province = province or _province_in(municipality) or _province_in(place)
        listed = self._only(self._listed, place, province)
        if listed and (province or not municipality):
            return listed, Basis.LISTED_PLACE
        for name in filter(None, (municipality, place)):
            for known, basis in (
                (self._listed, Basis.LISTED_PLACE),
                (self._derived, Basis.DERIVED_PLACE),
            ):
                if region := self._only(known, name, province):
                    return region, basis
            if _key(name) in self._elsewhere:
                break
        return None, None

    def _only(self, known: dict[_Key, set[str]], name: str, province: str) -> str | None:
        regions = {
            region
            for region in known.get(_key(name), ())
            if not province or province in self._provinces[region]
        }
        return regions.pop() if len(regions) == 1 else None


def _key(name: str) -> _Key:
    return tuple(word for word in words_of(_BRACKETS.sub("", name)) if word not in _ARTICLES)


def _province_in(name: str) -> str:
    found = _BRACKETS.search(name)
    return _CODES.get(folded(found[1]).replace(" ", ""), "") if found else ""
