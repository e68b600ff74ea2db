"""Where the app listens."""

from __future__ import annotations

import socket

from bot.config import local_url
from bot.domain.errors import SettingsError


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address; raises SettingsError when something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends small answers at once only on a TCP socket.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"Op {host}:{port} draait al iets. Stop dat, of kies WEGWIJZER_PORT=8001."
        ) from error
    listening.listen(128)
    listening.setblocking(False)
    return listening


def free_port() -> int:
    """Give a port that is free on this machine now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def action_url(listening: socket.socket) -> str:
    """Give the address at which a Rasa on this machine calls our actions."""
    return f"{public_url(listening)}/rasa/actions"


def public_url(listening: socket.socket) -> str:
    """Give the address of the app on this machine, for links while no other one is set."""
    host, port = listening.getsockname()[:2]
    return local_url(host, port)
