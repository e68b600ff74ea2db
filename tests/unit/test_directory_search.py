"""The directory search finds everything that is in the directory, and is steady."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.directory import Match, Region
from bot.domain.escalation import Pick
from bot.services.directory_content import read_other_places, read_regions
from bot.services.directory_search import DirectorySearch, match_to_dict

CONTENT = Path(__file__).parents[2] / "content"
REGIONS = read_regions(CONTENT / "regions.csv")
ELSEWHERE = read_other_places(CONTENT / "other_places.csv")
SEARCH = DirectorySearch(REGIONS, ELSEWHERE)
OTHER_DAY = DirectorySearch(REGIONS, ELSEWHERE)
NAMES = sorted(
    {*ELSEWHERE}
    | {name for r in REGIONS for name in (r.name, *r.places, *r.derived_places, *r.schools)}
)
WORDS = sorted(
    {word for name in NAMES for word in name.split()} | {"ik", "werk", "in", "op", "het"}
)
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def region(id: str, *, places: tuple[str, ...] = (), schools: tuple[str, ...] = ()) -> Region:
    """Make a small region; its name is its id with a capital."""
    return Region(
        id=id,
        name=id.title(),
        provinces=("Drenthe",),
        places=places,
        schools=schools,
        page=None,
        sources=("https://voorbeeld.nl/bron", "https://voorbeeld.nl/meer"),
    )


@pytest.mark.parametrize("wanted", REGIONS, ids=lambda r: r.id)
def test_finds_each_region_by_name(wanted: Region) -> None:
    matches = SEARCH.find(wanted.name)

    assert matches[0].region == wanted
    assert matches[0].score > 95


@pytest.mark.parametrize("wanted", REGIONS, ids=lambda r: r.id)
def test_finds_each_region_by_place(wanted: Region) -> None:
    for place in wanted.places:
        best = [match.region for match in SEARCH.find(place) if match.score > 95]

        assert wanted in best, place


@pytest.mark.parametrize("wanted", REGIONS, ids=lambda r: r.id)
def test_finds_each_region_by_derived_place(wanted: Region) -> None:
    for place in wanted.derived_places:
        matches = SEARCH.find(place, limit=10)

        assert wanted in [match.region for match in matches], place


@pytest.mark.parametrize("wanted", REGIONS, ids=lambda r: r.id)
def test_finds_each_school_by_name(wanted: Region) -> None:
    for school in wanted.schools:
        matches = SEARCH.find(school)

        assert (wanted, school) in [(match.region, match.school) for match in matches]


@pytest.mark.parametrize("wanted", REGIONS, ids=lambda r: r.id)
def test_finds_each_school_with_place(wanted: Region) -> None:
    for school in wanted.schools:
        for place in wanted.places:
            matches = SEARCH.find(f"ik werk op {school} in {place}")

            assert wanted in [match.region for match in matches], (school, place)


def test_rare_unknown_word_lowers_score() -> None:
    known, unknown = SEARCH.find("emmen")[0], SEARCH.find("hogwarts emmen")[0]

    assert known.region == unknown.region
    assert unknown.school is None
    assert unknown.score < 0.85 * known.score


def test_place_goes_before_school_elsewhere() -> None:
    matches = SEARCH.find("dr nassau emmen")

    assert [(match.region.id, match.school) for match in matches] == [
        ("emmenterapel", None),
        ("assen", "Dr. Nassau College"),
    ]
    assert matches[0].score < 80


def test_names_no_school_between_branches() -> None:
    matches = SEARCH.find("esdal college")

    assert matches[0].region.id == "emmenterapel"
    assert matches[0].school is None


def test_limit_cuts_the_weakest() -> None:
    assert len(SEARCH.find("drenthe", limit=10)) == 5
    assert SEARCH.find("drenthe", limit=2) == SEARCH.find("drenthe", limit=10)[:2]


def test_one_match_is_not_ambiguous() -> None:
    matches = [Match(region("assen"), None, 50.0)]

    assert not SEARCH.is_ambiguous([])
    assert not SEARCH.is_ambiguous(matches)
    assert SEARCH.is_ambiguous([*matches, Match(region("emmen"), None, 45.0)])
    assert not SEARCH.is_ambiguous([*matches, Match(region("emmen"), None, 40.0)])


def test_region_is_found_by_id() -> None:
    found = SEARCH.region("foodvalley")

    assert found is not None
    assert found.name == "Foodvalley"
    assert SEARCH.region("hogwarts") is None


def test_region_of_a_pick_is_the_picked_one() -> None:
    assert SEARCH.region_of(Pick("foodvalley", "Een school")) == SEARCH.region("foodvalley")
    assert SEARCH.region_of(Pick("hogwarts")) is None
    assert SEARCH.region_of(None) is None


def test_border_region_lies_in_both_provinces() -> None:
    assert SEARCH.region("emmenterapel") in SEARCH.in_province("Drenthe")
    assert SEARCH.region("emmenterapel") in SEARCH.in_province("groningen")
    assert SEARCH.in_province("noord holland") == SEARCH.in_province("Noord-Holland")
    assert SEARCH.in_province("Holland") == []


def test_provinces_come_once_each() -> None:
    provinces = SEARCH.provinces()

    assert len(provinces) == len(set(provinces)) == 13
    assert all(SEARCH.in_province(province) for province in provinces)


def test_empty_directory_finds_nothing() -> None:
    search = DirectorySearch(())

    assert search.find("dr nassau assen") == []
    assert search.provinces() == []


def test_small_directory_finds_its_school() -> None:
    search = DirectorySearch([region("assen", places=("Gieten",), schools=("Het Bos College",))])

    assert [match.school for match in search.find("bos college gieten")] == ["Het Bos College"]
    assert search.find("college") == []


def test_match_prints_as_promised() -> None:
    wanted = SEARCH.region("emmenterapel")
    assert wanted is not None

    assert match_to_dict(Match(wanted, "Terra Emmen", 87.5)) == {
        "region": "Emmen/Ter Apel",
        "id": "emmenterapel",
        "province": "Drenthe, Groningen",
        "school": "Terra Emmen",
        "score": 87.5,
        "source": "https://www.sterktechniekonderwijs.nl/regio/emmenterapel/over-de-regio/",
    }
    assert match_to_dict(Match(wanted, None, 50.0))["school"] is None


@given(st.text(max_size=200))
def test_any_text_gives_valid_matches(text: str) -> None:
    check_valid(SEARCH.find(text))


@given(SENTENCES)
@settings(max_examples=200)
def test_any_mix_gives_valid_matches(text: str) -> None:
    check_valid(SEARCH.find(text))


@given(SENTENCES)
def test_same_text_gives_same_matches(text: str) -> None:
    assert SEARCH.find(text) == SEARCH.find(text) == OTHER_DAY.find(text)


@given(SENTENCES, st.randoms(use_true_random=False))
def test_case_and_punctuation_change_nothing(text: str, chance: random.Random) -> None:
    loud = "".join(chance.choice((char.upper(), char.lower())) for char in text)
    dressed = "¿" + loud.replace(" ", chance.choice((" ", ", ", " - ", "... ", "\n"))) + "?!"

    assert SEARCH.find(dressed) == SEARCH.find(text)


def check_valid(matches: list[Match]) -> None:
    """Check what holds for every answer: few, in order, once each, truly in the directory."""
    scores = [match.score for match in matches]
    assert len(matches) <= 3
    assert scores == sorted(scores, reverse=True)
    assert all(40 <= score <= 100 for score in scores)
    assert len({match.region.id for match in matches}) == len(matches)
    assert all(match.school in (None, *match.region.schools) for match in matches)
