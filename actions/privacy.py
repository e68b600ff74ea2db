"""Actions around a person's own data."""

from __future__ import annotations

from actions._support import TurnAction
from bot.services.privacy import Privacy
from bot.services.turns import TurnRunner


def privacy_actions(privacy: Privacy, run: TurnRunner) -> list[TurnAction]:
    """Give the actions of this feature."""
    return [
        TurnAction("action_privacy", privacy.privacy, run),
        TurnAction("action_export_data", privacy.export, run),
        TurnAction("action_delete_data", privacy.ask_delete, run),
        TurnAction("action_delete_confirm", privacy.delete, run),
        TurnAction("action_delete_cancel", privacy.keep, run),
    ]
