"""`wegwijzer questions`: what people asked and the assistant did not know, and what helped."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from bot.cli.choosing import LARGEST
from bot.cli.database import with_database
from bot.cli.tables import show_table
from bot.domain.errors import SettingsError
from bot.domain.faq import Gap, Verdict
from bot.services.clock import dutch_date
from bot.storage.database import Database

questions = typer.Typer(
    help="Wat mensen vroegen en de wegwijzer niet wist, zonder wie het vroeg.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Geef JSON, voor andere programma's.")]
_KINDS = {"question": "vraag", "school": "school"}


@questions.command()
def unanswered(as_json: AsJson = False) -> None:
    """Laat zien welke vragen en scholen niet gevonden werden, de nieuwste eerst."""

    async def read(database: Database) -> list[Gap]:
        async with database.read() as uow:
            return await uow.gaps.all()

    gaps = with_database(read)
    if as_json:
        _print([{**vars(gap), "noted_at": gap.noted_at.isoformat()} for gap in gaps])
        return
    if not gaps:
        print("Er zijn geen onbeantwoorde vragen.")
        return
    cells = [
        (str(gap.id), dutch_date(gap.noted_at), _KINDS.get(gap.kind, gap.kind), gap.text)
        for gap in gaps
    ]
    show_table(("id", "op", "soort", "tekst"), cells, whole=("id",))
    print("Klaar met een regel? Haal hem weg met `wegwijzer questions done ID`.")


@questions.command()
def done(
    gap_id: Annotated[int, typer.Argument(help="De id uit `wegwijzer questions unanswered`.")],
) -> None:
    """Haal een vraag van de lijst."""

    async def remove(database: Database) -> bool:
        async with database.write() as uow:
            return await uow.gaps.remove(gap_id)

    if not 0 <= gap_id <= LARGEST or not with_database(remove):
        raise SettingsError(f"Er staat geen vraag met id {gap_id} op de lijst.")
    print("Van de lijst gehaald.")


@questions.command()
def rated(as_json: AsJson = False) -> None:
    """Laat zien hoe vaak een antwoord nuttig was, en hoe vaak niet."""

    async def read(database: Database) -> list[Verdict]:
        async with database.read() as uow:
            return await uow.votes.all()

    verdicts = with_database(read)
    if as_json:
        _print([vars(verdict) for verdict in verdicts])
        return
    if not verdicts:
        print("Nog niemand gaf een duim.")
        return
    cells = [(verdict.entry, str(verdict.ups), str(verdict.downs)) for verdict in verdicts]
    show_table(("antwoord", "nuttig", "niet nuttig"), cells, whole=("antwoord",))


def _print(rows: list[dict[str, Any]]) -> None:
    print(json.dumps(rows, ensure_ascii=False, indent=2))
