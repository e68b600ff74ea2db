"""`wegwijzer contacts change`, `away`, `back`, `link`, `confirm` and `remove`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

import typer

from bot.cli.database import with_database
from bot.cli.services import services_of
from bot.delivery.email_message import is_address
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import SettingsError
from bot.domain.summary import RecipientRole
from bot.services.contact_care import Absence, Changes, ContactCare, Removed
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.texts.escalation import ROLE_NAMES
from bot.texts.overview import holder_text
from bot.texts.summary import role_name

#: How the beheerder names itself, who is in no list.
_OPERATOR = "beheerder"
_LEAVES = "Hij gaat weg zodra de wegwijzer draait."

ContactId = Annotated[str, typer.Argument(help="De id uit `wegwijzer contacts list`.")]
Result = TypeVar("Result")


def change(
    contact_id: ContactId,
    email: Annotated[str | None, typer.Option(help="Het nieuwe adres.")] = None,
    name: Annotated[str | None, typer.Option(help='Een naam of functie; "" haalt hem weg.')] = None,
    school: Annotated[str | None, typer.Option(help="De school van een contactpersoon.")] = None,
    source: Annotated[str | None, typer.Option(help="Waar je het vandaan hebt.")] = None,
) -> None:
    """Verander een adres, naam, school of bron."""
    if email is not None and not is_address(email.strip()):
        raise SettingsError("Dat is geen e-mailadres. Typ het als naam@organisatie.nl.")
    changes = Changes(email.strip() if email else None, name, school, source)

    async def work(care: ContactCare, uow: UnitOfWork) -> tuple[Contact, Contact]:
        return await care.change(uow, contact_id, changes, _now())

    before, after = _care(work)
    print("Veranderd.")
    if before.email != after.email:
        print("Links die naar het oude adres gingen, werken niet meer.")
        print("Wat nog niet verstuurd was, gaat naar het nieuwe adres.")
        if before.conversation_id:
            print("Het gekoppelde Telegram-gesprek is losgemaakt.")


def away(
    contact_id: ContactId,
    first: Annotated[
        str | None, typer.Option("--from", help="De eerste dag: JJJJ-MM-DD; anders vandaag.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", help="De laatste dag; anders tot `contacts back`.")
    ] = None,
    stand_in: Annotated[
        str | None, typer.Option("--stand-in", help="De id van wie vervangt, of beheerder.")
    ] = None,
) -> None:
    """Schrijf op dat iemand afwezig is, en wie vervangt."""
    today = _now().astimezone(AMSTERDAM).date()
    absence = Absence(
        _date(first) if first else today, _date(last) if last else None, _id(stand_in)
    )

    async def work(care: ContactCare, uow: UnitOfWork) -> tuple[Contact, Contact | None]:
        return await care.send_away(uow, contact_id, absence, today)

    contact, instead = _care(work)
    until = f"tot en met {contact.absent_until}" if contact.absent_until else "tot nader bericht"
    print(f"Afwezig vanaf {contact.absent_from} {until}.")
    if instead is None:
        print("Let op: er is geen vervanger. Plannen blijven naar dit adres gaan.")
        return
    print(f"In die tijd gaan plannen naar {_called(instead)}.")
    if contact.role is RecipientRole.PROGRAMME_MANAGER and instead.role is not contact.role:
        print("Let op: deze vervanger is geen programmamanager en kan geen besluit nemen.")


def back(contact_id: ContactId) -> None:
    """Schrijf op dat iemand er weer is."""

    async def work(care: ContactCare, uow: UnitOfWork) -> Contact:
        return await care.bring_back(uow, contact_id)

    _care(work)
    print("Er weer. Nieuwe plannen gaan weer naar dit adres.")


def link(
    contact_id: Annotated[
        str, typer.Argument(help="De id uit `wegwijzer contacts list`, of beheerder.")
    ],
    show: Annotated[
        bool, typer.Option("--show", help="Zet de link ook op het scherm. Houd hem geheim.")
    ] = False,
) -> None:
    """Mail iemand de link naar het overzicht van zijn plannen."""

    async def work(services: UseCases, uow: UnitOfWork) -> tuple[bool, str]:
        care = ContactCare(services.access, Notices())
        named = _id(contact_id) or ""
        is_operator = named == OPERATOR_ID
        contact = services.access.operator if is_operator else await care.find(uow, named)
        link_id, is_sent = await services.overview.mail_to(uow, contact, _now())
        return is_sent, services.book.url(link_id)

    is_sent, address = _in_transaction(work)
    if is_sent:
        print(f"De link staat klaar als e-mail, aan het eigen adres. {_LEAVES}")
    else:
        print("De link is dit klokuur al gemaild.")
    if show:
        print(address)


def confirm(
    older_than: Annotated[
        int, typer.Option(min=0, max=36_500, help="Vraag het wie zoveel dagen niet is nagekeken.")
    ] = 180,
) -> None:
    """Vraag contacten per e-mail of hun adres nog klopt."""

    async def work(care: ContactCare, uow: UnitOfWork) -> tuple[Contact, ...]:
        return await care.ask_to_confirm(uow, older_than, _now())

    asked = _care(work)
    if not asked:
        print(
            "Niemand hoeft nu iets te horen: alles is nagekeken, of deze kalendermaand al gevraagd."
        )
        return
    print(f"Gevraagd aan {len(asked)}: {', '.join(contact.id for contact in asked)}. {_LEAVES}")


def remove(
    contact_id: ContactId,
    force: Annotated[
        bool, typer.Option("--force", help="Ook als er nog plannen bij dit adres liggen.")
    ] = False,
) -> None:
    """Haal een adres weg; links die ernaartoe gingen, werken dan niet meer."""

    async def work(care: ContactCare, uow: UnitOfWork) -> Removed:
        return await care.remove(uow, contact_id, is_forced=force)

    removed = _care(work)
    print("Weggehaald.")
    if removed.references:
        print(f"Nu bij de beheerder: {', '.join(removed.references)}.")
        print("Wat daarover nog niet verstuurd was, gaat ook naar de beheerder.")
    if removed.stood_in_for:
        print(f"Let op: zonder vervanger is nu {', '.join(removed.stood_in_for)}.")


def _care(work: Callable[[ContactCare, UnitOfWork], Awaitable[Result]]) -> Result:
    """Do one thing with the list of contacts, in one transaction."""

    async def run(services: UseCases, uow: UnitOfWork) -> Result:
        return await work(ContactCare(services.access, Notices()), uow)

    return _in_transaction(run)


def _in_transaction(work: Callable[[UseCases, UnitOfWork], Awaitable[Result]]) -> Result:
    async def run(database: Database) -> Result:
        services = services_of(database)
        async with database.write() as uow:
            return await work(services, uow)

    return with_database(run)


def _called(contact: Contact) -> str:
    if contact.id == OPERATOR_ID:
        return holder_text(None, None, is_own=False)
    named = contact.name if contact.name not in (None, ROLE_NAMES[contact.role]) else ""
    return f"{named or role_name(contact.role)} ({contact.id})"


def _id(named: str | None) -> str | None:
    return OPERATOR_ID if named == _OPERATOR else named


def _now() -> datetime:
    return datetime.now(UTC)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError("Schrijf de datum als JJJJ-MM-DD, bijvoorbeeld 2027-02-28.") from None
