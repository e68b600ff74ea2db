"""A real SMTP server for tests: it keeps what it accepts and can be told to fail in a set way."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

#: A mail server elsewhere, as the mailers see it; the fixture `host_resolves` leads it here.
HOST = "mail.school.example"
#: After the message is taken, before the sender hears so: the connection is cut.
CUT = "cut"
#: The sender never hears anything.
SILENCE = "silence"


@dataclass(frozen=True)
class Received:
    """One accepted message, as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, _class=EmailMessage, policy=default)


@dataclass(frozen=True)
class Certificate:
    """A self-made certificate with its key."""

    certificate: Path
    key: Path

    @property
    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path, host: str) -> Certificate:
    """Make a certificate for `host` that nobody trusts unless told to."""
    certificate, key = folder / f"{host}.pem", folder / f"{host}.key"
    # Python 3.13 verifies strictly: a certificate that signs itself must be allowed to sign.
    extensions = (f"subjectAltName=DNS:{host}", "keyUsage=critical,digitalSignature,keyCertSign")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={host}"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *(part for extension in extensions for part in ("-addext", extension)),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return Certificate(certificate, key)


class SmtpTestServer:
    """Listens on 127.0.0.1 in a thread of its own, for tests with and without an event loop.

    `script("DATA", "451 later", CUT)` sets the next answers to a command (CONNECT, MAIL, RCPT or
    DATA); after them the server is friendly again.
    """

    def __init__(
        self,
        *,
        certificate: Certificate | None = None,
        implicit_tls: bool = False,
        users: dict[str, str] | None = None,
        port: int = 0,
    ) -> None:
        self._wanted_port = port
        self._tls = certificate.server_context if certificate else None
        self._implicit_tls = implicit_tls
        self._users = users
        self._scripts: dict[str, deque[str]] = {}
        self._received: list[Received] = []
        self._arrived = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-test-server")
        self._server: asyncio.Server | None = None
        self._connections: list[SMTP] = []
        self.connections = 0

    def __enter__(self) -> SmtpTestServer:
        self._thread.start()
        self._server = self._call(self._listen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._call(self._close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def received(self) -> list[Received]:
        with self._arrived:
            return list(self._received)

    def wait_for(self, count: int, timeout: float = 10) -> list[Received]:
        """Give all messages as soon as there are `count`; fails after `timeout` seconds."""
        with self._arrived:
            enough = self._arrived.wait_for(lambda: len(self._received) >= count, timeout)
            assert enough, f"{len(self._received)} of {count} mails arrived"
            return list(self._received)

    def script(self, command: str, *answers: str) -> None:
        self._scripts.setdefault(command, deque()).extend(answers)

    # What aiosmtpd calls

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._next("MAIL", server)
        if not answer:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._next("RCPT", server)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await self._next("DATA", server)
        if answer and answer != CUT:
            return answer
        with self._arrived:
            self._received.append(
                Received(
                    sender=envelope.mail_from or "",
                    recipients=tuple(envelope.rcpt_tos),
                    raw=envelope.content or b"",
                    encrypted=session.ssl is not None or self._implicit_tls,
                )
            )
            self._arrived.notify_all()
        if answer == CUT:
            _transport(server).abort()
        return "250 kept"

    async def _next(self, command: str, server: SMTP) -> str:
        answers = self._scripts.get(command)
        answer = answers.popleft() if answers else ""
        if answer == SILENCE:
            # Until the other side gives up and closes, which cancels this.
            await asyncio.Event().wait()
        return answer

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and (self._users or {}).get(
            data.login.decode()
        ) == (data.password.decode())
        return AuthResult(success=known, handled=False)

    def _protocol(self) -> asyncio.Protocol:
        self.connections += 1
        greetings = self._scripts.get("CONNECT")
        if greetings:
            return _Refusal(greetings.popleft())
        connection = SMTP(
            self,
            hostname="smtp.test",
            loop=self._loop,
            tls_context=None if self._implicit_tls else self._tls,
            authenticator=self._authenticate if self._users else None,
            auth_exclude_mechanism=None if self._users else ("LOGIN", "PLAIN"),
            auth_require_tls=self._tls is not None and not self._implicit_tls,
        )
        self._connections.append(connection)
        return connection

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(
            self._protocol,
            "127.0.0.1",
            self._wanted_port,
            ssl=self._tls if self._implicit_tls else None,
        )

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        for connection in self._connections:
            if connection.transport is not None:
                _transport(connection).abort()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _call(self, work: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result(timeout=10)


class _Refusal(asyncio.Protocol):
    """Says one line instead of a greeting, and hangs up."""

    def __init__(self, line: str) -> None:
        self._line = line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._line.encode() + b"\r\n")
        transport.close()


def _transport(server: SMTP) -> asyncio.WriteTransport:
    assert isinstance(server.transport, asyncio.WriteTransport)
    return server.transport
