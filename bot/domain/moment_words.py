"""How days and times are written in Dutch, as patterns for text in lower case."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+")
_MONTH_NAMES = (
    ("januari", "jan"),
    ("februari", "febr", "feb"),
    ("maart", "mrt"),
    ("april", "apr"),
    ("mei",),
    ("juni", "jun"),
    ("juli", "jul"),
    ("augustus", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "okt"),
    ("november", "nov"),
    ("december", "dec"),
)
_WEEKDAY_NAMES = (
    ("maandag", "ma"),
    ("dinsdag", "di"),
    ("woensdag", "woe", "wo"),
    ("donderdag", "do"),
    ("vrijdag", "vrij", "vr"),
    ("zaterdag", "za"),
    ("zondag", "zo"),
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAY_NAMES) for name in names}
DAYS_AHEAD = {"vandaag": 0, "morgen": 1, "overmorgen": 2}
_NUMBER_NAMES = (
    ("een", "één"),
    ("twee",),
    ("drie",),
    ("vier",),
    ("vijf",),
    ("zes",),
    ("zeven",),
    ("acht",),
    ("negen",),
    ("tien",),
    ("elf",),
    ("twaalf",),
)
NUMBERS = {name: number for number, names in enumerate(_NUMBER_NAMES, 1) for name in names}
#: In minutes, on top of the hour that is named.
SHIFTS = {"half": -30, "kwart voor": -15, "kwart over": 15}
#: The parts of a day in which "vier uur" is sixteen hours.
LATE = frozenset({"middag", "avond"})
#: Words that change nothing about a moment; "niet" and "tussen" are none of them.
FILLERS = frozenset(
    WORD.findall(
        "op om van uur u h en of dan ook kan ik bijvoorbeeld bijv bv liefst graag misschien "
        "eventueel moment momenten optie past schikt het is mag kunnen we wij afspreken as "
        "voorstel dag rond komende aanstaande eerstvolgende aankomende de"
    )
)


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_PART = r"(?P<part>ochtend|morgen|middag|avond)"
#: "1-11 uur" is a period of hours and no date.
_NO_HOUR = r"(?!\w|[:.]\d|\s*(?:uur|u|h)\b)"
_HOUR = r"(?P<hour>\d{1,2})"
#: Behind a time: the part of the day, and where a period ends.
_AFTER = (
    r"(?:\s*(?:uur|u|h)\b)?(?:\s*['’`]?s[ -]" + _PART + r"s\b)?"
    r"(?:\s*(?:-|–|tot)\s*\d{1,2}(?:(?:[:.]|\s*[uh])\d{2})?(?:\s*(?:uur|u|h)\b)?"
    rf"(?!\w|[/-]|\s*(?:{_any(MONTHS)})\b))?"
)

DATES = tuple(
    re.compile(r"(?<!\w)" + pattern)
    for pattern in (
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_NO_HOUR}",
        rf"(?P<day>\d{{1,2}})(?:ste|de|e)?\s*(?P<name>{_any(MONTHS)})(?!\w)\.?"
        r"(?:,?\s*(?P<year>20\d\d)(?!\w|\s*(?:uur|u|h)\b))?",
        rf"(?P<day>\d{{1,2}})([-/.])(?P<month>\d{{1,2}})\2(?P<year>\d{{4}}|\d\d){_NO_HOUR}",
        rf"(?P<day>\d{{1,2}})\s?[-/]\s?(?P<month>\d{{1,2}}){_NO_HOUR}(?!\s?[-/])",
    )
)
#: Days that need no calendar: today and tomorrow, and days of the week.
AHEAD = re.compile(rf"(?<!\w)(?P<ahead>{_any(DAYS_AHEAD)}){_PART}?(?!\w)")
WEEKDAY = re.compile(
    rf"(?<!\w)(?P<next>volgende\s+week\s+)?(?P<weekday>{_any(WEEKDAYS)}){_PART}?(?!\w)\.?"
)
TIMES = tuple(
    re.compile(r"(?<!\w)" + pattern + _AFTER)
    for pattern in (
        rf"{_HOUR}[:.](?P<minute>\d\d)(?!\d)",
        rf"{_HOUR}\s*[uh](?P<minute>\d\d)(?!\w)",
        rf"(?P<shift>{'|'.join(SHIFTS)})\s+(?P<word>{_any(NUMBERS)}|1[0-2]|[1-9])(?!\w|[:.]\d)",
        rf"{_HOUR}(?=\s*(?:uur|u|h)\b)",
        rf"(?P<word>{_any(NUMBERS)})(?=\s+uur\b)",
        # "10-11 uur", "10 tot 11:30": the beginning has no word or minutes of its own.
        rf"{_HOUR}(?=\s*(?:-|–|tot)\s*\d{{1,2}}(?:[:.]\d\d|\s*(?:uur|u|h)\b))",
        rf"om\s+(?:{_HOUR}|(?P<word>{_any(NUMBERS)}))(?!\w|[:.]\d|[-/])",
    )
)
