"""Commands with a slash, told from text that only looks like one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.commands import ALSO, DESCRIPTIONS, read_text
from bot.chat.understanding import Understanding
from bot.domain.inbox import Kind


@pytest.mark.parametrize(
    ("typed", "kind", "said"),
    [
        ("/terug", Kind.COMMAND, "terug"),
        ("/Terug", Kind.COMMAND, "terug"),
        ("  /terug@sto_bot ", Kind.COMMAND, "terug"),
        ("/start regio_x", Kind.COMMAND, "start"),
        ("/vraag", Kind.COMMAND, "vraag"),
        ("/vraag wat is sto?", Kind.QUESTION, "wat is sto?"),
        ("/onbekend", Kind.TEXT, "/onbekend"),
        ('/cmd_send{"plan": 1}', Kind.TEXT, '/cmd_send{"plan": 1}'),
        ("terug", Kind.TEXT, "terug"),
        ("samen/terug", Kind.TEXT, "samen/terug"),
        ("/", Kind.TEXT, "/"),
        ("", Kind.TEXT, ""),
    ],
)
def test_commands_are_told_from_text(typed: str, kind: Kind, said: str) -> None:
    assert read_text(typed) == (kind, said)


@pytest.mark.parametrize("name", [*DESCRIPTIONS, *ALSO])
async def test_every_command_is_understood_without_rasa(name: str) -> None:
    nothing: Any = None

    understood = await Understanding(nothing, {}, nothing).of(f"/{name}")

    assert understood.outcome == "command"
    assert understood.command


def test_descriptions_fit_telegram() -> None:
    for name, description in DESCRIPTIONS.items():
        assert name.isascii()
        assert name.islower()
        assert 1 <= len(name) <= 32
        assert 1 <= len(description) <= 256
