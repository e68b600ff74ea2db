"""How well the search finds the region of a school, on lines that it was not made from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.directory import Basis, School
from bot.services.directory_content import read_other_places, read_regions
from bot.services.directory_search import DirectorySearch
from tests.school_lists import made_schools

ROOT = Path(__file__).parents[2]
LINES = ROOT / "tests" / "understanding" / "schools.jsonl"


@dataclass(frozen=True)
class Figures:
    """Shares of the lines; `named` is of those where no region fits."""

    first: float
    among_three: float
    named: float


def figures_of(search: DirectorySearch) -> Figures:
    lines = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]
    found = [
        (line["region"], [match.region.id for match in search.find(line["text"])]) for line in lines
    ]
    known = [(wanted, ids) for wanted, ids in found if wanted]
    unknown = [ids for wanted, ids in found if not wanted]
    return Figures(
        sum(ids[:1] != [] and ids[0] in wanted for wanted, ids in known) / len(known),
        sum(bool(set(wanted) & set(ids)) for wanted, ids in known) / len(known),
        sum(map(bool, unknown)) / len(unknown),
    )


def imported_schools(count: int) -> list[School]:
    regions = read_regions(ROOT / "content" / "regions.csv")
    by_place = DirectorySearch(regions).places()
    schools = []
    for made in made_schools(regions, count):
        region, basis = by_place.region_of(made.place, made.place, made.province)
        schools.append(
            School(
                "lijst", made.brin, made.name, made.place, made.place, made.province, made.brin,
                region, basis, "lijst", "2025-10-01",
            )
        )  # fmt: skip
    return schools


@pytest.fixture(scope="module")
def search() -> DirectorySearch:
    content = ROOT / "content"
    return DirectorySearch(
        read_regions(content / "regions.csv"), read_other_places(content / "other_places.csv")
    )


def test_search_reaches_its_figures(search: DirectorySearch) -> None:
    figures = figures_of(search)

    assert figures.first >= 0.92
    assert figures.among_three >= 0.97
    assert figures.named <= 0.05


def test_imported_schools_keep_the_figures(search: DirectorySearch) -> None:
    schools = imported_schools(1500)
    search.know(schools)

    figures = figures_of(search)

    search.know(())
    assert {school.basis for school in schools} >= {Basis.LISTED_PLACE, Basis.DERIVED_PLACE}
    assert figures.first >= 0.92
    assert figures.among_three >= 0.97
    assert figures.named <= 0.05
