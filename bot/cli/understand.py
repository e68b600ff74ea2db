"""`wegwijzer understand`: what the assistant makes of texts, for trying and for measuring."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from bot.bootstrap_understanding import make_understanding
from bot.chat.understanding import Understanding, Understood
from bot.cli.progress import long_step
from bot.cli.run import train_if_needed
from bot.config import Settings, read_settings
from bot.domain.errors import SettingsError
from bot.logs import set_up_logs
from bot.services.content import read_content

_OUTCOMES = {
    "answer": "antwoord",
    "suggest": "bedoel je",
    "unknown": "onbekend",
    "plan_answer": "antwoord in het plan",
    "command": "opdracht",
}


def understand(
    as_json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object per regel, voor andere programma's.")
    ] = False,
    during: Annotated[
        str | None, typer.Option(help="De sleutel van de planvraag die dan openstaat.")
    ] = None,
) -> None:
    """Lees teksten, één per regel (gewoon of als JSON-string), en zeg wat ermee gebeurt."""
    settings = read_settings()
    set_up_logs("ERROR")
    asyncio.run(_understand(settings, during, as_json))


async def _understand(settings: Settings, during: str | None, as_json: bool) -> None:
    _check(settings, during)
    await train_if_needed(settings)
    async with _running(settings) as understanding:
        while line := await asyncio.to_thread(sys.stdin.readline):
            understood = await understanding.of(_text(line), during)
            if as_json:
                print(json.dumps(understood.to_dict(), ensure_ascii=False), flush=True)
            else:
                _show(understood)


def _check(settings: Settings, during: str | None) -> None:
    questions = read_content(settings.content).questions
    if during is not None and during not in questions:
        keys = ", ".join(question.key for question in questions.questions)
        raise SettingsError(f"De planvraag {during} ken ik niet. Kies uit: {keys}.")


@asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[Understanding]:
    parts = make_understanding(settings)
    tasks = [asyncio.create_task(task()) for task in parts.tasks]
    try:
        with long_step(settings.data_dir, "Rasa starten"):
            await parts.watch.ready.wait()
        yield parts.understanding
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parts.rasa.close()


def _text(line: str) -> str:
    line = line.rstrip("\r\n")
    if line.startswith('"'):
        try:
            text = json.loads(line)
        except ValueError:
            # A line that only begins with a quotation mark is a text like any other.
            return line
        if isinstance(text, str):
            return text
    return line


def _show(understood: Understood) -> None:
    what = understood.faq or understood.command or ", ".join(understood.suggestions)
    print(f"{understood.confidence:.2f}  {_OUTCOMES[understood.outcome]}  {what}".rstrip())
