"""The overview in a real browser: narrow and wide, light and dark, on paper, without scripts."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.domain.access import Purpose
from bot.domain.plan import PlanStatus
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.web.listening import listen, public_url
from tests.clocks import SteppingClock
from tests.desk_pages import DeskWeb, make_desk
from tests.reviews import add_contacts
from tests.sent_plans import Sent, store

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
LONG = "Eenwoorddatmaarnietophoudtendusnooitvanzelfafbreekt" * 2
PLANS = (
    Sent(1, title=LONG, school=LONG, days=3),
    Sent(2, title="Drones", status=PlanStatus.APPROVED, days=2),
    Sent(3, title="Robots", status=PlanStatus.ASKED, days=1),
    *(Sent(number, days=number) for number in range(4, 60)),
)


@pytest.fixture
async def desk(tmp_path: Path, clock: SteppingClock) -> AsyncIterator[DeskWeb]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'overview.db'}", clock)
    await migrate(database)
    await add_contacts(database)
    async with database.write() as uow:
        await store(uow, clock.now(), *PLANS)
    yield make_desk(database, clock)
    await database.close()


@pytest.fixture
async def base_url(desk: DeskWeb) -> AsyncIterator[str]:
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(desk.app, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    yield public_url(listening)
    server.should_exit = True
    await task


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        await started.close()


@pytest.fixture
async def page(desk: DeskWeb, base_url: str, browser: Browser) -> AsyncIterator[Page]:
    """The overview of a manager, in a browser that runs no scripts of the page."""
    context = await browser.new_context(base_url=base_url)
    context.set_default_timeout(10_000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    await page.goto(desk.door(await desk.link(Purpose.REGION, contact="manager")))
    yield page
    assert complaints == []
    await context.close()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_axe_finds_nothing_on_the_overview(page: Page, size: dict[str, int]) -> None:
    found: list[tuple[str, str]] = []
    await page.set_viewport_size({"width": size["width"], "height": size["height"]})

    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        results = await Axe().run(page)
        found += [(scheme, one["id"]) for one in results.response["violations"]]

    assert found == []
    assert await page.evaluate("document.documentElement.scrollWidth") == size["width"]


async def test_narrow_table_labels_each_cell(page: Page) -> None:
    row = page.locator("table.rows").first.locator("tbody tr").first
    label = row.get_by_text("Ligt bij", exact=True)

    await expect(label).to_be_hidden()
    await page.set_viewport_size({"width": 320, "height": 640})

    await expect(label).to_be_visible()


async def test_targets_are_large_enough_for_a_thumb(page: Page) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    targets = "button, select, input:not([type=hidden]), .button, .file, .rows a, .waits a"

    boxes = [await one.bounding_box() for one in await page.locator(targets).all()]

    assert len(boxes) > 20
    assert [box for box in boxes if not box or box["height"] < 44] == []


async def test_filter_and_plan_open_without_scripts(
    desk: DeskWeb, base_url: str, browser: Browser
) -> None:
    context = await browser.new_context(base_url=base_url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(desk.door(await desk.link(Purpose.REGION, contact="manager")))

    await page.get_by_label("Zoek op titel").fill("drones")
    await page.get_by_label("Stand").select_option("goedgekeurd")
    await page.get_by_role("button", name="Laat zien").click()

    await expect(page.get_by_role("status")).to_contain_text("1 plan gevonden")
    table = page.get_by_role("table", name="Alle plannen")
    stage = table.get_by_role("cell", name="goedgekeurd (nog niet verstuurd)", exact=True)
    await expect(stage).to_have_count(1)

    await table.get_by_role("link", name="Drones").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Drones")
    await page.get_by_role("link", name="Terug naar het overzicht").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Plannen in regio Assen")
    await context.close()


async def test_paper_shows_the_table_and_no_forms(page: Page) -> None:
    await page.emulate_media(media="print", color_scheme="dark")

    forms = await page.locator(":is(button, input, select):visible").count()

    assert forms == 0
    await expect(page.get_by_role("columnheader", name="Gevraagd")).to_be_visible()
