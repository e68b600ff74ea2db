"""Actions around a whole plan that was pasted in one message."""

from __future__ import annotations

from actions._support import TurnAction
from bot.services.pasted_plan import PastedPlan
from bot.services.turns import TurnRunner


def pasted_plan_actions(pasted: PastedPlan, run: TurnRunner) -> list[TurnAction]:
    """Give the actions of this feature."""
    return [
        TurnAction("action_pasted_plan", pasted.propose, run),
        TurnAction("action_paste_confirm", pasted.confirm, run),
        TurnAction("action_paste_answer", pasted.was_answer, run),
        TurnAction("action_paste_refuse", pasted.refuse, run),
        TurnAction("action_choose", pasted.choose, run),
    ]
