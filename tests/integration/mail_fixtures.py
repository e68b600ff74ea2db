"""Fixtures for SMTP: a certificate, a server, and a name that does not look like this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.integration.smtp_server import HOST, Certificate, SmtpTestServer, make_certificate


@pytest.fixture(scope="session")
def smtp_certificate(tmp_path_factory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificates"), HOST)


@pytest.fixture
def host_resolves(monkeypatch) -> None:
    """Let the mail server's name lead to this machine, so that it does not count as loopback."""
    real = socket.getaddrinfo

    def resolve(host, *args, **options):
        return real("127.0.0.1" if host == HOST else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.fixture
def certificate_trusted(monkeypatch, smtp_certificate) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(smtp_certificate.certificate))


@pytest.fixture
def smtp_server() -> Iterator[SmtpTestServer]:
    with SmtpTestServer() as running:
        yield running
