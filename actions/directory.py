"""Actions around regions and contacts."""

from __future__ import annotations

from actions._support import TurnAction
from bot.services.directory import RegionFinder
from bot.services.turns import TurnRunner


def directory_actions(finder: RegionFinder, run: TurnRunner) -> list[TurnAction]:
    """Give the actions of this feature."""
    return [
        TurnAction("action_find_region", finder.find, run),
        TurnAction("action_contact", finder.contact, run),
    ]
