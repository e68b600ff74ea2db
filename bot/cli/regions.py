"""`wegwijzer regions`: the directory of regions."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.config import read_settings
from bot.services.content import read_content
from bot.services.directory_search import match_to_dict

regions = typer.Typer(help="Zoek en bekijk de STO-regio's.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Geef JSON, voor andere programma's.")]


@regions.command()
def find(
    text: Annotated[str, typer.Argument(help="Een school, plaats of regio; tikfouten mogen.")],
    as_json: AsJson = False,
) -> None:
    """Zoek de regio bij een school of plaats, de best passende eerst."""
    found = [
        match_to_dict(match) for match in read_content(read_settings().content).directory.find(text)
    ]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if not found:
        print("Daar past geen regio bij.")
    for match in found:
        school = f" – {match['school']}" if match["school"] else ""
        print(f"{match['region']} ({match['province']}){school}  score {match['score']}")


@regions.command("list")
def list_regions(as_json: AsJson = False) -> None:
    """Laat alle regio's zien, met hun vaste id."""
    every = read_content(read_settings().content).directory.regions
    if as_json:
        rows = [
            {"id": region.id, "region": region.name, "provinces": region.provinces}
            for region in every
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("id", "regio", "provincie", "scholen")
    for region in every:
        table.add_row(region.id, region.name, ", ".join(region.provinces), str(len(region.schools)))
    Console().print(table)
