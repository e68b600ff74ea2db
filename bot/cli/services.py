"""Gives commands the services, on the database that they opened."""

from __future__ import annotations

from bot.bootstrap_secrets import link_secret
from bot.config import Settings, read_settings
from bot.services.content import read_content
from bot.services.links import Addresses, LinkBook, LinkSigner
from bot.services.use_cases import UseCases, make_use_cases
from bot.services.welcome import Operator
from bot.storage.database import Database


def services_of(database: Database) -> UseCases:
    """Make the services as the running program has them; nothing is sent from here."""
    settings = read_settings()
    operator = Operator(
        settings.operator_name, settings.operator_email, mail_stays_here=not settings.smtp_url
    )
    addresses = Addresses(settings.public_url or _own_address(settings))
    book = LinkBook(LinkSigner(link_secret(settings)), addresses)
    return make_use_cases(database, database.clock, read_content(settings.content), operator, book)


def _own_address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
