"""Buttons that need no Rasa: they go straight to a use case, by their intent."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.couple import UNCOUPLE
from bot.services.management_chat import PRESSES
from bot.services.review_chat_ask import PICK
from bot.services.review_choices import BOARD, INTENTS
from bot.services.turns import UseCase
from bot.services.use_cases import UseCases


def press_table(services: UseCases) -> Mapping[str, UseCase]:
    """Give the use case of every such button."""
    asking, answering = services.ask_support, services.management_chat
    return {
        "management_offer": asking.offer,
        "management_forward": asking.forward,
        "management_mail": asking.mail,
        "management_leave": asking.leave,
        "management_change": asking.change,
        "management_stop": asking.stop,
        **{intent: answering.begin(action) for action, intent in PRESSES.items()},
        "management_not_said": answering.not_said,
        "keep_as_is": services.answers.keep_as_is,
        "revise": services.revision.begin,
        "revise_send": services.revision.send,
        "revise_refuse": services.revision.refuse,
        "revise_keep": services.revision.keep,
        "revise_later": services.revision.later,
        "choose_moment": services.moments.choose,
        "withdraw": services.withdrawal.ask,
        "withdraw_confirm": services.withdrawal.confirm,
        "withdraw_keep": services.withdrawal.keep,
        "nudge_me": services.nudges.nudge_me,
        **dict.fromkeys(INTENTS, services.review_chat.press),
        PICK: services.review_chat.pick,
        BOARD: services.review_board.show,
        UNCOUPLE: services.couple.press,
    }
