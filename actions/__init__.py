"""Rasa's custom actions: thin, one file a feature, each one calls one service."""

from __future__ import annotations

from actions._support import TurnAction
from actions.directory import directory_actions
from actions.faq import faq_actions
from actions.hand_over import hand_over_actions
from actions.my_plans import my_plans_actions
from actions.pasted_plan import pasted_plan_actions
from actions.plan_intake import plan_intake_actions
from actions.privacy import privacy_actions
from actions.welcome import welcome_actions
from bot.services.use_cases import UseCases


def all_actions(services: UseCases) -> list[TurnAction]:
    """Give every action that the domain names."""
    run = services.runner
    return [
        *plan_intake_actions(services.intake, services.answers, services.second_thoughts, run),
        *pasted_plan_actions(services.pasted_plan, run),
        *hand_over_actions(services.hand_over, run),
        *my_plans_actions(services.my_plans, run),
        *directory_actions(services.finder, run),
        *faq_actions(services.faq, run),
        *welcome_actions(services.welcome, services.faq, run),
        *privacy_actions(services.privacy, run),
    ]
