"""`wegwijzer inbox`: messages that could not be answered."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from bot.cli.choosing import All, require_choice, shown_moment
from bot.cli.database import with_database
from bot.cli.tables import show_table
from bot.domain.errors import SettingsError
from bot.services.parked import retry_parked
from bot.services.parked_ports import ParkedMessage
from bot.storage.database import Database

inbox = typer.Typer(
    help="Berichten die niet beantwoord konden worden en zijn blijven liggen.",
    no_args_is_help=True,
)

_PERSONAL = (
    "Let op: dit zijn persoonsgegevens. Deel ze met niemand, en bewaar ze niet langer dan nodig."
)
_HEADS = ("nummer", "kanaal", "binnengekomen", "mislukt", "kan opnieuw", "tekst")
_WENT_ON = "nee: het gesprek ging al verder"


@inbox.command()
def parked(
    show_text: Annotated[
        bool, typer.Option("--show-text", help="Laat ook zien wat mensen typten.")
    ] = False,
) -> None:
    """Laat zien welke berichten zijn blijven liggen, de oudste eerst."""
    messages = with_database(_parked)
    if not messages:
        print("Er zijn geen berichten blijven liggen.")
        return
    if show_text:
        Console(stderr=True).print(_PERSONAL)
    cells = [_row(message) for message in messages]
    shown = len(_HEADS) if show_text else len(_HEADS) - 1
    show_table(_HEADS[:shown], [row[:shown] for row in cells], whole=("nummer",))
    print("Opnieuw aanbieden: `wegwijzer inbox retry NUMMER`. Laten rusten: `inbox drop NUMMER`.")


@inbox.command()
def retry(
    number: Annotated[int | None, typer.Argument(help="Het nummer uit de lijst.")] = None,
    everything: All = False,
) -> None:
    """Bied een bericht opnieuw aan; de wegwijzer neemt het binnen enkele seconden op."""
    require_choice(number, everything)

    async def work(database: Database) -> tuple[int, list[int]]:
        async with database.write() as uow:
            chosen = _chosen(await uow.parked.all(), number)
            late = [one.id for one in chosen if not await retry_parked(uow, one)]
            return len(chosen) - len(late), late

    done, late = with_database(work)
    print(f"Opnieuw aangeboden: {done}.")
    if late:
        print(
            f"Niet opnieuw aangeboden: {', '.join(map(str, late))}. Dat gesprek ging al verder, en "
            "een oud bericht kan iets nieuws ongedaan maken. Laat het rusten met `wegwijzer inbox "
            "drop NUMMER`."
        )


@inbox.command()
def drop(
    number: Annotated[int | None, typer.Argument(help="Het nummer uit de lijst.")] = None,
    everything: All = False,
) -> None:
    """Laat een bericht voorgoed rusten; het blijft bewaard, maar krijgt geen antwoord."""
    require_choice(number, everything)

    async def work(database: Database) -> int:
        async with database.write() as uow:
            chosen = _chosen(await uow.parked.all(), number)
            return sum([await uow.parked.drop(one.id) for one in chosen])

    print(f"Van de lijst gehaald: {with_database(work)}.")


def _row(message: ParkedMessage) -> tuple[str, ...]:
    return (
        str(message.id),
        message.channel,
        shown_moment(message.received_at),
        f"{message.failures} keer",
        _WENT_ON if message.went_on else "ja",
        message.text,
    )


async def _parked(database: Database) -> list[ParkedMessage]:
    async with database.read() as uow:
        return await uow.parked.all()


def _chosen(messages: list[ParkedMessage], number: int | None) -> list[ParkedMessage]:
    chosen = [message for message in messages if number in (None, message.id)]
    if number is not None and not chosen:
        raise SettingsError(f"Er is geen bericht met nummer {number} blijven liggen.")
    return chosen
