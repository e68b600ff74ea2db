"""`wegwijzer contacts`: the role addresses that plans go to."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.contacts_change import away, back, change, confirm, link, remove
from bot.cli.database import with_database
from bot.cli.tables import show_table
from bot.config import read_settings
from bot.delivery.email_message import is_address
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import SettingsError
from bot.domain.summary import RecipientRole
from bot.domain.text import folded
from bot.services.clock import dutch_date
from bot.services.content import read_content
from bot.storage.database import Database
from bot.texts.contacts import SOURCE_LACKS

contacts = typer.Typer(
    help="De adressen waar plannen heen gaan; jij voert ze in.", no_args_is_help=True
)


class Role(StrEnum):
    """The roles as the beheerder types them; the beheerder itself is in no list."""

    PROGRAMMAMANAGER = "programmamanager"
    CONTACTPERSOON = "contactpersoon"
    ONDERSTEUNER = "ondersteuner"


_ROLES = {
    Role.PROGRAMMAMANAGER: RecipientRole.PROGRAMME_MANAGER,
    Role.CONTACTPERSOON: RecipientRole.SCHOOL_CONTACT,
    Role.ONDERSTEUNER: RecipientRole.SUPPORT,
}
_HEADS = ("id", "rol", "voor", "e-mail", "nagekeken", "afwezig, vervanger, Telegram")
_NAMES = {role: name.value for name, role in _ROLES.items()}


@contacts.command()
def add(
    role: Annotated[
        Role, typer.Option(help="De rol: programmamanager, contactpersoon of ondersteuner.")
    ],
    email: Annotated[str, typer.Option(help="Het adres; liefst een functieadres.")],
    region: Annotated[str | None, typer.Option(help="De id van de regio.")] = None,
    school: Annotated[str | None, typer.Option(help="De school, bij een contactpersoon.")] = None,
    name: Annotated[str | None, typer.Option(help="Een naam of functie, niet verplicht.")] = None,
    source: Annotated[
        str, typer.Option(help="Waar je het adres vandaan hebt; nodig.", show_default=False)
    ] = "",
) -> None:
    """Voeg een adres toe."""
    _check(role, email, region, school)
    if not source.strip():
        raise SettingsError(SOURCE_LACKS)
    contact = Contact(
        id=secrets.token_hex(4),
        role=_ROLES[role],
        email=email.strip(),
        region_id=region,
        school=school,
        name=name,
        source=source.strip(),
        checked_on=dutch_date(datetime.now(UTC)),
    )

    async def store(database: Database) -> None:
        async with database.write() as uow:
            await uow.contacts.add(contact)

    with_database(store)
    print(f"Toegevoegd: {contact.id}")
    if school and region and not _is_listed(region, school):
        print(
            "Let op: deze school staat niet in de lijst van de regio. Het adres wordt alleen "
            "gebruikt als een docent de school precies zo noemt."
        )


def _is_listed(region_id: str, school: str) -> bool:
    region = read_content(read_settings().content).directory.region(region_id)
    return region is not None and folded(school) in map(folded, region.schools)


def _check(role: Role, email: str, region: str | None, school: str | None) -> None:
    if not is_address(email.strip()):
        raise SettingsError("Dat is geen e-mailadres. Typ het als naam@organisatie.nl.")
    if region is None and role is not Role.ONDERSTEUNER:
        raise SettingsError(
            "Noem de regio met --region; de id's staan in `wegwijzer regions list`."
        )
    if region and read_content(read_settings().content).directory.region(region) is None:
        raise SettingsError(f"De regio {region} ken ik niet. Kijk in `wegwijzer regions list`.")
    if role is Role.CONTACTPERSOON and not school:
        raise SettingsError("Noem bij een contactpersoon ook de school met --school.")


@contacts.command("list")
def list_contacts(
    as_json: Annotated[bool, typer.Option("--json", help="Geef JSON.")] = False,
) -> None:
    """Laat alle adressen zien."""

    async def read(database: Database) -> list[Contact]:
        async with database.read() as uow:
            return await uow.contacts.all()

    rows = with_database(read)
    if as_json:
        print(json.dumps([vars(row) for row in rows], ensure_ascii=False, indent=2))
        return
    if not rows:
        print("Nog geen adressen. Voeg er een toe met `wegwijzer contacts add`.")
        return
    today = datetime.now(AMSTERDAM).date()
    show_table(_HEADS, [_row(row, today) for row in rows], whole=("id", "rol"))


def _row(contact: Contact, today: date) -> tuple[str, ...]:
    served = (contact.region_id or "heel Nederland", contact.school)
    return (
        contact.id,
        _NAMES[contact.role],
        ", ".join(filter(None, served)),
        contact.email,
        contact.checked_on,
        "\n".join(_special(contact, today)),
    )


def _special(contact: Contact, today: date) -> Iterator[str]:
    """Give the absence (unless it is over), the stand-in, and whether a chat is coupled."""
    until = contact.absent_until
    is_over = until is not None and until < today.isoformat()
    if contact.absent_from and not is_over:
        yield f"afwezig vanaf {contact.absent_from}"
        yield f"tot en met {until}" if until else "tot nader bericht"
    if contact.stand_in_id:
        is_operator = contact.stand_in_id == OPERATOR_ID
        yield f"vervanger: {'beheerder' if is_operator else contact.stand_in_id}"
    if contact.conversation_id:
        yield "Telegram gekoppeld"


contacts.command()(change)
contacts.command()(away)
contacts.command()(back)
contacts.command()(link)
contacts.command()(confirm)
contacts.command()(remove)
