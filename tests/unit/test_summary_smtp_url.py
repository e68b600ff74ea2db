"""The one setting that says where and how e-mail is handed over."""

from __future__ import annotations

import pytest

from bot.delivery.smtp import SmtpMailer, SmtpServer
from bot.domain.errors import SettingsError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost:1025", SmtpServer("localhost", 1025, False)),
        ("smtp://mail.example", SmtpServer("mail.example", 587, False)),
        ("smtps://mail.example", SmtpServer("mail.example", 465, True)),
        ("smtp://a%40b:c%3Ad@mail.example:25", SmtpServer("mail.example", 25, False, "a@b", "c:d")),
        ("smtp://[::1]:2525", SmtpServer("::1", 2525, False)),
    ],
)
def test_url_says_where_and_how(url, expected) -> None:
    assert SmtpServer.from_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example:587",
        "http://mail.example",
        "smtp://",
        "smtp://user:geheim/x@mail.example",
        "smtp://user:geheim#x@mail.example",
        "smtp://mail.example:geheim",
        "smtp://mail.example:99999",
        "smtp://[geheim",
        "smtp://mail.example/inbox",
        "smtp://mail.example?tls=no",
    ],
)
def test_wrong_url_is_told_without_secrets(url) -> None:
    with pytest.raises(SettingsError, match="Het adres van de mailserver klopt niet") as wrong:
        SmtpMailer(url)

    assert "geheim" not in str(wrong.value)


def test_password_is_not_printed() -> None:
    assert "geheim" not in repr(SmtpServer.from_url("smtp://user:geheim@mail.example"))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("mail.localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost.example", False),
        ("10.0.0.1", False),
        ("mail.example", False),
    ],
)
def test_only_this_machine_is_loopback(host, expected) -> None:
    assert SmtpServer(host, 587, False).is_loopback is expected
