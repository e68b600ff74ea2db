"""SMTP when it goes well, when it does not, and when it must not go at all."""

from __future__ import annotations

import socket

import pytest

from bot.delivery.mail_errors import MailRejected, MailUnavailable
from bot.delivery.smtp import SmtpMailer
from tests.integration.smtp_server import CUT, HOST, SILENCE, SmtpTestServer, make_certificate
from tests.mails import make_mail

pytest_plugins = ["tests.integration.mail_fixtures"]


async def test_envelope_holds_one_sender_and_recipient(smtp_server) -> None:
    await SmtpMailer(f"smtp://127.0.0.1:{smtp_server.port}").send(make_mail())

    (mail,) = smtp_server.received
    assert (mail.sender, mail.recipients) == (
        "wegwijzer@sto.example",
        ("programma@regio.example",),
    )


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("451 4.7.1 greylisted, programma@regio.example", False),
        ("421 shutting down", False),
        ("550 no such user programma@regio.example", True),
        ("552 message too large", True),
    ],
)
async def test_refusal_tells_now_or_for_good(smtp_server, command, answer, permanent) -> None:
    mailer = SmtpMailer(f"smtp://localhost:{smtp_server.port}")
    smtp_server.script(command, answer)

    with pytest.raises(MailRejected) as refusal:
        await mailer.send(make_mail())

    assert (refusal.value.permanent, refusal.value.code) == (permanent, int(answer[:3]))
    assert str(refusal.value) == (
        f"De mailserver neemt het bericht niet aan (antwoord {answer[:3]})."
    )
    assert refusal.value.__suppress_context__
    assert smtp_server.received == []
    await mailer.send(make_mail())
    assert len(smtp_server.received) == 1


@pytest.mark.parametrize(("line", "permanent"), [("421 busy", False), ("554 go away", True)])
async def test_refused_connection_tells_now_or_for_good(smtp_server, line, permanent) -> None:
    smtp_server.script("CONNECT", line)

    with pytest.raises(MailRejected) as refusal:
        await SmtpMailer(f"smtp://localhost:{smtp_server.port}").send(make_mail())

    assert refusal.value.permanent is permanent


async def test_cut_after_data_may_be_tried_again(smtp_server) -> None:
    mailer = SmtpMailer(f"smtp://localhost:{smtp_server.port}")
    smtp_server.script("DATA", CUT)

    with pytest.raises(MailUnavailable):
        await mailer.send(make_mail())
    await mailer.send(make_mail())

    assert [mail.message["Message-ID"] for mail in smtp_server.received] == [
        "<delivery-1@sto.example>"
    ] * 2


@pytest.mark.parametrize("command", ["MAIL", "DATA"])
async def test_silent_server_is_unavailable(smtp_server, command) -> None:
    smtp_server.script(command, SILENCE)

    with pytest.raises(MailUnavailable, match="niet bereikbaar"):
        await SmtpMailer(f"smtp://localhost:{smtp_server.port}", timeout=0.2).send(make_mail())


async def test_closed_port_is_unavailable() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]

        with pytest.raises(MailUnavailable):
            await SmtpMailer(f"smtp://localhost:{port}").send(make_mail())


async def test_unknown_host_is_unavailable() -> None:
    with pytest.raises(MailUnavailable):
        await SmtpMailer("smtp://mail.invalid:587", timeout=5).send(make_mail())


async def test_no_starttls_means_not_sent(smtp_server, host_resolves) -> None:
    with pytest.raises(MailRejected, match="STARTTLS") as refusal:
        await SmtpMailer(f"smtp://user:secret@{HOST}:{smtp_server.port}").send(make_mail())

    assert refusal.value.permanent
    assert smtp_server.received == []


@pytest.mark.parametrize("implicit_tls", [False, True])
async def test_untrusted_certificate_means_not_sent(
    smtp_certificate, host_resolves, implicit_tls
) -> None:
    with SmtpTestServer(certificate=smtp_certificate, implicit_tls=implicit_tls) as server:
        scheme = "smtps" if implicit_tls else "smtp"

        with pytest.raises(MailRejected, match="certificaat") as refusal:
            await SmtpMailer(f"{scheme}://{HOST}:{server.port}").send(make_mail())

        assert refusal.value.permanent
        assert server.received == []


async def test_certificate_of_another_host_means_not_sent(
    tmp_path, monkeypatch, host_resolves
) -> None:
    other = make_certificate(tmp_path, "other.school.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.certificate))
    with SmtpTestServer(certificate=other) as server:
        with pytest.raises(MailRejected, match="certificaat"):
            await SmtpMailer(f"smtp://{HOST}:{server.port}").send(make_mail())

        assert server.received == []


async def test_own_machine_may_have_any_certificate(smtp_certificate) -> None:
    with SmtpTestServer(certificate=smtp_certificate) as server:
        await SmtpMailer(f"smtp://localhost:{server.port}").send(make_mail())

        assert [mail.encrypted for mail in server.received] == [True]


async def test_wrong_password_is_permanent(
    smtp_certificate, host_resolves, certificate_trusted
) -> None:
    with SmtpTestServer(certificate=smtp_certificate, users={"wegwijzer": "goed"}) as server:
        with pytest.raises(MailRejected) as refusal:
            await SmtpMailer(f"smtp://wegwijzer:fout@{HOST}:{server.port}").send(make_mail())

        assert (refusal.value.permanent, refusal.value.code) == (True, 535)
        assert server.received == []


async def test_server_without_login_is_permanent(smtp_server) -> None:
    with pytest.raises(MailRejected, match="inloggen") as refusal:
        await SmtpMailer(f"smtp://wegwijzer:goed@localhost:{smtp_server.port}").send(make_mail())

    assert refusal.value.permanent


@pytest.mark.parametrize("to", [None, "", "a@x.example, b@x.example", "iemand", "é@x.example"])
async def test_mail_needs_one_recipient(smtp_server, to) -> None:
    mail = make_mail()
    del mail["To"]
    if to is not None:
        mail["To"] = to

    with pytest.raises(MailRejected, match="adres") as refusal:
        await SmtpMailer(f"smtp://localhost:{smtp_server.port}").send(mail)

    assert refusal.value.permanent
