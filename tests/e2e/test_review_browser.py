"""The pages behind a link in a real browser: with and without scripts, by keyboard, on a phone."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect
from starlette.applications import Starlette

from bot.domain.access import Purpose
from bot.domain.plan import Plan, PlanStatus
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.web.listening import listen, public_url
from tests.clocks import SteppingClock
from tests.desk_pages import DeskWeb, answered_anew, make_desk
from tests.person import PLAN_ANSWERS, Person, write_plan
from tests.reviews import add_contacts, handed_over, only_plan

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
LONG = "Eenwoorddatmaarnietophoudtendusnooitvanzelfafbreekt" * 3


@pytest.fixture
async def desk(tmp_path: Path, clock: SteppingClock) -> AsyncIterator[DeskWeb]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}", clock)
    await migrate(database)
    yield make_desk(database, clock)
    await database.close()


@pytest.fixture
async def plan(desk: DeskWeb) -> Plan:
    await add_contacts(desk.database, "manager", "at_school", "support")
    return await handed_over(Person(desk.database, desk.services, desk.clock))


@pytest.fixture
async def base_url(desk: DeskWeb) -> AsyncIterator[str]:
    async with serving(desk.app) as url:
        yield url


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """Serve the pages on a port of this machine."""
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    yield public_url(listening)
    server.should_exit = True
    await task


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        await started.close()


@asynccontextmanager
async def page_of(browser: Browser, base_url: str, **options: Any) -> AsyncIterator[Page]:
    """Give a page; whatever the browser complains about fails the test."""
    context = await browser.new_context(base_url=base_url, reduced_motion="reduce", **options)
    context.set_default_timeout(10_000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    # Chromium reports each page that does not say 200; those are meant to.
    assert [one for one in complaints if "the server responded with a status of 4" not in one] == []
    await context.close()


async def opened(page: Page, desk: DeskWeb, plan: Plan) -> None:
    """Open the manager's link to a plan, as it stands in the mail."""
    await page.goto(desk.door(await desk.review_link(plan.id)))


async def status_of(desk: DeskWeb, plan: Plan) -> PlanStatus:
    async with desk.database.read() as uow:
        return (await uow.plans.get(plan.id)).status


@pytest.mark.parametrize("has_scripts", [True, False])
async def test_manager_reads_asks_decides_and_undoes(
    desk: DeskWeb, plan: Plan, base_url: str, browser: Browser, has_scripts: bool
) -> None:
    async with page_of(browser, base_url, viewport=PHONE, java_script_enabled=has_scripts) as page:
        await opened(page, desk, plan)
        await expect(page.locator("h1")).to_have_text(PLAN_ANSWERS["titel"])
        await page.get_by_role("button", name="Ik heb het plan ontvangen").click()
        await expect(page.get_by_role("status")).to_contain_text("De docent weet nu")

        await page.get_by_role("link", name="Stel een vraag bij Doelen").click()
        await expect(page.get_by_label("Bij welk antwoord?")).to_have_value("doelen")
        await page.get_by_label("Je vraag").fill("Hoe meet je dat?")
        await page.get_by_role("button", name="Stuur de vraag").click()
        await expect(page.locator("blockquote").first).to_have_text("Hoe meet je dat?")
        assert await status_of(desk, plan) is PlanStatus.ASKED

        await answered_anew(desk, plan, "doelen", "40% kiest techniek in 2027; nu 18%")
        await opened(page, desk, plan)
        await expect(page.locator(".changed ins")).to_contain_text("40%")
        await expect(page.locator(".changed del")).to_contain_text("30%")

        await page.get_by_text("Neem een besluit").click()
        await page.get_by_role("button", name="Leg het besluit vast").click()
        await expect(page.get_by_role("alert")).to_contain_text("Kies een besluit.")
        await page.get_by_label("Goedgekeurd met voorwaarden").check()
        await page.get_by_label("Toelichting voor de docent").fill("Start na de kerst.")
        await page.get_by_role("button", name="Leg het besluit vast").click()
        await expect(page.locator(".notice")).to_contain_text("Ongedaan maken kan tot 10:10")
        assert await status_of(desk, plan) is PlanStatus.CONDITIONAL

        await page.get_by_role("button", name="Maak het besluit ongedaan").click()
        await expect(page.get_by_role("status")).to_contain_text("ongedaan gemaakt")
        assert await status_of(desk, plan) is PlanStatus.REVISED


async def goes_to(page: Page, name: str) -> None:
    """Move the focus with Tab until it is on what has this name."""
    script = """() => {
        const at = document.activeElement;
        const label = at.labels && at.labels[0];
        return (label || at).textContent.trim().replace(/\\s+/g, " ");
    }"""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await page.evaluate(script) == name:
            assert await page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            )
            return
    raise AssertionError(f"{name!r} cannot be reached with Tab")


async def types_moment(page: Page, day: str, time: str) -> None:
    """Fill in the calendar field that has the focus; day and month are the same, in any order."""
    await page.keyboard.type(day)
    await page.keyboard.press("ArrowRight")
    await page.keyboard.type(time)


async def test_everything_goes_by_keyboard_alone(
    desk: DeskWeb, plan: Plan, base_url: str, browser: Browser
) -> None:
    async with page_of(browser, base_url) as page:
        await opened(page, desk, plan)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
        await page.keyboard.press("Enter")
        await goes_to(page, "Ik heb het plan ontvangen")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_be_visible()

        await goes_to(page, "Wat kan ik doen?")
        await page.keyboard.press("Enter")
        await goes_to(page, "Nodig uit voor een gesprek")
        await page.keyboard.press("Enter")
        await goes_to(page, "Moment 1")
        await types_moment(page, "12122026", "1530")
        await goes_to(page, "Waar?")
        await page.keyboard.type("op school")
        await goes_to(page, "Stuur de uitnodiging")
        await page.keyboard.press("Enter")
        await expect(page.locator(".history")).to_contain_text("za 12 december, 15:30")
        assert await status_of(desk, plan) is PlanStatus.INVITED

        await goes_to(page, "Neem een besluit")
        await page.keyboard.press("Enter")
        await goes_to(page, "Goedgekeurd")
        await page.keyboard.press("ArrowUp")
        await goes_to(page, "Toelichting voor de docent")
        await page.keyboard.type("Het potje is leeg.")
        await goes_to(page, "Leg het besluit vast")
        await page.keyboard.press("Space")
        await expect(page.locator(".notice")).to_contain_text("niet nu")
        await goes_to(page, "Maak het besluit ongedaan")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("ongedaan gemaakt")


async def test_management_supports_on_a_phone(
    desk: DeskWeb, base_url: str, browser: Browser
) -> None:
    plan = await idea_of(desk)
    link = await desk.link(Purpose.MANAGEMENT, plan.id)

    async with page_of(browser, base_url, viewport=PHONE, java_script_enabled=False) as page:
        await page.goto(desk.door(link))
        await page.get_by_text("Lees verder").click()
        await page.get_by_text("Opmerking bij Doelen", exact=True).click()
        await page.get_by_label("Je opmerking bij “Doelen”").fill("Noem een aantal.")
        await page.get_by_label("Ik geef het terug, met opmerkingen").check()
        await page.get_by_label("Je naam").fill("M. Voorbeeld")
        await page.get_by_label("Je functie op school").fill("teamleider")
        await page.get_by_role("button", name="Laat het de docent weten").click()
        await expect(page.get_by_role("status")).to_contain_text("De docent hoort het meteen.")

        await expect(page.get_by_label("Je naam")).to_have_value("M. Voorbeeld")
        await page.get_by_label("Ik steun dit idee", exact=True).check()
        await page.get_by_role("button", name="Laat het de docent weten").click()
        await expect(page.locator(".card").first).to_contain_text(
            "M. Voorbeeld (teamleider) steunt"
        )


async def idea_of(desk: DeskWeb) -> Plan:
    """Let another teacher write a plan as far as the goals."""
    teacher = Person(desk.database, desk.services, desk.clock, address="1002")
    await write_plan(teacher, until="activiteiten")
    return await only_plan(teacher)


async def walk(desk: DeskWeb, plan: Plan, page: Page) -> AsyncIterator[str]:
    """Go through every page behind a link, in each of its states; give a name at each."""
    async for name in _steps(desk, plan, page):
        # A click waits for the next page, but not for its stylesheet.
        await page.wait_for_load_state("load")
        yield name


async def _steps(desk: DeskWeb, plan: Plan, page: Page) -> AsyncIterator[str]:

    async def sends(form: str) -> None:
        await page.locator(f"form#{form} button:not([type])").last.click()

    await page.goto("/l/" + "A" * 54)
    yield "link-over"
    await page.get_by_role("button").click()
    yield "link-asked"
    await opened(page, desk, plan)
    yield "review"
    await open_all(page)
    yield "review-forms"
    await page.locator("#note textarea").fill(LONG)
    await sends("note")
    await open_all(page)
    await page.locator("#invite-moment1").evaluate("field => field.type = 'text'")
    await page.locator("#invite-moment1").fill("straks")
    await sends("invite")
    yield "review-wrong"
    await open_all(page)
    await page.locator("#ask-step").select_option("doelen")
    await page.locator("#ask-text").fill("Hoe meet je dat?")
    await sends("ask")
    yield "review-asked"
    await answered_anew(desk, plan, "doelen", f"40% kiest techniek in 2027; nu 18% {LONG}")
    await opened(page, desk, plan)
    yield "review-changed"
    await page.get_by_role("link", name="Versie 1").click()
    yield "review-old"
    await opened(page, desk, plan)
    await open_all(page)
    await page.get_by_label("Niet nu").check()
    await page.locator("#decide-text").fill("Het potje is leeg.\n\nVolgend jaar weer.")
    await sends("decide")
    yield "review-decided"
    await page.get_by_role("button", name="Koppel Telegram").click()
    yield "couple"
    await opened(page, desk, plan)
    await page.locator("input[name=proof]").first.evaluate("field => field.value = 'x'")
    await page.get_by_role("button", name="Maak het besluit ongedaan").click()
    yield "refused"
    idea = await idea_of(desk)
    await page.goto(desk.door(await desk.link(Purpose.MANAGEMENT, idea.id)))
    yield "management"
    await open_all(page)
    await page.get_by_label("Ik steun dit idee", exact=True).check()
    await sends("verdict")
    yield "management-wrong"
    await page.get_by_label("Je naam").fill("M. Voorbeeld")
    await page.get_by_label("Je functie op school").fill("teamleider")
    await sends("verdict")
    yield "management-said"
    await page.goto(desk.door(await desk.link(Purpose.MANAGEMENT, plan.id)))
    yield "management-closed"
    await page.goto(desk.door(await desk.link(Purpose.CONFIRM, contact="at_school")))
    yield "confirm"
    await open_all(page)
    await sends("wrong")
    yield "confirm-wrong"


async def open_all(page: Page) -> None:
    await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


async def test_axe_finds_nothing_serious(
    desk: DeskWeb, plan: Plan, base_url: str, browser: Browser
) -> None:
    found: list[tuple[str, str, str]] = []
    seen: list[str] = []
    async with page_of(browser, base_url, viewport=PHONE) as page:
        async for name in walk(desk, plan, page):
            seen.append(name)
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                results = await Axe().run(page)
                found += [
                    (name, scheme, f"{one['id']}: {one['nodes'][0]['html']}")
                    for one in results.response["violations"]
                    if one["impact"] in ("serious", "critical", "moderate")
                ]

    assert len(seen) == len(set(seen)) == 17
    assert found == []


async def test_nothing_scrolls_sideways_when_narrow(
    desk: DeskWeb, plan: Plan, base_url: str, browser: Browser
) -> None:
    too_wide: list[tuple[str, int]] = []
    async with page_of(browser, base_url, viewport=NARROW) as page:
        async for name in walk(desk, plan, page):
            width = await page.evaluate("document.documentElement.scrollWidth")
            if width > NARROW["width"]:
                too_wide.append((name, width))

    assert too_wide == []


async def test_everything_is_large_enough_for_a_thumb(
    desk: DeskWeb, plan: Plan, base_url: str, browser: Browser
) -> None:
    small: list[tuple[str, str]] = []
    targets = "button, summary, textarea, select, input:not([type=hidden], [type=radio]), .choice"
    async with page_of(browser, base_url, viewport=PHONE, has_touch=True) as page:
        async for name in walk(desk, plan, page):
            for target in await page.locator(f":is({targets}):visible").all():
                box = await target.bounding_box()
                if not box or box["height"] < 44 or box["width"] < 44:
                    small.append((name, await target.inner_text()))

    assert small == []


async def test_paper_shows_the_plan_and_no_forms(
    desk: DeskWeb, plan: Plan, base_url: str, browser: Browser
) -> None:
    async with page_of(browser, base_url) as page:
        await opened(page, desk, plan)
        await page.emulate_media(media="print", color_scheme="dark")

        forms = await page.locator(":is(button, textarea, select, summary):visible").count()
        text = await page.locator("main").inner_text()

    assert forms == 0
    assert PLAN_ANSWERS["doelen"] in text
    assert "Wat er gebeurde" in text


async def test_every_page_stays_on_this_site(
    desk: DeskWeb, plan: Plan, base_url: str, browser: Browser
) -> None:
    asked: list[str] = []
    async with page_of(browser, base_url) as page:
        page.on("request", lambda request: asked.append(request.url))
        async for _ in walk(desk, plan, page):
            assert await page.locator("script").count() == 0

    assert len(asked) > 20
    assert [url for url in asked if not url.startswith(base_url)] == []
