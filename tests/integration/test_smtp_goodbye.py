"""A connection with the mail server ends at once, also when the server forgets to say goodbye."""

from __future__ import annotations

import asyncio
import socket

from bot.delivery.smtp import SmtpMailer
from tests.integration.smtp_server import Certificate
from tests.mails import make_mail

pytest_plugins = ["tests.integration.mail_fixtures"]

_ANSWERS = {"EHLO": "250 hi", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", "QUIT": "221 ."}


def _take_one_mail(listener: socket.socket, certificate: Certificate) -> bytes:
    """Talk until QUIT, then do nothing but read what still comes; fails if nobody hangs up."""
    accepted, _ = listener.accept()
    encrypted = certificate.server_context.wrap_socket(accepted, server_side=True)
    with encrypted.makefile("rw", newline="\r\n") as talk:
        line, in_mail = "", False
        print("220 smtp.test", file=talk, end="\r\n", flush=True)
        while not line.startswith("QUIT"):
            line = talk.readline()
            if in_mail and line != ".\r\n":
                continue
            answer = "250 kept" if in_mail else _ANSWERS[line[:4].strip()]
            in_mail = answer.startswith("354")
            print(answer, file=talk, end="\r\n", flush=True)
    rest = b""
    with socket.socket(fileno=encrypted.detach()) as bare:
        bare.settimeout(10)
        try:
            while more := bare.recv(4096):
                rest += more
        except ConnectionResetError:
            pass
    return rest


async def test_line_is_free_when_the_server_keeps_it_open(smtp_certificate: Certificate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taking = asyncio.to_thread(_take_one_mail, listener, smtp_certificate)
        async with asyncio.TaskGroup() as tasks:
            taken = tasks.create_task(taking)
            port = listener.getsockname()[1]
            await SmtpMailer(f"smtps://127.0.0.1:{port}").send(make_mail())

        assert len(taken.result()) < 100
