"""E-mail by SMTP: encrypted everywhere except on this machine itself."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.delivery.mail_errors import MailRejected, MailUnavailable
from bot.domain.errors import SettingsError

_WRONG_URL = (
    "Het adres van de mailserver klopt niet. Het moet eruitzien als "
    "smtp://gebruiker:wachtwoord@mail.voorbeeld.nl:587 of smtps://mail.voorbeeld.nl:465; "
    "schrijf bijzondere tekens in het wachtwoord als %-code."
)
_NO_STARTTLS = "De mailserver biedt geen versleutelde verbinding aan (STARTTLS)."
_BAD_CERTIFICATE = "Het certificaat van de mailserver klopt niet."
_NO_LOGIN = "De mailserver laat deze manier van inloggen niet toe."
_BAD_ADDRESS = "Een adres van het bericht kan niet per e-mail worden bereikt."

#: What is refused before the server heard of a message.
_AT_THE_DOOR = (
    aiosmtplib.SMTPConnectResponseError,
    aiosmtplib.SMTPHeloError,
    aiosmtplib.SMTPAuthenticationError,
)
_SUBMISSION_PORT = 587
_TLS_PORT = 465
#: The message is accepted by then; a server that is slow to say goodbye may not hold up the rest.
_QUIT_TIMEOUT = 5.0


@dataclass(frozen=True)
class SmtpServer:
    """Where and how to hand over mail, read from one URL."""

    host: str
    port: int
    implicit_tls: bool
    username: str | None = None
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> SmtpServer:
        """Read `smtp://user:password@host:port` or `smtps://…`, or raise `SettingsError`."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            # The parser's own message may quote a part of the password.
            raise SettingsError(_WRONG_URL) from None
        if parts.scheme not in ("smtp", "smtps") or not host:
            raise SettingsError(_WRONG_URL)
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise SettingsError(_WRONG_URL)
        implicit_tls = parts.scheme == "smtps"
        return cls(
            host=host,
            port=port or (_TLS_PORT if implicit_tls else _SUBMISSION_PORT),
            implicit_tls=implicit_tls,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or ""),
        )

    @property
    def is_loopback(self) -> bool:
        """Say whether traffic to this server stays on the machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")


class SmtpMailer:
    """Sends each message over a connection of its own."""

    def __init__(self, url: str, timeout: float = 30) -> None:
        self._server = SmtpServer.from_url(url)
        self._timeout = timeout

    async def send(self, message: EmailMessage) -> None:
        """Hand `message` to the server; see `Mailer.send` for what goes wrong and how."""
        sender, recipient = _only_address(message, "From"), _only_address(message, "To")
        client = _Client(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.implicit_tls,
            start_tls=False,
            validate_certs=not self._server.is_loopback,
            timeout=self._timeout,
            # The default asks the name service for this machine's name, without a time limit.
            local_hostname=sender.rpartition("@")[2],
        )
        content = message.as_bytes(policy=SMTP)
        try:
            await self._open(client)
            await client.sendmail(sender, [recipient], content)
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=_QUIT_TIMEOUT)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            # Without its cause: a server's reply quotes addresses.
            raise _mail_error(error) from None
        finally:
            client.close()

    async def _open(self, client: aiosmtplib.SMTP) -> None:
        await client.connect()
        await client.ehlo()
        if not self._server.implicit_tls:
            await self._encrypt(client)
        if self._server.username is not None:
            await self._log_in(client, self._server.username)

    async def _encrypt(self, client: aiosmtplib.SMTP) -> None:
        if client.supports_extension("starttls"):
            await client.starttls()
            await client.ehlo()
        elif not self._server.is_loopback:
            raise MailRejected(_NO_STARTTLS, permanent=True, at_the_door=True)

    async def _log_in(self, client: aiosmtplib.SMTP, username: str) -> None:
        if not client.supported_auth_methods:
            raise MailRejected(_NO_LOGIN, permanent=True, at_the_door=True)
        await client.login(username, self._server.password)


class _Client(aiosmtplib.SMTP):
    """Is off the line as soon as it is closed."""

    def close(self) -> None:
        """Close without the goodbye of TLS, for which asyncio would wait up to 30 seconds."""
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


def _only_address(message: EmailMessage, header: str) -> str:
    mailboxes = [] if message[header] is None else list(message[header].addresses)
    if len(mailboxes) != 1 or "@" not in mailboxes[0].addr_spec:
        raise MailRejected(_BAD_ADDRESS, permanent=True)
    return str(mailboxes[0].addr_spec)


def _mail_error(error: Exception) -> MailRejected | MailUnavailable:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _mail_error(error.recipients[0])
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return MailRejected(
            permanent=500 <= error.code < 600,
            code=int(error.code),
            at_the_door=isinstance(error, _AT_THE_DOOR),
        )
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(
        error.__cause__, ssl.SSLCertVerificationError
    ):
        return MailRejected(_BAD_CERTIFICATE, permanent=True, at_the_door=True)
    if isinstance(error, ValueError):
        return MailRejected(_BAD_ADDRESS, permanent=True)
    return MailUnavailable()
