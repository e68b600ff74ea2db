"""The composition root of what understands texts without a conversation."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.bootstrap_secrets import rasa_token
from bot.chat.rasa_client import RasaClient
from bot.chat.rasa_model import Address
from bot.chat.rasa_server import RasaServer, RasaWatch
from bot.chat.understanding import Understanding
from bot.config import Settings
from bot.services.content import read_content
from bot.web.listening import free_port


@dataclass(frozen=True)
class UnderstandingParts:
    """What it takes to understand texts without a conversation; `tasks` keep Rasa running."""

    understanding: Understanding
    rasa: RasaClient
    watch: RasaWatch
    tasks: tuple[Callable[[], Coroutine[Any, Any, None]], ...]


def make_understanding(settings: Settings) -> UnderstandingParts:
    """Make the parts that understand texts, with a Rasa of their own or the one that is set."""
    token = rasa_token(settings)
    # Nothing is answered, so nothing is ever asked of this address.
    address = Address(free_port(), f"http://127.0.0.1:{free_port()}/rasa/actions", token)
    rasa = RasaClient(settings.rasa_url or address.url, token, settings.rasa_timeout)
    watch = RasaWatch(rasa, lambda is_ready: None)
    content = read_content(settings.content)
    understanding = Understanding(rasa, content.faq.entries, content.questions)
    if settings.rasa_url:
        return UnderstandingParts(understanding, rasa, watch, (watch.run,))
    server = RasaServer(settings, address, watch)
    return UnderstandingParts(understanding, rasa, watch, (watch.run, server.run))
