"""Both ways to send e-mail, and what they promise alike."""

from __future__ import annotations

import pytest

from bot.delivery.mail import Mailer
from bot.delivery.maildir import MaildirMailer
from bot.delivery.smtp import SmtpMailer
from tests.integration.smtp_server import HOST, SmtpTestServer
from tests.mails import make_mail

pytest_plugins = ["tests.integration.mail_fixtures"]


@pytest.fixture(params=["smtp", "starttls", "smtps", "maildir"])
def delivery(request, tmp_path, smtp_certificate, host_resolves, certificate_trusted):
    """Give a mailer and a way to see what it delivered."""
    if request.param == "maildir":
        path = tmp_path / "var" / "mail"
        yield MaildirMailer(path), lambda: [file.read_bytes() for file in path.glob("new/*")]
        return
    secure = {
        "smtp": {},
        "starttls": {"certificate": smtp_certificate, "users": {"wegwijzer": "p@ss/wo:rd"}},
        "smtps": {"certificate": smtp_certificate, "implicit_tls": True},
    }[request.param]
    with SmtpTestServer(**secure) as running:
        url = {
            "smtp": f"smtp://localhost:{running.port}",
            "starttls": f"smtp://wegwijzer:p%40ss%2Fwo%3Ard@{HOST}:{running.port}",
            "smtps": f"smtps://{HOST}:{running.port}",
        }[request.param]
        yield SmtpMailer(url), lambda: [mail.raw for mail in running.received]


async def test_mail_arrives_byte_for_byte(delivery) -> None:
    mailer, delivered = delivery
    mail = make_mail()

    await mailer.send(mail)

    assert delivered() == [mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))]


async def test_mails_are_delivered_one_by_one(delivery) -> None:
    mailer: Mailer
    mailer, delivered = delivery

    for number in (1, 2, 3):
        await mailer.send(make_mail(number))

    assert len(delivered()) == 3
