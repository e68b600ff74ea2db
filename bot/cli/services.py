"""Gives commands the services, on the database that they opened."""

from __future__ import annotations

from bot.bootstrap_operator import operator_of
from bot.bootstrap_secrets import link_secret
from bot.config import local_url, read_settings
from bot.services.content import read_content
from bot.services.links import Addresses, LinkBook, LinkSigner
from bot.services.use_cases import UseCases, make_use_cases
from bot.storage.database import Database


def services_of(database: Database) -> UseCases:
    """Make the services as the running program has them; nothing is sent from here."""
    settings = read_settings()
    operator = operator_of(settings)
    addresses = Addresses(settings.public_url or local_url(settings.host, settings.port))
    book = LinkBook(LinkSigner(link_secret(settings)), addresses)
    return make_use_cases(database, database.clock, read_content(settings.content), operator, book)
