"""The commands with a slash: what they are called, and which service they go to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.inbox import Kind
from bot.services.links import START_WORD
from bot.services.turns import UseCase
from bot.services.use_cases import UseCases

#: As registered with Telegram: name and description, in the order of the menu.
DESCRIPTIONS = {
    "start": "Begin, of ga verder waar je was",
    "plan": "Maak een plan",
    "mijnplannen": "Zie je plannen en waar ze staan",
    "vraag": "Stel een vraag over STO",
    "steun": "Vraag je schoolleiding om steun",
    "bord": "Plannen die op mij wachten",
    "terug": "Naar de vorige vraag",
    "pauze": "Stop even; alles blijft bewaard",
    "help": "Zo werkt het",
    "privacy": "Wat ik bewaar en wie het leest",
    "mijngegevens": "Een kopie van wat ik van je bewaar",
    "verwijder": "Wis al je gegevens",
}
#: Also understood, but not in the menu.
ALSO = ("overslaan", "overzicht", "stop", "tip")
#: The intent that means the same in plain words, where there is one.
INTENTS = {
    "start": "greet",
    "plan": "start_plan",
    "mijnplannen": "my_plans",
    "vraag": "ask_question",
    "terug": "cmd_back",
    "pauze": "cmd_pause",
    "help": "cmd_help",
    "privacy": "privacy",
    "mijngegevens": "export_data",
    "verwijder": "delete_data",
    "overslaan": "cmd_skip",
    "overzicht": "cmd_overview",
    "stop": "cmd_stop",
    "tip": "cmd_example",
}
#: What a link of ours looks like behind /start; whether it is one is found out when it is used.
_LINK = re.compile(START_WORD + "[A-Za-z0-9_-]{54}")
_KNOWN = {*DESCRIPTIONS, *ALSO}


def read_text(text: str) -> tuple[Kind, str]:
    """Tell a known command from plain text; an unknown one is text like any other.

    A command may carry the bot's name ("/terug@naam_bot"). `/vraag` with a question behind it is
    that question, `/start` with the word of a link is that link; other commands with words behind
    are text.
    """
    first, _, rest = text.strip().partition(" ")
    name = first[1:].partition("@")[0].lower()
    if not first.startswith("/") or name not in _KNOWN:
        return Kind.TEXT, text
    if name == "vraag" and rest.strip():
        return Kind.QUESTION, rest.strip()
    if name == "start" and _LINK.fullmatch(rest.strip()):
        return Kind.LINK, rest.strip().removeprefix(START_WORD)
    if rest.strip() and name != "start":
        return Kind.TEXT, text
    return Kind.COMMAND, name


def command_table(services: UseCases) -> Mapping[str, UseCase]:
    """Give the use case of every command."""
    return {
        "start": services.welcome.greet,
        "plan": services.intake.start,
        "mijnplannen": services.my_plans.show,
        "vraag": services.faq.ask,
        "steun": services.ask_support.offer,
        "bord": services.review_board.show,
        "terug": services.intake.back,
        "pauze": services.intake.pause,
        "help": services.welcome.help,
        "privacy": services.privacy.privacy,
        "mijngegevens": services.privacy.export,
        "verwijder": services.privacy.ask_delete,
        "overslaan": services.intake.skip,
        "overzicht": services.intake.overview,
        "stop": services.intake.stop,
        "tip": services.intake.example,
    }
