"""Actions around the conversation itself."""

from __future__ import annotations

from actions._support import TurnAction
from bot.services.faq import Faq
from bot.services.turns import TurnRunner
from bot.services.welcome import Welcome


def welcome_actions(welcome: Welcome, faq: Faq, run: TurnRunner) -> list[TurnAction]:
    """Give the actions of this feature; what is not understood is noted by the FAQ."""
    return [
        TurnAction("action_welcome", welcome.greet, run),
        TurnAction("action_help", welcome.help, run),
        TurnAction("action_human", welcome.human, run),
        TurnAction("action_thanks", welcome.thanks, run),
        TurnAction("action_bye", welcome.bye, run),
        TurnAction("action_bot_challenge", welcome.bot_challenge, run),
        TurnAction("action_company_visit", welcome.company_visit, run),
        TurnAction("action_unknown", faq.unknown, run),
    ]
