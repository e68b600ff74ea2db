"""`wegwijzer person`: the rights of a teacher who cannot reach the chat any more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import with_database
from bot.cli.services import services_of
from bot.cli.writing import writing
from bot.delivery.documents import DocumentMaker
from bot.domain.errors import SettingsError
from bot.domain.turn import DocumentKind
from bot.services.person_care import Owner, PersonCare
from bot.storage.database import Database
from bot.texts.conversation import DELETE_READ, EXPORT_NAME, EXPORT_PDF_NAME

person = typer.Typer(
    help="Geef of wis wat van een docent is die niet meer bij zijn chat kan.", no_args_is_help=True
)

Reference = Annotated[
    str, typer.Option("--plan", help="Het nummer van een plan, bijvoorbeeld STO-2026-0001.")
]
_FILES = {DocumentKind.MY_DATA: EXPORT_NAME, DocumentKind.MY_DATA_PDF: EXPORT_PDF_NAME}


@person.command()
def export(
    plan: Reference,
    output: Annotated[Path, typer.Option("--output", help="De map voor de twee bestanden.")],
) -> None:
    """Zet alles wat van de docent van een plan is in een JSON-bestand en een pdf."""

    async def make(database: Database) -> dict[str, bytes]:
        async with database.read() as uow:
            owner = await _care(database).owner(uow, plan)
        maker = DocumentMaker(database, database.clock)
        made = {name: await maker.make(kind, owner.person_id) for kind, name in _FILES.items()}
        return {name: content for name, content in made.items() if content}

    files = with_database(make)
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (output / name).write_bytes(content)
    print("\n".join(str(output / name) for name in files))
    print("Geef dit alleen aan de docent zelf, en wis het daarna.")


@person.command()
def delete(plan: Reference) -> None:
    """Wis alles van de docent van een plan. Dat kan niet terug."""

    async def look(database: Database) -> Owner:
        async with database.read() as uow:
            return await _care(database).owner(uow, plan)

    async def wipe(database: Database) -> Owner:
        async with database.write() as uow:
            return await _care(database).delete(uow, plan)

    owner = with_database(look)
    print(f"Van deze docent: {_counted(owner)}. Alles gaat weg, ook de berichten.")
    if owner.read:
        print("\n".join((DELETE_READ, *owner.read)))
    again: str = typer.prompt("Typ het nummer van het plan nog eens om te wissen")
    if again.strip().upper() != plan.strip().upper():
        raise SettingsError("Er is niets gewist: dat nummer is anders.")
    print(f"Gewist: {_counted(with_database(wipe))}, en alle berichten.")


def _care(database: Database) -> PersonCare:
    return PersonCare(services_of(database).access)


def _counted(owner: Owner) -> str:
    sent = ", ".join(owner.references)
    drafts = f" en {owner.drafts} niet verstuurd" if owner.drafts else ""
    return f"plan {sent}{drafts}"
