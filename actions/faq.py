"""Actions around questions about STO."""

from __future__ import annotations

from actions._support import TurnAction
from bot.services.faq import Faq
from bot.services.turns import TurnRunner


def faq_actions(faq: Faq, run: TurnRunner) -> list[TurnAction]:
    """Give the actions of this feature."""
    return [
        TurnAction("action_faq", faq.answer, run),
        TurnAction("action_suggest", faq.suggest, run),
        TurnAction("action_none_of_these", faq.none_of_these, run),
        TurnAction("action_faq_thumb", faq.thumb, run),
        TurnAction("action_ask_question", faq.ask, run),
    ]
