"""Reads `content/clock.yml`: how patient the clock is."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Any

from bot.domain.errors import ContentError
from bot.domain.reminders import Rhythm
from bot.services.yaml_content import read_yaml

_DAYS = ("first_reminder", "second_reminder", "step_up", "meeting_within", "draft_nudge")
_ALL = (*_DAYS, "quiet_from")
_HOUR = re.compile(r"(\d{2}):(\d{2})")
#: About a school year; more is a slip of the pen.
_MOST_DAYS = 200
#: Reminders go out at 09:00, so a day of reminders cannot end before.
_FIRST_HOUR, _LAST_HOUR = time(10), time(22)


def read_rhythm(path: Path) -> Rhythm:
    """Read the file; raises ContentError with a Dutch sentence that names the place to mend."""
    name = path.name
    data = read_yaml(path)
    if not isinstance(data, dict) or set(data) != set(_ALL):
        raise ContentError(f"{name}: hier horen precies deze regels: {', '.join(_ALL)}.")
    days = {key: _days(data[key], f"{name}, {key}") for key in _DAYS}
    if not days["first_reminder"] < days["second_reminder"] < days["step_up"]:
        raise ContentError(
            f"{name}: first_reminder, second_reminder en step_up moeten oplopen, zoals 5, 10 en 15."
        )
    return Rhythm(**days, quiet_from=_hour(data["quiet_from"], f"{name}, quiet_from"))


def _days(value: Any, where: str) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= _MOST_DAYS:
        raise ContentError(
            f"{where}: schrijf een aantal schooldagen van 1 tot en met {_MOST_DAYS}."
        )
    return int(text)


def _hour(value: Any, where: str) -> time:
    found = _HOUR.fullmatch(str(value))
    try:
        hour = time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        hour = None
    if hour is None or not _FIRST_HOUR <= hour <= _LAST_HOUR:
        raise ContentError(f"{where}: schrijf een tijd van 10:00 tot en met 22:00.")
    return hour
