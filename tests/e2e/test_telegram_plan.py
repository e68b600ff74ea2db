"""A whole plan through the Telegram protocol: real app, real Rasa, real SMTP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import EmailMessage

import pypdf
import pytest

from tests.botapi import TOKEN, BotApiServer, TelegramWorld, User
from tests.harness import RunningApp, add_contact
from tests.integration.smtp_server import SmtpTestServer
from tests.person import PLAN_ANSWERS, SIX

WITHIN = 30.0
pytestmark = pytest.mark.usefixtures("telegram_app")


@pytest.fixture
def smtp() -> Iterator[SmtpTestServer]:
    with SmtpTestServer() as server:
        yield server


@pytest.fixture
def telegram_app(
    app: RunningApp, world: TelegramWorld, smtp: SmtpTestServer
) -> Iterator[RunningApp]:
    with BotApiServer(world) as server:
        app.environment |= {
            "WEGWIJZER_TELEGRAM_TOKEN": TOKEN,
            "WEGWIJZER_TELEGRAM_API_URL": server.url,
            "WEGWIJZER_SMTP_URL": f"smtp://127.0.0.1:{smtp.port}",
            "WEGWIJZER_OPERATOR_EMAIL": "beheer@regio.example",
            "WEGWIJZER_MAIL_FROM": "wegwijzer@regio.example",
        }
        add_contact(app)
        app.start()
        yield app
        app.stop()


async def say(user: User, text: str) -> str:
    before = len(user.received)
    user.send_text(text)
    received = await user.wait_for(before + 1, within=WITHIN)
    return received[-1].text or ""


async def press(user: User, label: str, replies: int = 1) -> str:
    before = len(user.received)
    user.press(label)
    received = await user.wait_for(before + replies, within=WITHIN)
    return "\n".join(message.text or "" for message in received[before:])


async def receipt(user: User) -> bytes:
    """The PDF that comes with the receipt."""
    found = await user.wait_for(
        lambda messages: [message for message in messages if message.document], within=WITHIN
    )
    (document,) = [message.document for message in found if message.document]
    return document.content


def only_mail(smtp: SmtpTestServer) -> EmailMessage:
    smtp.wait_for(1)
    (received,) = smtp.received
    return received.message


def pdf_text(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


async def test_plan_in_free_text_reaches_the_programme_manager(
    world: TelegramWorld, smtp: SmtpTestServer
) -> None:
    user = world.user()
    assert "STO-wegwijzer" in await say(user, "hallo")
    assert "Op welke school" in await say(user, "ik wil graag een plan maken")
    for text in PLAN_ANSWERS.values():
        said = await say(user, text)
    assert "Versturen" in user.received[-1].labels, said

    said = await say(user, "versturen")

    assert "STO-" in said
    pdf = await receipt(user)
    mail = only_mail(smtp)
    assert mail["To"] == "pm@regio.example"
    assert mail["Reply-To"] == "docent@school.example"
    assert mail["Subject"].startswith("Gevraagd:")
    text_part = mail.get_body(("plain",))
    assert text_part is not None
    for step in SIX:
        assert PLAN_ANSWERS[step] in text_part.get_content().replace("\r\n", "\n")
    attached = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    reference = next(name for name in attached if name.endswith(".pdf"))[:-4]
    assert reference in said
    assert pdf_text(attached[f"{reference}.pdf"]) == pdf_text(pdf)
    for step in SIX:
        # The PDF's own fonts have no emoji: a box stands in its place.
        assert PLAN_ANSWERS[step].replace("🚁", "□") in pdf_text(pdf)
    receipts = [message for message in user.received if reference in (message.text or "")]
    assert len(receipts) == 1


async def test_plan_by_buttons_ends_in_one_mail(world: TelegramWorld, smtp: SmtpTestServer) -> None:
    user = world.user()
    await say(user, "/start")
    await press(user, "Plan maken")
    await say(user, "nassau assen")
    await press(user, next(label for label in user.received[-1].labels if "Nassau" in label))
    await press(user, "Nee, die ken ik niet")
    await press(user, "Nee, nog niet geprobeerd")
    await say(user, "Zorgrobot")
    await say(user, "Leerlingen bouwen een zorgrobot.")
    await say(user, "Leerjaar 3")
    await press(user, "Technisch keuzevak")
    await press(user, "Nee, nog niet", replies=2)
    for number in range(1, 7):
        assert f"Vraag {number} van 6" in (user.received[-1].text or "")
        await say(user, f"Antwoord nummer {number}.")
    await press(user, "Overslaan")
    await press(user, "Overslaan")

    said = await press(user, "Versturen")
    user.press_data(*_button(user, "Versturen"))
    again = await user.wait_for("al verstuurd", within=WITHIN)

    assert "STO-" in said
    assert "al verstuurd" in (again[-1].text or "")
    text = only_mail(smtp).get_body(("plain",))
    assert text is not None
    for number in range(1, 7):
        assert f"Antwoord nummer {number}." in text.get_content()


def _button(user: User, label: str) -> tuple[str, int]:
    for message in reversed(user.received):
        for button in message.buttons:
            if button.label == label:
                return button.data, message.message_id
    raise LookupError(label)
