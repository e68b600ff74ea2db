"""`wegwijzer deliveries`: what could not be delivered, and what is held after a restore."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from bot.cli.choosing import LARGEST, All, require_choice, shown_moment
from bot.cli.database import alone_with_database, with_database
from bot.cli.tables import show_table
from bot.delivery.email_message import is_address
from bot.domain.errors import SettingsError
from bot.storage.database import Database
from bot.storage.restore import make_ready
from bot.storage.set_aside import Held, HeldMoment, SqlSetAside, StoppedDelivery
from bot.texts.set_aside import masked, moment_words, problem_words, purpose

deliveries = typer.Typer(
    help="Bezorgingen die zijn opgegeven of die wachten tot jij beslist.", no_args_is_help=True
)

_CONTACTS_AGAIN = (
    "Let op: contacten en links zijn weer zoals in de kopie. Veranderde je na de kopie een adres, "
    "haalde je er een weg of beëindigde je links? Doe dat nu opnieuw, vóór je start, met "
    "`wegwijzer contacts change`, `contacts remove` of `links end`. Anders werken oude links weer."
)
Number = Annotated[str | None, typer.Argument(help="Het nummer uit de lijst; m12 is een moment.")]
ShowAddresses = Annotated[
    bool, typer.Option("--show-addresses", help="Laat de hele adressen zien.")
]


@deliveries.command()
def failed(show_addresses: ShowAddresses = False) -> None:
    """Laat zien welke bezorgingen zijn opgegeven, de oudste eerst."""

    async def read(database: Database) -> list[StoppedDelivery]:
        async with database.read() as uow:
            return await uow.set_aside.deliveries("given_up")

    rows = with_database(read)
    if not rows:
        print("Er zijn geen bezorgingen opgegeven.")
        return
    _show(rows, show_addresses)
    print("Opnieuw: `wegwijzer deliveries resend NUMMER`. Afvinken: `deliveries drop NUMMER`.")


@deliveries.command()
def held(show_addresses: ShowAddresses = False) -> None:
    """Laat zien wat na het terugzetten van een reservekopie wacht tot jij beslist."""

    async def read(database: Database) -> tuple[list[StoppedDelivery], list[HeldMoment]]:
        async with database.read() as uow:
            return await uow.set_aside.deliveries("held"), await uow.set_aside.moments()

    rows, moments = with_database(read)
    if not rows and not moments:
        print("Er wordt niets vastgehouden.")
        return
    if rows:
        _show(rows, show_addresses)
    if moments:
        cells = [
            (f"m{it.id}", moment_words(it.kind), it.reference or "", shown_moment(it.due_at))
            for it in moments
        ]
        show_table(("nummer", "wat", "plan", "gepland op"), cells, whole=("nummer", "plan"))
    print(
        "Dit kan al gebeurd zijn na de reservekopie. Toch nog nodig: `wegwijzer deliveries "
        "resend NUMMER`. Al gebeurd: `wegwijzer deliveries drop NUMMER`."
    )


@deliveries.command()
def resend(
    number: Number = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Alles wat is opgegeven of wordt vastgehouden.")
    ] = False,
    to: Annotated[str | None, typer.Option(help="Een ander adres, bij een e-mail.")] = None,
) -> None:
    """Verstuur opnieuw wat niet is aangekomen; wat al verstuurd is, gaat nooit nog eens."""
    require_choice(number, everything)
    if to is not None and (everything or not is_address(to.strip())):
        raise SettingsError("Noem bij --to één nummer en een adres als naam@organisatie.nl.")
    address = to.strip() if to else None

    async def work(database: Database) -> int:
        async with database.write() as uow:
            aside, now = uow.set_aside, database.clock.now()
            if number is None:
                sent = [await aside.resend(one, now) for one in await _stopped(aside)]
                fired = [await aside.release_moment(one.id) for one in await aside.moments()]
                return sum([*sent, *fired])
            if number.startswith("m"):
                _refuse_address(address)
                return await aside.release_moment(_number(number[1:]))
            if address and not await _is_mail(aside, _number(number)):
                _refuse_address(address)
            return await aside.resend(_number(number), now, address)

    done = _did(work, number)
    print(f"Opnieuw klaargezet: {done}. Draait de wegwijzer, dan gaat het binnen enkele seconden.")


@deliveries.command()
def drop(number: Number = None, everything: All = False) -> None:
    """Laat een bezorging of moment vervallen, bijvoorbeeld omdat het al gebeurd is."""
    require_choice(number, everything)

    async def work(database: Database) -> int:
        async with database.write() as uow:
            aside = uow.set_aside
            if number is None:
                dropped = [await aside.drop(one) for one in await _stopped(aside)]
                gone = [await aside.drop_moment(one.id) for one in await aside.moments()]
                return sum([*dropped, *gone])
            if number.startswith("m"):
                return await aside.drop_moment(_number(number[1:]))
            return await aside.drop(_number(number))

    print(f"Van de lijst gehaald: {_did(work, number)}.")


@deliveries.command()
def hold() -> None:
    """Houd alles vast wat nog moest gebeuren: voor de eerste start op een teruggezette kopie."""

    async def work(database: Database) -> Held:
        return await make_ready(database, database.clock.now())

    print("\n".join(held_lines(alone_with_database(work))))


def held_lines(held: Held) -> tuple[str, ...]:
    """Say how much was set aside, with which commands it is looked at, and what to do anew."""
    return (
        f"Vastgehouden: {held.deliveries} bezorgingen en {held.moments} momenten die na de kopie "
        "gebeurd kunnen zijn. Kijk met `wegwijzer deliveries held`.",
        f"Apart gelegd: {held.messages} berichten die in de kopie nog geen antwoord hadden. Kijk "
        "met `wegwijzer inbox parked`.",
        _CONTACTS_AGAIN,
    )


def _show(rows: list[StoppedDelivery], show_addresses: bool) -> None:
    cells = [
        (
            str(row.id),
            row.channel,
            purpose(row.key),
            row.reference or "",
            shown_moment(row.since),
            problem_words(row.problem),
            row.address if show_addresses else masked(row.address),
        )
        for row in rows
    ]
    heads = ("nummer", "kanaal", "wat", "plan", "sinds", "waarom", "adres")
    show_table(heads, cells, whole=("nummer", "plan"))


async def _stopped(aside: SqlSetAside) -> list[int]:
    rows = [row for state in ("given_up", "held") for row in await aside.deliveries(state)]
    return [row.id for row in rows]


async def _is_mail(aside: SqlSetAside, row_id: int) -> bool:
    rows = [row for state in ("given_up", "held") for row in await aside.deliveries(state)]
    return all(row.channel == "email" for row in rows if row.id == row_id)


def _refuse_address(address: str | None) -> None:
    if address:
        raise SettingsError("Een ander adres kan alleen bij een e-mail.")


def _did(work: Callable[[Database], Awaitable[int]], number: str | None) -> int:
    done = with_database(work)
    if number is not None and not done:
        raise SettingsError(
            f"Er wacht niets met nummer {number}. Wat al verstuurd is, gaat niet nog eens."
        )
    return int(done)


def _number(text: str) -> int:
    # First by its length: a number of thousands of digits is none that we can read.
    is_number = text.isdecimal() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST
    if not is_number:
        raise SettingsError(f"{text[:40]} is geen nummer van de lijst.")
    return int(text)
