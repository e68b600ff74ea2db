"""Telegram's name is not known, or somebody else answers to it: nothing is told, nothing lost."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.faults.proxy import LOOPBACK, TcpProxy, Way
from tests.faults.test_network import WITHIN, all_wrong, answered, logged
from tests.integration.running_chat import ChatMaker
from tests.integration.smtp_server import make_certificate

pytest_plugins = ["tests.integration.chat_fixtures"]
pytestmark = [
    pytest.mark.timeout(90),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

NAME = "api.telegram.example"


@pytest.fixture
def known_names(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that the name service knows, next to addresses; all of them are this machine."""
    known: set[str] = set()
    real = socket.getaddrinfo

    def resolve(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name == NAME and NAME not in known:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real(LOOPBACK if name in known else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


async def test_name_that_nobody_knows_is_asked_again(
    chats: ChatMaker, known_names: set[str]
) -> None:
    user = chats.world.user()
    async with (
        TcpProxy(LOOPBACK, chats.telegram.port) as network,
        chats.run(telegram_api_url=f"http://{NAME}:{network.port}") as chat,
    ):
        user.send_text("een")
        await logged(chat, "telegram_not_reached")
        known_names.add(NAME)
        await answered(chat, user, 1)

        known_names.clear()
        chat.logs.clear()
        network.reset_all()
        with chat.world.lock:
            user.send_text("twee")
            user.send_text("drie")
        await logged(chat, "telegram_not_reached")
        known_names.add(NAME)
        await user.wait_for(3, WITHIN)

        found = await all_wrong(chat, [user])

    assert found == []
    assert chat.rasa.said == ["een", "twee", "drie"]


async def test_false_certificate_is_told_nothing(
    chats: ChatMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known_names: set[str]
) -> None:
    known_names.add(NAME)
    ours = make_certificate(tmp_path, NAME)
    monkeypatch.setenv("SSL_CERT_FILE", str(ours.certificate))
    theirs = make_certificate(tmp_path, "iemand.anders.example")
    tls = theirs.server_context
    user = chats.world.user()
    user.send_text("een")
    async with (
        TcpProxy(LOOPBACK, chats.telegram.port, tls) as network,
        chats.run(telegram_api_url=f"https://{NAME}:{network.port}") as chat,
    ):
        await logged(chat, "telegram_not_reached")
        told = network.passed[Way.UP]
        # What is trusted is known by now; from the next handshake on it is shown.
        tls.load_cert_chain(ours.certificate, ours.key)
        await answered(chat, user, 1)

        tls.load_cert_chain(theirs.certificate, theirs.key)
        chat.logs.clear()
        before = network.passed[Way.UP]
        network.reset_all()
        user.send_text("twee")
        await logged(chat, "telegram_not_reached")
        told_later = network.passed[Way.UP] - before
        tls.load_cert_chain(ours.certificate, ours.key)
        await user.wait_for(2, WITHIN)

        found = await all_wrong(chat, [user])

    assert (told, told_later) == (0, 0)
    assert found == []
    assert chat.rasa.said == ["een", "twee"]
