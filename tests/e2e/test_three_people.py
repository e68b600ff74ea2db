"""Three people and one plan: a teacher on Telegram, the two others by the links that they got.

Real app, real Rasa, real SMTP, a real browser without JavaScript. Only the ten minutes in which a
decision can be undone are not waited for: they are taken off in the database.
`WEGWIJZER_SCREENSHOTS=1` keeps what was seen and said in `docs/manual`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from playwright.async_api import Browser, Page, expect

from tests.botapi import TOKEN, BotApiServer, TelegramWorld
from tests.harness import RunningApp, add_contact
from tests.integration.smtp_server import SmtpTestServer
from tests.manual import PHONE, WIDE, chromium, mail_picture, picture
from tests.transcript import Talk

WITHIN = 30.0
LINK = re.compile(r"http://127\.0\.0\.1:\d+/l/[A-Za-z0-9_-]{54}")


@pytest.fixture
def smtp() -> Iterator[SmtpTestServer]:
    with SmtpTestServer() as server:
        yield server


@pytest.fixture
def served(app: RunningApp, world: TelegramWorld, smtp: SmtpTestServer) -> Iterator[RunningApp]:
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


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


async def opened(browser: Browser, link: str) -> Page:
    """Open a link as one who has no script and was never here."""
    context = await browser.new_context(
        viewport={"width": PHONE, "height": 844}, java_script_enabled=False, locale="nl-NL"
    )
    page = await context.new_page()
    page.set_default_timeout(WITHIN * 1000)
    await page.goto(link)
    assert "/l/" not in page.url
    return page


def mail_about(smtp: SmtpTestServer, number: int, subject: str) -> EmailMessage:
    smtp.wait_for(number)
    mail = smtp.received[number - 1].message
    assert subject in mail["Subject"], mail["Subject"]
    return mail


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text.replace("\r\n", "\n")


def link_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found.group()


def let_ten_minutes_pass(app: RunningApp) -> None:
    """Take the time in which a decision can be undone off what is stored."""
    now = datetime.now(UTC) - timedelta(seconds=1)
    with sqlite3.connect(app.folder / "wegwijzer.db", timeout=30) as database:
        stamp = now.strftime("%Y-%m-%d %H:%M:%S.%f")
        database.execute("UPDATE review SET leaves_at = ?", (stamp,))
        moved = database.execute(
            "UPDATE due SET due_at = ? WHERE kind = 'release' AND state = 'due'", (stamp,)
        )
        assert moved.rowcount == 1


async def write_idea(talk: Talk) -> None:
    await talk.say("hallo", "STO-wegwijzer")
    await talk.say("ik wil een plan maken", "Op welke school")
    await talk.say("dr nassau assen", "Welke school is het?")
    await talk.say("dr nassau college", "STO-regio Assen")
    await talk.say("nee, die ken ik niet", "Heb je al geprobeerd")
    await talk.say("nee, nog niet geprobeerd", "Hoe noem je je plan?")
    await talk.say("Drones in de zorg", "Wat is je idee")
    await talk.say("Leerlingen Z&W bouwen drones voor medicijnen.", "Voor welke leerlingen")
    await talk.say("Leerjaar 3, 60 leerlingen", "Welke vorm")
    await talk.press("Techniek in een niet-technisch profiel", "schoolleiding")


async def write_plan(talk: Talk) -> None:
    await talk.say("De regio wil meer techniek in de zorg.", "Vraag 2 van 6")
    await talk.say("In 2027 bouwt elke leerling een drone.", "Vraag 3 van 6")
    await talk.say("Zes lessen vanaf februari 2027.", "Vraag 4 van 6")
    await talk.say("We zien wel hoe het loopt.", "Vraag 5 van 6")
    await talk.say("Het mbo leent een simulator uit.", "Vraag 6 van 6")
    await talk.say("8 drones van 450 euro.", "Hoe heet je?")
    await talk.say("Docent Voorbeeld", "e-mailadres")
    await talk.say("docent@school.example", "Versturen")


async def supports(browser: Browser, link: str) -> None:
    """Support the idea, as the school's management."""
    page = await opened(browser, link)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Drones in de zorg")
    await picture(page, "schoolleiding")
    await page.get_by_label("Ik steun dit idee", exact=True).check()
    await page.get_by_label("Je naam").fill("A. Voorbeeld")
    await page.get_by_label("Je functie op school").fill("teamleider onderbouw")
    await page.get_by_role("button", name="Laat het de docent weten").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await picture(page, "schoolleiding-gezegd", most=700)


async def asks(page: Page) -> None:
    """Ask about one answer, as the programme manager."""
    await page.get_by_text("Stel een vraag bij een antwoord").click()
    await page.get_by_label("Bij welk antwoord?").select_option(label="Mijlpalen")
    await page.get_by_label("Je vraag").fill("Wanneer is de eerste les?")
    await picture(page, "vraag-stellen", top=page.locator("#do"), most=900)
    await page.get_by_role("button", name="Stuur de vraag").click()


async def decides(page: Page) -> None:
    """Approve with conditions."""
    await page.get_by_text("Neem een besluit").click()
    await page.get_by_label("Goedgekeurd met voorwaarden").check()
    await page.locator("#decide-text").fill("Begin met één klas.")
    await picture(page, "besluit-nemen", top=page.locator("#do"), most=1000)
    await page.get_by_role("button", name="Leg het besluit vast").click()
    await expect(page.get_by_role("heading", name="Besluit:")).to_be_visible()


async def test_plan_goes_from_idea_to_decision_between_three_people(
    world: TelegramWorld, smtp: SmtpTestServer, served: RunningApp, browser: Browser
) -> None:
    talk = Talk(world.user(), WITHIN)
    await write_idea(talk)

    # The school's management, by the link that the teacher passes on.
    await talk.press("Nee, nog niet", "Maak een bericht")
    await talk.press("Maak een bericht", "Stuur het bericht hierboven door")
    await supports(browser, link_in("\n".join(one.text for one in talk.user.received)))
    talk.meanwhile(
        "De docent stuurt het bericht door. De teamleider opent de link en steunt het idee.",
        pagina="schoolleiding",
    )
    await talk.hear("steunt je idee")

    await write_plan(talk)
    said = await talk.say("versturen", ".pdf")
    number = re.search(r"STO-\d{4}-\d{4}", said)
    assert number

    # The programme manager, by the link in the mail.
    mail = mail_about(smtp, 1, number.group())
    assert "A. Voorbeeld, teamleider onderbouw" in plain(mail)
    await mail_picture(browser, "mail-nieuw-plan", mail)
    page = await opened(browser, link_in(plain(mail)))
    await picture(page, "beoordelen")
    await picture(page, "beoordelen-breed", width=WIDE)
    await page.get_by_role("button", name="Ik heb het plan ontvangen").click()
    talk.meanwhile(
        "De programmamanager krijgt een mail, opent de link en meldt dat het plan er is.",
        mail="mail-nieuw-plan",
        pagina="beoordelen",
    )
    await talk.hear("ontvangen")
    await asks(page)
    talk.meanwhile(
        "De programmamanager leest het plan en stelt een vraag bij één antwoord.",
        pagina="vraag-stellen",
    )
    asked = await talk.hear("Wanneer is de eerste les?")
    assert "Mijlpalen" in asked

    # Only that answer is open for the teacher; the new version goes back.
    await talk.press("Antwoord aanpassen", "Typ je nieuwe antwoord")
    await talk.say("wat is cofinanciering?", "Terug naar de vraag over “Mijlpalen”")
    await talk.say("De eerste les is in maart 2027.", "Dit wordt je nieuwe antwoord")
    await talk.press("Versturen", "ziet wat er veranderd is")
    changed = mail_about(smtp, 2, "Kijk wat er veranderd is")
    await mail_picture(browser, "mail-nieuwe-versie", changed)
    page = await opened(browser, link_in(plain(changed)))
    await expect(page.locator("article.changed")).to_contain_text("maart 2027")
    await picture(page, "nieuwe-versie", top=page.locator("#plan"))

    # A decision with conditions: undone once, then it leaves.
    await decides(page)
    await picture(page, "besluit", most=1000)
    await page.get_by_role("button", name="Maak het besluit ongedaan").click()
    await decides(page)
    talk.meanwhile(
        "De programmamanager ziet wat er veranderd is en neemt een besluit, maakt het binnen tien "
        "minuten ongedaan en besluit opnieuw. De docent merkt daar niets van. Na tien minuten gaat "
        "het tweede besluit naar de docent.",
        mail="mail-nieuwe-versie",
        verschil="nieuwe-versie",
        besluit="besluit",
    )
    assert "Begin met één klas" not in "".join(one.text for one in talk.user.received)
    let_ten_minutes_pass(served)
    decided = await talk.hear("Begin met één klas.")

    assert "met voorwaarden" in decided
    assert "Over geld en planning hoor je meer van de regio zelf." in decided
    said = await talk.say("waar staat mijn plan", "goedgekeurd met voorwaarden")
    assert number.group() in said
    assert talk.slowest < WITHIN
    talk.keep()
