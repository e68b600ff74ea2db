"""`wegwijzer links`: ends links that went to an address that was not meant."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.database import with_database
from bot.delivery.email_message import is_address
from bot.domain.errors import SettingsError
from bot.storage.database import Database

links = typer.Typer(help="Links die naar een e-mailadres gingen.", no_args_is_help=True)


@links.callback()
def _group() -> None:
    """Keep `end` a command of its own while it is the only one."""


@links.command()
def end(
    address: Annotated[str, typer.Argument(help="Het adres waar ze heen gingen.")],
) -> None:
    """Beëindig alle links die naar een adres gingen, ook die voor de schoolleiding."""
    if not is_address(address.strip()):
        raise SettingsError("Dat is geen e-mailadres. Typ het als naam@organisatie.nl.")

    async def work(database: Database) -> tuple[int, int]:
        async with database.write() as uow:
            ended = await uow.links.end(address, database.clock.now())
            # What waits for a contact is a plan, and leaves; what waits for others is a request.
            to_others = [link.id for link in ended if link.contact_id is None]
            return len(ended), await uow.outbox.cancel_of_links(to_others)

    ended, cancelled = with_database(work)
    if not ended:
        raise SettingsError("Naar dit adres ging geen link die nog werkt.")
    print(f"Beëindigd: {ended}. Wie nog een pagina open heeft, kan er niets meer mee.")
    if cancelled:
        print(f"E-mails die nog wachtten en niet meer vertrekken: {cancelled}.")
