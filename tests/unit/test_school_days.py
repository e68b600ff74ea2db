"""Terms in school days: weekends, holidays, national days, and the hour of a reminder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.school_days import (
    HOLIDAY_REGIONS,
    EasterDay,
    FixedDay,
    Holiday,
    SchoolCalendar,
    easter,
    nudge_moment,
)

AUTUMN = {
    "noord": (date(2026, 10, 10), date(2026, 10, 18)),
    "midden": (date(2026, 10, 17), date(2026, 10, 25)),
    "zuid": (date(2026, 10, 17), date(2026, 10, 25)),
}
CHRISTMAS = (date(2026, 12, 19), date(2027, 1, 3))
SUMMER = {
    "noord": (date(2027, 7, 10), date(2027, 8, 22)),
    "midden": (date(2027, 7, 17), date(2027, 8, 29)),
    "zuid": (date(2027, 7, 24), date(2027, 9, 5)),
}
CALENDAR = SchoolCalendar(
    holidays=tuple(
        Holiday(name, region, *span)
        for region in HOLIDAY_REGIONS
        for name, span in (
            ("Herfstvakantie", AUTUMN[region]),
            ("Kerstvakantie", CHRISTMAS),
            ("Zomervakantie", SUMMER[region]),
        )
    ),
    national_days=(
        FixedDay("Eerste Kerstdag", 12, 25),
        FixedDay("Tweede Kerstdag", 12, 26),
        EasterDay("Goede Vrijdag", -2),
        EasterDay("Tweede Paasdag", 1),
        EasterDay("Hemelvaartsdag", 39),
    ),
)
DAYS = st.dates(date(2026, 8, 1), date(2028, 12, 31))
COUNTS = st.integers(min_value=0, max_value=90)
REGIONS = st.sampled_from([None, *HOLIDAY_REGIONS])


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 28),
        date(2026, 11, 29),
        date(2026, 10, 12),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 6),
    ],
    ids=["saturday", "sunday", "holiday", "good-friday", "easter-monday", "ascension-day"],
)
def test_free_day_is_no_school_day(day: date) -> None:
    assert not CALENDAR.is_school_day(day, "noord")


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 10, 9), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 18), True),
        (date(2026, 10, 19), False),
    ],
)
def test_holiday_holds_its_first_and_last_day(day: date, holds: bool) -> None:
    assert CALENDAR.holidays[0].holds(day) is holds


def test_each_region_has_its_own_holidays() -> None:
    day = date(2026, 10, 12)

    assert not CALENDAR.is_school_day(day, "noord")
    assert CALENDAR.is_school_day(day, "midden")
    assert CALENDAR.is_school_day(day, "zuid")


@pytest.mark.parametrize("day", [date(2026, 10, 12), date(2026, 10, 19)])
def test_unknown_region_takes_every_holiday(day: date) -> None:
    assert not CALENDAR.is_school_day(day, None)


def test_misspelt_region_is_no_open_school() -> None:
    with pytest.raises(ValueError, match="Noord"):
        CALENDAR.is_school_day(date(2026, 11, 23), "Noord")


@pytest.mark.parametrize(
    ("count", "end"),
    [
        (0, date(2026, 11, 23)),
        (1, date(2026, 11, 24)),
        (4, date(2026, 11, 27)),
        (5, date(2026, 11, 30)),
        (10, date(2026, 12, 7)),
    ],
)
def test_term_skips_the_weekend(count: int, end: date) -> None:
    assert CALENDAR.add_school_days(date(2026, 11, 23), count, "noord") == end


@pytest.mark.parametrize("count", [0, 1])
def test_term_from_a_weekend_starts_monday(count: int) -> None:
    assert CALENDAR.add_school_days(date(2026, 11, 22), count, "zuid") == date(2026, 11, 23)


def test_term_over_christmas_ends_in_january() -> None:
    last_day = date(2026, 12, 18)

    assert CALENDAR.add_school_days(last_day, 0, "midden") == last_day
    assert CALENDAR.add_school_days(last_day, 1, "midden") == date(2027, 1, 4)
    assert CALENDAR.add_school_days(date(2026, 12, 14), 10, "midden") == date(2027, 1, 11)
    assert CALENDAR.school_days_between(last_day, date(2027, 1, 4), "midden") == 1


def test_term_over_summer_ends_per_region() -> None:
    ends = {
        region: CALENDAR.add_school_days(date(2027, 7, 9), 10, region)
        for region in (*HOLIDAY_REGIONS, None)
    }

    assert ends == {
        "noord": date(2027, 9, 3),
        "midden": date(2027, 9, 3),
        "zuid": date(2027, 7, 23),
        None: date(2027, 9, 17),
    }


def test_term_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_school_days(date(2026, 11, 23), -1, "noord")


def test_holidays_are_known_until_first_region_ends() -> None:
    assert CALENDAR.known_until == date(2027, 8, 22)


def test_calendar_without_a_region_knows_nothing() -> None:
    holidays = tuple(holiday for holiday in CALENDAR.holidays if holiday.region != "zuid")

    assert SchoolCalendar(holidays, CALENDAR.national_days).known_until is None
    assert SchoolCalendar((), ()).known_until is None


def test_national_days_outlast_the_known_holidays() -> None:
    before_christmas, in_july = date(2031, 12, 24), date(2031, 7, 28)

    assert CALENDAR.add_school_days(before_christmas, 1, "noord") == date(2031, 12, 29)
    assert CALENDAR.is_school_day(in_july, "noord")


@pytest.mark.parametrize(
    "sunday",
    [
        date(2027, 3, 28),
        date(2028, 4, 16),
        date(2029, 4, 1),
        date(2030, 4, 21),
        date(2038, 4, 25),
        date(2285, 3, 22),
    ],
)
def test_easter_falls_on_its_sunday(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 10, 24), 7),
        (date(2026, 10, 25), 8),
        (date(2027, 3, 27), 8),
        (date(2027, 3, 28), 7),
    ],
)
def test_nudge_keeps_its_hour_over_dst(day: date, hour: int) -> None:
    moment = nudge_moment(day)

    assert moment.isoformat().startswith(f"{day}T09:00:00+0")
    assert moment.astimezone(UTC) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@given(DAYS, COUNTS, REGIONS)
def test_term_always_ends_on_school_day(start: date, count: int, region: str | None) -> None:
    end = CALENDAR.add_school_days(start, count, region)

    assert end >= start
    assert CALENDAR.is_school_day(end, region)


@given(DAYS, COUNTS, REGIONS)
def test_longer_term_never_ends_sooner(start: date, count: int, region: str | None) -> None:
    end = CALENDAR.add_school_days(start, count, region)
    next_end = CALENDAR.add_school_days(start, count + 1, region)

    # Only from a free day do 0 and 1 give the same day: the next school day.
    assert next_end > end or (count == 0 and next_end == end > start)


@given(DAYS, st.integers(min_value=0, max_value=60), COUNTS, REGIONS)
def test_later_start_never_ends_sooner(
    start: date, later: int, count: int, region: str | None
) -> None:
    end = CALENDAR.add_school_days(start, count, region)
    later_end = CALENDAR.add_school_days(start + timedelta(days=later), count, region)

    assert later_end >= end


@given(DAYS, COUNTS, REGIONS)
def test_counting_undoes_adding(start: date, count: int, region: str | None) -> None:
    end = CALENDAR.add_school_days(start, count, region)
    counted = CALENDAR.school_days_between(start, end, region)

    assert counted == count or (count == 0 and counted == 1 and end > start)
    assert CALENDAR.add_school_days(start, counted, region) == end


@given(DAYS, DAYS, DAYS, REGIONS)
def test_counts_add_up_both_ways(start: date, middle: date, end: date, region: str | None) -> None:
    whole = CALENDAR.school_days_between(start, end, region)
    first = CALENDAR.school_days_between(start, middle, region)
    second = CALENDAR.school_days_between(middle, end, region)

    assert whole == first + second
    assert whole == -CALENDAR.school_days_between(end, start, region)


@given(DAYS, COUNTS, st.sampled_from(HOLIDAY_REGIONS))
def test_unknown_region_never_ends_sooner(start: date, count: int, region: str) -> None:
    end = CALENDAR.add_school_days(start, count, region)

    assert CALENDAR.add_school_days(start, count, None) >= end
