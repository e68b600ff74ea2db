"""The action behind *Versturen*."""

from __future__ import annotations

from actions._support import TurnAction
from bot.services.hand_over import HandOver
from bot.services.turns import TurnRunner


def hand_over_actions(hand_over: HandOver, run: TurnRunner) -> list[TurnAction]:
    """Give the actions of this feature."""
    return [
        TurnAction("action_plan_send", hand_over.send, run),
    ]
