"""`wegwijzer regions`: the directory of regions."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.cli.database import with_database
from bot.cli.schools import forget_list, import_list, show_lists
from bot.cli.tables import show_table
from bot.config import read_settings
from bot.domain.directory import Match
from bot.services.content import read_content
from bot.services.directory_refresh import DirectoryRefresh
from bot.services.directory_search import match_to_dict
from bot.storage.database import Database

regions = typer.Typer(help="Zoek en bekijk de STO-regio's.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Geef JSON, voor andere programma's.")]


@regions.command()
def find(
    text: Annotated[str, typer.Argument(help="Een school, plaats of regio; tikfouten mogen.")],
    as_json: AsJson = False,
) -> None:
    """Zoek de regio bij een school of plaats, de best passende eerst."""
    matches = _find(text)
    if as_json:
        found = [match_to_dict(match) for match in matches]
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if not matches:
        print("Daar past geen regio bij.")
    for match in matches:
        name = match.school or (match.found.name if match.found else None)
        school = f" – {name}" if name else ""
        derived = "  afgeleid uit de naam van de regio" if match.is_derived else ""
        provinces = ", ".join(match.region.provinces)
        print(f"{match.region.name} ({provinces}){school}  score {match.score}{derived}")


def _find(text: str) -> list[Match]:
    directory = read_content(read_settings().content).directory

    async def work(database: Database) -> list[Match]:
        await DirectoryRefresh(database, directory).look()
        return directory.find(text)

    return with_database(work)


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
    cells = [
        (region.id, region.name, ", ".join(region.provinces), str(len(region.schools)))
        for region in every
    ]
    show_table(("id", "regio", "provincie", "scholen"), cells, whole=("id",))


regions.command("import")(import_list)
regions.command("schools")(show_lists)
regions.command("forget")(forget_list)
