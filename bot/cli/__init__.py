"""The command `wegwijzer`: every command of it is named here."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.backup import backup, restore
from bot.cli.chat import chat
from bot.cli.contacts import contacts
from bot.cli.deliveries import deliveries
from bot.cli.doctor import doctor
from bot.cli.inbox import inbox
from bot.cli.links import links
from bot.cli.person import person
from bot.cli.plans import plans
from bot.cli.questions import questions
from bot.cli.regions import regions
from bot.cli.retention import retention
from bot.cli.run import migrate, run, train
from bot.cli.understand import understand
from bot.cli.usage import ABORTED, is_help, usage_sentence
from bot.domain.errors import WegwijzerError

app = typer.Typer(
    help="STO-wegwijzer: brengt het idee van een docent bij de juiste persoon in de regio.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command()(chat)
app.command()(train)
app.command()(migrate)
app.command()(doctor)
app.command()(understand)
app.command()(retention)
app.command()(backup)
app.command()(restore)
app.add_typer(regions, name="regions")
app.add_typer(contacts, name="contacts")
app.add_typer(links, name="links")
app.add_typer(plans, name="plans")
app.add_typer(person, name="person")
app.add_typer(questions, name="questions")
app.add_typer(inbox, name="inbox")
app.add_typer(deliveries, name="deliveries")


def main() -> None:
    """Run the command line; what can be mended is said in one sentence, without a trace.

    What it writes is for its own user alone: people's plans are among it.
    """
    os.umask(0o077)
    try:
        status = app(prog_name="wegwijzer", standalone_mode=False)
    except typer.Abort:
        _stop(ABORTED, 1)
    except typer.TyperException as error:
        if is_help(error):
            print(error.format_message(), file=sys.stderr)
            sys.exit(error.exit_code)
        _stop(usage_sentence(error), error.exit_code)
    except WegwijzerError as error:
        _give_up(str(error))
    except (SQLAlchemyError, OSError) as error:
        # Their own texts can hold a password or what a person typed.
        _give_up(
            f"De database of de datamap is niet te gebruiken ({type(error).__name__}). "
            "Kijk naar WEGWIJZER_DATABASE_URL, WEGWIJZER_DATA_DIR en de rechten daarvan."
        )
    sys.exit(status or 0)


def _give_up(sentence: str) -> NoReturn:
    _stop(f"Het lukt niet: {sentence}", 1)


def _stop(sentence: str, status: int) -> NoReturn:
    Console(stderr=True, highlight=False, markup=False).print(sentence)
    sys.exit(status)
