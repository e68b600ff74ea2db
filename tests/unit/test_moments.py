"""Moments that are typed in plain Dutch: read to the minute, or given back with the reason."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moment_reading import Unclear
from bot.domain.moments import Unread, read_moments
from bot.texts.review import moment_label
from bot.texts.review_chat import unread_text

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: A Sunday morning.
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=AMSTERDAM)


def read(text: str, now: datetime = NOW) -> list[str]:
    return [f"{moment:%d-%m-%Y %H:%M}" for moment in read_moments(text, now).found]


@pytest.mark.parametrize(
    ("typed", "moments"),
    [
        ("di 1 dec 15:30", ["01-12-2026 15:30"]),
        ("di 1 dec 15:30, 3 december 10.00", ["01-12-2026 15:30", "03-12-2026 10:00"]),
        ("dinsdag 1 december om 15:30 uur", ["01-12-2026 15:30"]),
        ("Dinsdag 1 December, 15.30 u", ["01-12-2026 15:30"]),
        ("1-12 15:30", ["01-12-2026 15:30"]),
        ("01/12 15u30", ["01-12-2026 15:30"]),
        ("1-12-2026 15h30", ["01-12-2026 15:30"]),
        ("1/12/26 15 uur", ["01-12-2026 15:00"]),
        ("1.12.2026 om 9", ["01-12-2026 09:00"]),
        ("2026-12-01 15:30", ["01-12-2026 15:30"]),
        ("1e december 15:30", ["01-12-2026 15:30"]),
        ("vrijdag de 4e december om elf uur", ["04-12-2026 11:00"]),
        ("15:30 op dinsdag 1 december", ["01-12-2026 15:30"]),
        ("10:00 of 14:00 op 1 december", ["01-12-2026 10:00", "01-12-2026 14:00"]),
        ("15:30 op 1 dec en 10:00 op 3 dec", ["01-12-2026 15:30", "03-12-2026 10:00"]),
        ("1 december 10:00 of 14:00", ["01-12-2026 10:00", "01-12-2026 14:00"]),
        ("1 december (dinsdag) 15:30", ["01-12-2026 15:30"]),
        ("di 1 dec 15:30\nwo 2 dec 9:00", ["01-12-2026 15:30", "02-12-2026 09:00"]),
        ("- di 1 dec 15:30\n- wo 2 dec 9:00", ["01-12-2026 15:30", "02-12-2026 09:00"]),
        ("1. di 1 dec 15:30\n2. wo 2 dec 9:00", ["01-12-2026 15:30", "02-12-2026 09:00"]),
        ("1) di 1 dec 15:30; 2) wo 2 dec 9:00", ["01-12-2026 15:30", "02-12-2026 09:00"]),
        ("di 1 dec 15:30, di 1 dec 15:30", ["01-12-2026 15:30"]),
        ("wo 2 dec 9:00, di 1 dec 15:30", ["01-12-2026 15:30", "02-12-2026 09:00"]),
        ("vandaag 15:30", ["22-11-2026 15:30"]),
        ("morgen 10:00", ["23-11-2026 10:00"]),
        ("morgen, maandag, 10:00", ["23-11-2026 10:00"]),
        ("overmorgen om 9 uur", ["24-11-2026 09:00"]),
        ("morgenochtend 9 uur", ["23-11-2026 09:00"]),
        ("dinsdag 10:00", ["24-11-2026 10:00"]),
        ("komende dinsdag 10:00", ["24-11-2026 10:00"]),
        ("zondag 11:00", ["22-11-2026 11:00"]),
        ("zondag 9:00", ["29-11-2026 09:00"]),
        ("volgende week dinsdag 9u", ["24-11-2026 09:00"]),
        ("dinsdagavond 7 uur", ["24-11-2026 19:00"]),
        ("dinsdagmiddag half drie", ["24-11-2026 14:30"]),
        ("1 december om half vier", ["01-12-2026 15:30"]),
        ("1 december half 9", ["01-12-2026 08:30"]),
        ("1 december half een", ["01-12-2026 12:30"]),
        ("1 december kwart over 3", ["01-12-2026 15:15"]),
        ("1 december kwart voor negen", ["01-12-2026 08:45"]),
        ("1 december vier uur", ["01-12-2026 16:00"]),
        ("1 december 3:30", ["01-12-2026 15:30"]),
        ("1 december 03:30", ["01-12-2026 03:30"]),
        ("1 december 3 uur 's middags", ["01-12-2026 15:00"]),
        ("1 december 8 uur 's avonds", ["01-12-2026 20:00"]),
        ("1 december 6 uur 's ochtends", ["01-12-2026 06:00"]),
        ("1 december 10:00-11:30", ["01-12-2026 10:00"]),
        ("1 december 10-11 uur", ["01-12-2026 10:00"]),
        ("1-12 10-11 uur", ["01-12-2026 10:00"]),
        ("wo 2 december van 10 tot 11 uur", ["02-12-2026 10:00"]),
        ("1 dec 10:00 - 3 dec 11:00", ["01-12-2026 10:00", "03-12-2026 11:00"]),
        ("1 dec 2026 15:30", ["01-12-2026 15:30"]),
        ("4 januari 10:00", ["04-01-2027 10:00"]),
        ("1 september 10:00", ["01-09-2027 10:00"]),
        ("22 november 9:00", ["22-11-2026 09:00"]),
        ("1-12-2025 10:00", ["01-12-2025 10:00"]),
        ("", []),
        ("…", []),
    ],
)
def test_moments_are_read_to_the_minute(typed: str, moments: list[str]) -> None:
    assert read(typed) == moments
    assert read_moments(typed, NOW).unread == ()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1 december", Unclear.NO_TIME),
        ("dinsdag of woensdag 10:00", Unclear.NO_TIME),
        ("15:30", Unclear.NO_DATE),
        ("10:00 op 1 december en 14:00", Unclear.NO_DATE),
        ("31 november 10:00", Unclear.NO_SUCH_DAY),
        ("1-13 10:00", Unclear.NO_SUCH_DAY),
        ("29 februari 10:00", Unclear.NO_SUCH_DAY),
        ("ma 1 december 10:00", Unclear.OTHER_WEEKDAY),
        ("morgen, dinsdag, 10:00", Unclear.OTHER_WEEKDAY),
        ("21 november 10:00", Unclear.NEEDS_YEAR),
        ("1 december 10:75", Unclear.UNREADABLE),
        ("1 december 25:00", Unclear.UNREADABLE),
        ("1-12-2206 10:00", Unclear.UNREADABLE),
        ("niet 1 december 10:00", Unclear.UNREADABLE),
        ("tussen 10 en 12 op 1 december", Unclear.UNREADABLE),
        ("di 1 dec 15:30 of wo 2 decembr 10:00", Unclear.UNREADABLE),
        ("volgende dinsdag 10:00", Unclear.UNREADABLE),
        ("ergens in december", Unclear.UNREADABLE),
    ],
)
def test_what_is_no_moment_comes_back(typed: str, why: Unclear) -> None:
    found = read_moments(typed, NOW)

    assert found.found == ()
    assert found.unread == (Unread(typed, why),)
    assert typed[:60] in unread_text(found.unread)


def test_one_bad_line_leaves_the_others() -> None:
    found = read_moments("di 1 dec 15:30\nbel maar", NOW)

    assert [moment.isoformat() for moment in found.found] == ["2026-12-01T15:30:00+01:00"]
    assert found.unread == (Unread("bel maar", Unclear.UNREADABLE),)


def test_summer_and_winter_have_their_own_hours() -> None:
    moments = read_moments("zaterdag 27 maart 2027 10:00, 29 maart 2027 10:00", NOW).found

    assert [moment.isoformat() for moment in moments] == [
        "2027-03-27T10:00:00+01:00",
        "2027-03-29T10:00:00+02:00",
    ]


@given(
    st.datetimes(
        min_value=datetime(2026, 11, 23, 0, 0), max_value=datetime(2027, 9, 1, 23, 59)
    ).map(lambda moment: moment.replace(second=0, microsecond=0, tzinfo=AMSTERDAM))
)
def test_what_we_write_ourselves_is_read_back(moment: datetime) -> None:
    assert read_moments(moment_label(moment), NOW).found == (moment,)


_PIECES = st.sampled_from(
    re.findall(
        r"\S+|\n",
        "di 1 31 12 dec december 15:30 10.00 - – / , ; \n om op uur half kwart voor tot van en 's "
        "middags morgen volgende week 2026 0 00 99 . : 1-12 2026-12-01 é ٣ ² een",
    )
)


@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=12).map(" ".join)))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = read_moments(text, NOW)

    assert list(found.found) == sorted(set(found.found))
    assert all(moment.tzinfo is AMSTERDAM for moment in found.found)
    assert all(one.text in text for one in found.unread)
