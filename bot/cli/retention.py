"""`wegwijzer retention`: clears away what is kept long enough."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.database import with_database
from bot.cli.tables import show_table
from bot.config import keep_of, read_settings
from bot.services.clock import SystemClock
from bot.services.retention import Retention, Swept
from bot.storage.database import Database

_KINDS = {
    "drafts": "plannen in de maak of weggelegd",
    "plans": "verstuurde plannen",
    "withdrawn": "ingetrokken plannen",
    "messages": "berichten in chats",
    "mails": "e-mails",
    "questions": "vragen zonder antwoord",
    "traces": "oude links en momenten",
    "notices": "bericht vooraf aan wie een concept laat liggen",
    "people": "mensen van wie niets meer over is",
}


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tel alleen; er wordt niets gewist.")
    ] = False,
) -> None:
    """Wis wat lang genoeg is bewaard; de wegwijzer doet dit zelf elke dag."""
    keep = keep_of(read_settings())

    async def sweep(database: Database) -> Swept:
        return await Retention(database, SystemClock(), keep).sweep(is_trial=dry_run)

    swept = with_database(sweep)
    cells = []
    for name, words in _KINDS.items():
        number = str(getattr(swept, name))
        if name == "notices":
            ahead, _ = keep.draft_notice
            said = f"{number} {'zou weggaan' if dry_run else 'gaat weg'}"
            cells.append((words, f"{ahead.days} dagen eerder", said))
            continue
        days = getattr(keep, "messages" if name in ("mails", "people") else name)
        cells.append((words, f"{days} dagen", number))
    show_table(("wat", "bewaard", "zou weggaan" if dry_run else "gewist"), cells)
