"""The local mailbox over HTTP, with real mails in a real Maildir."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.chat.commands import read_text
from bot.delivery.maildir import MaildirMailer
from bot.domain.inbox import Incoming
from bot.domain.turn import DocumentKind
from bot.services.bell import Broadcast
from bot.services.welcome import Operator
from bot.storage.database import Database
from bot.web.parts import WebParts
from bot.web.postvak import postvak_routes
from bot.web.security import SecurityHeaders
from tests.clocks import SteppingClock

HOST = "http://127.0.0.1:8000"
EVIL = "<script>alert(1)</script>"
ALL = ["/postvak", "/postvak/abc", "/postvak/abc/html", "/postvak/abc/bijlage/plan.pdf"]


async def receive(_message: Incoming) -> int | None:
    raise AssertionError("nothing is sent from the mailbox")


async def make_document(_kind: DocumentKind, _subject: str) -> bytes | None:
    return None


@pytest.fixture
def maildir(tmp_path: Path) -> MaildirMailer:
    return MaildirMailer(tmp_path / "postvak")


def browser(
    postvak: MaildirMailer | None, host: str = HOST, asker: str = "127.0.0.1"
) -> httpx.AsyncClient:
    parts = WebParts(
        # Nothing is opened: the mailbox needs no database.
        store=Database("sqlite+aiosqlite://", SteppingClock()),
        receive=receive,
        read_text=read_text,
        said=Broadcast(),
        make_document=make_document,
        is_ready=lambda: True,
        can_store=lambda: True,
        operator=Operator("een proefopstelling", None),
        postvak=postvak,
        fill=str,
        public_url=host,
    )
    app = Starlette(routes=postvak_routes(parts), middleware=[Middleware(SecurityHeaders)])
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(asker, 50000)), base_url=host
    )


def make_mail(subject: str = "Graag je reactie: Drones", day: int = 22) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["To"] = "pm@regio.example"
    mail["Date"] = datetime(2026, 11, day, 9, 0, tzinfo=UTC)
    mail["Message-ID"] = f"<{day}@regio.example>"
    mail.set_content(f"Beste,\n\nEr is een plan. {EVIL}\n")
    mail.add_alternative(f"<h1>Plan</h1>{EVIL}", subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan é.pdf")
    return mail


def links(page: str, start: str) -> list[str]:
    return re.findall(rf'(?:href|src)="({start}[^"]*)"', page)


@pytest.mark.parametrize("path", ALL)
async def test_no_mailbox_is_not_found(path: str) -> None:
    async with browser(None) as client:
        response = await client.get(path)

    assert response.status_code == 404
    assert "geen lokale postbus" in response.text


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("host", ["http://wegwijzer.school", "http://127.0.0.1.evil.example"])
async def test_other_machines_may_not_read(maildir: MaildirMailer, host: str, path: str) -> None:
    async with browser(maildir, host) as client:
        response = await client.get(path)

    assert response.status_code == 403


@pytest.mark.parametrize("path", ALL)
async def test_forged_host_from_the_network_may_not_read(maildir: MaildirMailer, path: str) -> None:
    async with browser(maildir, asker="192.0.2.7") as client:
        response = await client.get(path)

    assert response.status_code == 403


@pytest.mark.parametrize("host", ["http://localhost:8000", "http://[::1]:8000", HOST])
async def test_own_machine_reads_the_notice(maildir: MaildirMailer, host: str) -> None:
    async with browser(maildir, host) as client:
        page = (await client.get("/postvak")).text

    assert "<strong>niet verstuurd</strong>" in page
    assert "Er is nog geen post." in page


async def test_mails_are_listed_newest_first(maildir: MaildirMailer) -> None:
    await maildir.send(make_mail("Oud", day=21))
    await maildir.send(make_mail("Nieuw & <b>vet</b>", day=22))

    async with browser(maildir) as client:
        page = (await client.get("/postvak")).text

    subjects = re.findall(r'<a href="/postvak/[0-9a-f]+">([^\n]*)</a>', page)
    assert subjects == ["Nieuw &amp; &lt;b&gt;vet&lt;/b&gt;", "Oud"]
    assert "aan pm@regio.example · 22 november 2026, 10:00" in page


async def test_mail_shows_text_and_files(maildir: MaildirMailer) -> None:
    await maildir.send(make_mail())

    async with browser(maildir) as client:
        (address,) = links((await client.get("/postvak")).text, "/postvak/")
        page = (await client.get(address)).text
        (file_address,) = links(page, f"{address}/bijlage/")
        file = await client.get(file_address)

    assert "<pre>Beste,\n\nEr is een plan. &lt;script&gt;" in page.replace("\r\n", "\n")
    assert EVIL not in page
    assert file.content == b"%PDF-1.7"
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"] == (
        "attachment; filename=\"plan__.pdf\"; filename*=UTF-8''plan%20%C3%A9.pdf"
    )


async def test_html_part_is_caged(maildir: MaildirMailer) -> None:
    await maildir.send(make_mail())

    async with browser(maildir) as client:
        (address,) = links((await client.get("/postvak")).text, "/postvak/")
        page = (await client.get(address)).text
        response = await client.get(f"{address}/html")

    assert (
        f'<iframe sandbox title="De e-mail met opmaak"\n            src="{address}/html">' in page
    )
    policy = response.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script" not in policy


@pytest.mark.parametrize("path", [*ALL[1:], "/postvak/..%2f..%2fgeheim"])
async def test_unknown_mail_is_not_found(maildir: MaildirMailer, path: str) -> None:
    await maildir.send(make_mail())

    async with browser(maildir) as client:
        response = await client.get(path)

    assert response.status_code == 404
