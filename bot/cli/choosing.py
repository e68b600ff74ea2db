"""How commands for the beheerder name what they are about, and say when it was."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import SettingsError

#: The largest number that a row can have.
LARGEST = 2**31 - 1
All = Annotated[bool, typer.Option("--all", help="Alles wat op de lijst staat.")]


def require_choice(number: object, everything: bool) -> None:
    """Raise SettingsError unless it is either one number or everything."""
    if (number is None) != everything:
        raise SettingsError("Noem één nummer van de lijst, of zeg --all.")


def shown_moment(moment: datetime) -> str:
    """Give a moment as it was in the Netherlands."""
    return f"{moment.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}"
