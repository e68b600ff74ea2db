"""The file with school holidays: what is shipped reads and is whole, and mistakes are refused."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.domain.directory import PROVINCES
from bot.domain.errors import ContentError
from bot.domain.school_days import HOLIDAY_REGIONS
from bot.services.directory_content import read_regions
from bot.services.school_days_content import SchoolDays, read_school_days
from bot.services.yaml_content import read_yaml

pytestmark = pytest.mark.content

CONTENT = Path(__file__).resolve().parents[2] / "content"
FILE = CONTENT / "holidays.yml"
REGIONS = read_regions(CONTENT / "regions.csv")
IDS = [region.id for region in REGIONS]
#: Days in each holiday, weekends before and after it counted in.
LENGTHS = {
    "Herfstvakantie": 9,
    "Kerstvakantie": 16,
    "Voorjaarsvakantie": 9,
    "Meivakantie": 9,
    "Zomervakantie": 44,
}
#: What the ministry decides itself; a school may depart from the others.
FIXED = {"Kerstvakantie", "Meivakantie", "Zomervakantie"}


@pytest.fixture(scope="module")
def shipped() -> SchoolDays:
    return read_school_days(FILE, IDS)


def raw() -> dict[str, Any]:
    data: dict[str, Any] = read_yaml(FILE)
    return data


def refusal(folder: Path, text: str) -> str:
    """What the reader says of a file with this text."""
    path = folder / "holidays.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_school_days(path, IDS)
    return str(caught.value)


def changed(old: str, new: str) -> str:
    """The shipped file with the first `old` replaced."""
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


def test_shipped_years_are_whole(shipped: SchoolDays) -> None:
    years = [entry["year"] for entry in raw()["school_years"]]
    counted = Counter((holiday.name, holiday.region) for holiday in shipped.calendar.holidays)

    assert years[:3] == ["2026-2027", "2027-2028", "2028-2029"]
    assert counted == {(name, region): len(years) for name in LENGTHS for region in HOLIDAY_REGIONS}


def test_shipped_holidays_have_their_length(shipped: SchoolDays) -> None:
    for holiday in shipped.calendar.holidays:
        assert (holiday.last - holiday.first).days + 1 == LENGTHS[holiday.name], holiday
        assert holiday.first.strftime("%a") == "Sat", holiday
        assert holiday.last.strftime("%a") == "Sun", holiday


def test_shipped_file_tells_fixed_from_advised() -> None:
    for year in raw()["school_years"]:
        told = {item["name"]: item["dates"] for item in year["holidays"]}

        assert {name for name, dates in told.items() if dates == "vast"} == FIXED


def test_summers_are_spread_over_three_weeks(shipped: SchoolDays) -> None:
    summers: dict[int, set[date]] = {}
    for holiday in shipped.calendar.holidays:
        if holiday.name == "Zomervakantie":
            summers.setdefault(holiday.first.year, set()).add(holiday.first)

    for starts in summers.values():
        assert len(starts) == 3
        assert (max(starts) - min(starts)).days == 14


def test_known_until_the_last_summer(shipped: SchoolDays) -> None:
    assert shipped.calendar.known_until == date(2030, 8, 18)


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 4, 27),
        date(2027, 5, 5),
        date(2027, 5, 6),
        date(2027, 5, 7),
        date(2027, 5, 17),
        date(2031, 12, 25),
        date(2031, 12, 26),
    ],
)
def test_national_days_are_free_everywhere(shipped: SchoolDays, day: date) -> None:
    assert day.weekday() < 5
    for region in (*HOLIDAY_REGIONS, None):
        assert not shipped.calendar.is_school_day(day, region)


def test_term_of_ten_school_days_from_november(shipped: SchoolDays) -> None:
    assert shipped.calendar.add_school_days(date(2026, 12, 11), 10, "noord") == date(2027, 1, 8)


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.id)
def test_every_region_is_placed_or_explained(shipped: SchoolDays, region: Any) -> None:
    why = {item["id"]: item["why"] for item in raw()["regions"]}

    found = shipped.holiday_region(region.id, region.provinces)

    assert found in HOLIDAY_REGIONS or (found is None and why[region.id])


@pytest.mark.parametrize(
    ("region_id", "provinces", "expected"),
    [
        ("assen", ("Drenthe",), "noord"),
        ("utrecht", ("Utrecht",), "midden"),
        ("breda", ("Noord-Brabant",), "zuid"),
        ("rijk-van-nijmegen", ("Gelderland",), "zuid"),
        ("apeldoorneo", ("Gelderland",), "midden"),
        ("gorinchem-altena-sto-goal", ("Zuid-Holland", "Noord-Brabant", "Utrecht"), "midden"),
        ("deventertwello", ("Overijssel", "Gelderland"), None),
        ("stobes", ("Caribisch Nederland",), None),
        (None, ("Zeeland",), "zuid"),
        (None, ("Noord-Brabant", "Limburg"), "zuid"),
        (None, ("Noord-Holland", "Zuid-Holland"), None),
        (None, ("Gelderland",), None),
        (None, ("Atlantis",), None),
        (None, (), None),
    ],
)
def test_region_and_provinces_give_holiday_region(
    shipped: SchoolDays, region_id: str | None, provinces: tuple[str, ...], expected: str | None
) -> None:
    assert shipped.holiday_region(region_id, provinces) == expected


def test_provinces_agree_with_overrides(shipped: SchoolDays) -> None:
    needless = [
        region.id
        for region in REGIONS
        if region.id in shipped.regions
        and shipped.regions[region.id] == shipped.holiday_region(None, region.provinces)
        and shipped.regions[region.id] is not None
    ]

    assert set(shipped.provinces) == set(PROVINCES)
    assert needless == []


AUTUMN = "noord: 2026-10-10 t/m 2026-10-18"
MISTAKES = {
    "no-date": (AUTUMN, "noord: 2026-10-32 t/m 2026-11-18", "'2026-10-32' is geen datum"),
    "week-date": (AUTUMN, "noord: 2026-W41-6 t/m 2026-10-18", "'2026-W41-6' is geen datum"),
    "one-day": (AUTUMN, "noord: 2026-10-10", "schrijf de data als"),
    "end-first": (AUTUMN, "noord: 2026-10-18 t/m 2026-10-10", "ligt voor de eerste"),
    "too-long": (AUTUMN, "noord: 2026-10-10 t/m 2027-10-18", "te lang voor een vakantie"),
    "other-year": (AUTUMN, "noord: 2027-10-10 t/m 2027-10-18", "valt niet in dit schooljaar"),
    "no-dates": (AUTUMN, "noord:", "schrijf de data als"),
    "list-of-dates": (AUTUMN, "noord: [2026-10-10, 2026-10-18]", "schrijf de data als"),
    "overlap": (
        "zuid: 2026-10-17 t/m 2026-10-25",
        "zuid: 2026-12-12 t/m 2026-12-20",
        "in zuid overlappen Herfstvakantie (vanaf 2026-12-12) en Kerstvakantie",
    ),
    "region-missing": (AUTUMN, "# weg", "de data van noord ontbreken"),
    "region-unknown": (AUTUMN, "oost: 2026-10-10 t/m 2026-10-18", "onbekend: oost"),
    "everywhere-too": (
        AUTUMN,
        "everywhere: 2026-10-10 t/m 2026-10-18",
        "of alleen everywhere",
    ),
    "binding": ("dates: advies", "dates: misschien", "dates is vast of advies"),
    "no-name": ("- name: Herfstvakantie\n        dates", "- dates", "dit ontbreekt: name"),
    "year": ("- year: 2026-2027", "- year: 2026", "'2026' is geen schooljaar"),
    "long-year": ("- year: 2026-2027", "- year: 2026-2028", "'2026-2028' is geen schooljaar"),
    "gap": ("- year: 2027-2028", "- year: 2028-2029", "hier hoort 2027-2028 te staan"),
    "source": ("source: https://", "source: zie ", "source is geen link"),
    "checked": ("checked: 2026-11-22", "checked: gisteren", "'gisteren' is geen datum"),
    "national-date": ("on: 12-25", "on: 25 december", "schrijf on als maand-dag"),
    "national-no-date": ("on: 12-25", "on: 12-32", "is geen datum"),
    "national-easter": ("easter: 39", "easter: donderdag", "easter als een getal"),
    "national-neither": ("on: 12-25", "# weg", "vul on of easter in"),
    "national-both": ("on: 12-25", "on: 12-25\n    easter: 1", "vul on of easter in"),
    "province": ("[Utrecht, Zuid-Holland]", "[Utrecht, Holland]", "'Holland' is geen provincie"),
    "province-lost": ("[Utrecht, Zuid-Holland]", "[Utrecht]", "ontbreken: Zuid-Holland"),
    "province-twice": (
        "[Utrecht, Zuid-Holland]",
        "[Utrecht, Zuid-Holland, Drenthe]",
        "Drenthe staat er twee keer",
    ),
    "province-region": ("  midden: [Utrecht", "  oost: [Utrecht", "onbekend: oost"),
    "province-no-list": ("[Utrecht, Zuid-Holland]", "Utrecht", "hier hoort een lijst"),
    "sto-region": ("id: foodvalley", "id: voedselvallei", "'voedselvallei' is geen STO-regio"),
    "sto-region-twice": ("id: foodvalley", "id: apeldoorneo", "apeldoorneo staat er twee keer"),
    "sto-holiday-region": (
        "holiday_region: midden",
        "holiday_region: oost",
        "'oost' is geen vakantieregio",
    ),
    "sto-no-reason": (
        "    why: Deventer ligt in noord, Twello in midden.\n",
        "",
        "dit ontbreekt: why",
    ),
    "part-missing": ("provinces:\n", "provincies:\n", "dit ontbreekt: provinces"),
    "no-yaml": ("national_days:\n", "national_days: [\n", "is niet te lezen"),
}


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_refused_and_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    message = refusal(tmp_path, changed(old, new))

    assert message.startswith("holidays.yml")
    assert said in message


@pytest.mark.parametrize("text", ["", "niets", "[]", "school_years: []"])
def test_other_file_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text).startswith("holidays.yml: ")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"holidays\.yml is niet te lezen"):
        read_school_days(tmp_path / "holidays.yml", IDS)
