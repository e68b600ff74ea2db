"""`wegwijzer doctor`: what is configured, what is missing, and what that means."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import make_database
from bot.bootstrap_mail import check_mail
from bot.chat.model_seal import is_sound
from bot.chat.rasa_model import model_path, require_rasa
from bot.config import Settings, read_settings
from bot.domain.errors import WegwijzerError
from bot.domain.school_days import SchoolCalendar
from bot.logs import set_up_logs
from bot.services.content import read_content
from bot.storage.migrate import versions

_MARKS = {"goed": "[green]✓ goed  [/]", "let op": "[yellow]! let op[/]", "fout": "[red]✗ fout  [/]"}


#: A term that begins now can run over a summer holiday.
_HOLIDAYS_AHEAD = timedelta(days=180)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["goed", "let op", "fout"]
    text: str


def doctor() -> None:
    """Kijk na wat is ingesteld, wat ontbreekt en wat dat betekent."""
    settings = read_settings()
    set_up_logs("ERROR")
    findings = [*_content(settings), *_rasa(settings), *_channels(settings), *_mail(settings)]
    findings.append(asyncio.run(_database(settings)))
    findings += asyncio.run(_waiting(settings))
    console = Console(highlight=False)
    for finding in findings:
        console.print(f"{_MARKS[finding.state]} {finding.text}")
    if any(finding.state == "fout" for finding in findings):
        raise typer.Exit(1)


def _content(settings: Settings) -> Iterator[Finding]:
    try:
        content = read_content(settings.content)
    except WegwijzerError as error:
        yield Finding("fout", f"De inhoud is niet te gebruiken: {error}")
        return
    yield Finding(
        "goed",
        f"De inhoud is te lezen: {len(content.questions.questions)} vragen, "
        f"{len(content.directory.regions)} regio's, "
        f"{len(content.faq.entries)} antwoorden over STO.",
    )
    yield from holidays_known(content.school_days.calendar, datetime.now(UTC).date())


def holidays_known(calendar: SchoolCalendar, today: date) -> Iterator[Finding]:
    """Warn in time that the file of school holidays comes to its end."""
    until = calendar.known_until
    if until is None or until - today < _HOLIDAYS_AHEAD:
        end = f"tot en met {until:%d-%m-%Y}" if until else "niet voor elke vakantieregio"
        yield Finding(
            "let op",
            f"De schoolvakanties in content/holidays.yml zijn bekend {end}. Vul ze aan: anders "
            "komen er later ook in vakanties herinneringen.",
        )


def _rasa(settings: Settings) -> Iterator[Finding]:
    if settings.rasa_url:
        if settings.rasa_token:
            yield Finding("goed", "Rasa draait ergens anders (WEGWIJZER_RASA_URL).")
        else:
            yield Finding("fout", "Bij WEGWIJZER_RASA_URL ontbreekt WEGWIJZER_RASA_TOKEN.")
        return
    try:
        require_rasa(settings)
    except WegwijzerError as error:
        yield Finding("fout", str(error))
        return
    path = model_path(settings)
    if is_sound(path):
        yield Finding("goed", "Rasa is geïnstalleerd en het model past bij de trainingsdata.")
    elif path.exists():
        yield Finding(
            "let op",
            "Het taalmodel klopt niet met zijn controlegetal (sha256). Het wordt niet gebruikt; "
            "bij de volgende start wordt het opnieuw getraind.",
        )
    else:
        yield Finding("let op", "Rasa wordt bij de volgende start eerst getraind.")


def _channels(settings: Settings) -> Iterator[Finding]:
    yield Finding("goed", f"De webchat komt op http://{settings.host}:{settings.port}/.")
    if not settings.telegram_token:
        yield Finding(
            "let op", "Telegram staat uit: er is geen WEGWIJZER_TELEGRAM_TOKEN. De webchat werkt."
        )
    elif settings.telegram_mode == "webhook" and not settings.telegram_webhook_url:
        yield Finding("fout", "Voor de webhook ontbreekt WEGWIJZER_TELEGRAM_WEBHOOK_URL.")
    else:
        yield Finding("goed", f"Telegram staat aan ({settings.telegram_mode}).")


def _mail(settings: Settings) -> Iterator[Finding]:
    try:
        check_mail(settings)
    except WegwijzerError as error:
        yield Finding("fout", str(error))
        return
    if settings.smtp_url:
        yield Finding("goed", "E-mail gaat via de ingestelde mailserver.")
    else:
        yield Finding(
            "let op",
            "Er is geen WEGWIJZER_SMTP_URL: e-mail blijft in de lokale postbus (/postvak) "
            "en komt bij niemand aan.",
        )
    if not settings.operator_email:
        yield Finding(
            "let op",
            "Er is geen WEGWIJZER_OPERATOR_EMAIL: een plan zonder contact in de regio gaat naar "
            "beheerder@localhost en komt buiten deze machine bij niemand aan. Ook meldingen over "
            "wat misgaat krijg je dan niet.",
        )


async def _waiting(settings: Settings) -> list[Finding]:
    """Say what waits for the beheerder; nothing where the database cannot tell."""
    try:
        database = make_database(settings)
    except (SQLAlchemyError, OSError):
        return []
    try:
        current, expected = await versions(database)
        if current is None or current != expected:
            return []
        async with database.read() as uow:
            waiting = await uow.set_aside.waiting()
    except (SQLAlchemyError, OSError):
        return []
    finally:
        await database.close()
    said = (
        (waiting.parked, "berichten die bleven liggen", "wegwijzer inbox parked"),
        (waiting.given_up, "bezorgingen die zijn opgegeven", "wegwijzer deliveries failed"),
        (
            waiting.held,
            "bezorgingen en momenten die worden vastgehouden",
            "wegwijzer deliveries held",
        ),
    )
    found = [
        Finding("let op", f"Aantal {what}: {count}. Kijk met `{command}`.")
        for count, what, command in said
        if count
    ]
    return found or [Finding("goed", "Er bleven geen berichten of bezorgingen liggen.")]


async def _database(settings: Settings) -> Finding:
    try:
        database = make_database(settings)
    except (SQLAlchemyError, OSError) as error:
        return Finding("fout", f"De database is niet te openen: {type(error).__name__}.")
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    try:
        current, expected = await versions(database)
        if current is None:
            return Finding("let op", f"De database ({kind}) is leeg en wordt bij de start gemaakt.")
        async with database.read() as uow:
            addresses = len(await uow.contacts.all())
    except (SQLAlchemyError, OSError) as error:
        return Finding("fout", f"De database ({kind}) is niet te openen: {type(error).__name__}.")
    finally:
        await database.close()
    if current != expected:
        return Finding("let op", f"De database ({kind}) wordt bij de start bijgewerkt.")
    if not addresses:
        return Finding(
            "let op",
            f"De database ({kind}) is bij, maar er zijn nog geen contacten: plannen gaan naar de "
            "beheerder. Voeg ze toe met `wegwijzer contacts add`.",
        )
    number = "1 contact" if addresses == 1 else f"{addresses} contacten"
    return Finding("goed", f"De database ({kind}) is bij, met {number}.")
