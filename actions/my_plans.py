"""Actions about a teacher's own plans."""

from __future__ import annotations

from actions._support import TurnAction
from bot.services.my_plans import MyPlans
from bot.services.turns import TurnRunner


def my_plans_actions(my_plans: MyPlans, run: TurnRunner) -> list[TurnAction]:
    """Give the actions of this feature."""
    return [
        TurnAction("action_my_plans", my_plans.show, run),
        TurnAction("action_plan_status", my_plans.status, run),
    ]
