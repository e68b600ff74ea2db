"""`wegwijzer chat`: the conversation in a terminal, for people and for scripts."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.bootstrap import make_parts
from bot.chat.terminal import TerminalChat, TerminalReply
from bot.cli.progress import long_step
from bot.cli.run import train_if_needed
from bot.config import Settings, read_settings
from bot.domain.inbox import Channel
from bot.logs import set_up_logs
from bot.running import running

#: How long the last e-mail gets to leave after the last line.
_LAST_MAIL = 30.0


def chat(
    as_json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object per regel, voor scripts.")
    ] = False,
    session: Annotated[
        str | None,
        typer.Option(help="Ga verder in dit gesprek; met --json begint er anders een nieuw."),
    ] = None,
) -> None:
    """Voer het gesprek in deze terminal."""
    settings = read_settings()
    set_up_logs("ERROR")
    name = session or (f"script-{secrets.token_hex(8)}" if as_json else "terminal")
    asyncio.run(_chat(settings, name, as_json))


async def _chat(settings: Settings, name: str, as_json: bool) -> None:
    parts = make_parts(settings, (Channel.TERMINAL,), 0)
    await train_if_needed(settings)
    async with running(parts):
        with long_step(settings.data_dir, "Rasa starten"):
            await parts.watch.ready.wait()
        talk = TerminalChat(
            parts.database,
            parts.intake,
            parts.said,
            parts.documents.make,
            parts.services.book.fill,
            settings.data_dir,
            name,
        )
        await (_for_scripts(talk) if as_json else _for_people(talk))
        await parts.delivery.drain("email", _LAST_MAIL)


async def _for_scripts(talk: TerminalChat) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        if not line.strip():
            continue
        print(json.dumps(await _turn(talk, line), ensure_ascii=False), flush=True)


async def _turn(talk: TerminalChat, line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if isinstance(message, dict) and isinstance(message.get("press"), str):
        return {"replies": [reply.to_dict() for reply in await talk.press(message["press"])]}
    if isinstance(message, dict) and isinstance(message.get("text"), str):
        return {"replies": [reply.to_dict() for reply in await talk.say(message["text"])]}
    return {"replies": [], "error": 'Elke regel is {"text": "…"} of {"press": "…"}.'}


async def _for_people(talk: TerminalChat) -> None:
    console = Console(highlight=False)
    console.print('Typ je bericht; een keuze typ je over. Stoppen: ctrl-D. Begin met "hallo".')
    while True:
        try:
            line = await asyncio.to_thread(input, "\n> ")
        except EOFError:
            return
        if not line.strip():
            continue
        for reply in await talk.say(line):
            _show(console, reply)


def _show(console: Console, reply: TerminalReply) -> None:
    console.print(f"\n{reply.text}", markup=False)
    if reply.choices:
        console.print("  ".join(f"[{choice}]" for choice in reply.choices), markup=False)
    if reply.document:
        console.print(f"Bestand: {reply.document['path']}", markup=False)
