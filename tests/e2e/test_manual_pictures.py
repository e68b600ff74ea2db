"""The pictures that the run of three people does not come by: lists, links, and the other mails.

`WEGWIJZER_SCREENSHOTS=1` keeps them in `docs/manual`; else this only looks whether they can be
made.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page, expect

from bot.delivery.mail_sender import EmailSender
from bot.domain.access import Purpose
from bot.domain.inbox import Channel
from bot.domain.plan import PlanStatus
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.services.clock_worker import ClockWorker
from bot.services.review_input import Order
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.web.listening import listen, public_url
from tests.clocks import SteppingClock
from tests.desk_pages import DeskWeb, make_desk
from tests.manual import PHONE, WIDE, chromium, mail_picture, picture
from tests.person import Person, write_plan
from tests.reviews import act, actor, add_contacts, only_plan
from tests.sent_plans import Sent, store
from tests.waiting_plans import send_at_once

BY_MANAGER = (0.5, Role.PROGRAMME_MANAGER, Action.RECEIVE, "manager")
OTHER = "Het Voorbeeld"
PLANS = (
    Sent(1, days=1),
    Sent(2, title="Robots in de kas", status=PlanStatus.REVISED, days=9, waited=5,
         school=OTHER, resources="Een robotarm van 2.400 euro"),
    Sent(3, title="Een keuken die zelf meet", status=PlanStatus.ASKED, days=12,
         resources="Dat zoeken we nog uit", events=(BY_MANAGER,)),
    Sent(4, title="Zonnepanelen op school", status=PlanStatus.APPROVED, days=16,
         is_released=True, resources="12 panelen van 150 euro", events=(BY_MANAGER,)),
    Sent(5, title="Techniekdag met groep 8", status=PlanStatus.SUBMITTED, days=8,
         holder="at_school", resources="Totaal 900 euro"),
    Sent(6, title="Lassen voor beginners", status=PlanStatus.NOT_NOW, days=40, school=OTHER,
         is_released=True, resources="Drie lasapparaten", events=(BY_MANAGER,)),
)  # fmt: skip
IDEA = "Leerlingen Zorg en Welzijn bouwen zelf drones die medicijnen brengen, samen met het mbo."


class Postbag:
    """Keeps the mails that would be sent."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        self.mails.append(message)


@pytest.fixture
async def desk(tmp_path: Path, clock: SteppingClock) -> AsyncIterator[DeskWeb]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'manual.db'}", clock)
    await migrate(database)
    await add_contacts(database, "manager", "at_school", "support")
    yield make_desk(database, clock)
    await database.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
async def page(desk: DeskWeb, browser: Browser) -> AsyncIterator[Page]:
    """A phone on which nothing of ours was opened before."""
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(desk.app, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    context = await browser.new_context(
        base_url=public_url(listening),
        viewport={"width": PHONE, "height": 844},
        java_script_enabled=False,
        locale="nl-NL",
    )
    yield await context.new_page()
    await context.close()
    server.should_exit = True
    await task


async def posted(desk: DeskWeb, subject: str) -> EmailMessage:
    """Send all that waits, and give the one mail with this in its subject."""
    bag = Postbag()
    sender = EmailSender(desk.database, bag, "wegwijzer@regio.example", desk.clock, desk.book)
    now = desk.clock.now()
    async with desk.database.write() as uow:
        rows = await uow.outbox.claim(["email"], now, limit=100, seconds=60)
    for row in rows:
        await sender.send(row)
        async with desk.database.write() as uow:
            await uow.outbox.sent(row.id, now)
    (found,) = [mail for mail in bag.mails if subject in mail["Subject"]]
    return found


async def test_overview_shows_a_region(desk: DeskWeb, page: Page) -> None:
    async with desk.database.write() as uow:
        await store(uow, desk.clock.now(), *PLANS)

    await page.goto(desk.door(await desk.link(Purpose.REGION, contact="manager")))

    await expect(page.get_by_role("heading", level=1)).to_have_text("Plannen in regio Assen")
    await picture(page, "overzicht")
    await picture(page, "overzicht-breed", width=WIDE)


async def test_contact_confirms_and_couples(desk: DeskWeb, page: Page) -> None:
    await page.goto(desk.door(await desk.link(Purpose.CONFIRM, contact="manager")))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Klopt dit nog?")
    await picture(page, "klopt-dit-nog")

    await page.get_by_role("button", name="Koppel Telegram").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Koppel Telegram")
    await picture(page, "telegram-koppelen")


async def test_link_that_is_over_can_be_asked_anew(desk: DeskWeb, page: Page) -> None:
    link = await desk.link(Purpose.CONFIRM, contact="manager")
    desk.clock.step(days=31)

    await page.goto(desk.door(link))

    await expect(page.get_by_role("button")).to_have_text("Stuur mij een nieuwe link")
    await picture(page, "link-verlopen")


async def test_management_is_asked_by_mail(desk: DeskWeb, browser: Browser) -> None:
    teacher = Person(desk.database, desk.services, desk.clock)
    await write_plan(teacher, until="idee")
    await teacher.answer(IDEA)
    plan = await only_plan(teacher)

    async with desk.database.write() as uow:
        await desk.services.support_requests.mail(
            uow, plan, "leiding@school.example", desk.clock.now()
        )

    mail = await posted(desk, "zeg of je het steunt")
    await mail_picture(browser, "mail-schoolleiding", mail)


async def test_silence_brings_one_mail_about_all(desk: DeskWeb, browser: Browser) -> None:
    for number, title in enumerate(("Drones in de zorg", "Robots in de kas"), start=1):
        teacher = Person(desk.database, desk.services, desk.clock, address=str(number))
        await send_at_once(teacher, titel=title)
    desk.clock.moment = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)

    await ClockWorker(desk.database, desk.services.clockwork, desk.clock).look()

    mail = await posted(desk, "Reageer op 2 plannen")
    await mail_picture(browser, "mail-herinnering", mail)


async def test_teacher_on_the_web_gets_mail(desk: DeskWeb, browser: Browser) -> None:
    teacher = Person(desk.database, desk.services, desk.clock, channel=Channel.WEB)
    plan = await send_at_once(teacher)
    moments = tuple(desk.clock.now() + timedelta(days=days, hours=5) for days in (9, 11))
    order = Order(Action.INVITE, text="Neem gerust een collega mee.", moments=moments)

    await act(teacher, actor("manager"), plan.id, order)

    mail = await posted(desk, "Kies een moment")
    await mail_picture(browser, "mail-docent", mail)
