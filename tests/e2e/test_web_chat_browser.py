"""A whole plan through the web page in a real browser: real app, real Rasa, real Maildir."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pypdf
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.delivery.maildir import MaildirMailer
from tests.harness import ROOT, RunningApp, add_contact
from tests.person import PLAN_ANSWERS, SIX

WITHIN = 30_000
PICTURE = ROOT / "docs/images/webchat.png"
PHONE = {"width": 390, "height": 844}
#: Whether the picture in the README is to be taken again.
TAKES_PICTURE = os.environ.get("WEGWIJZER_SCREENSHOTS") == "1"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        await started.close()


@pytest.fixture
async def page(browser: Browser, running_app: RunningApp) -> AsyncIterator[Page]:
    """The chat in a browser; whatever the browser complains about fails the test."""
    context = await browser.new_context(base_url=running_app.base_url, reduced_motion="reduce")
    context.set_default_timeout(WITHIN)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto("/")
    yield page
    assert complaints == []
    await context.close()


async def hears(page: Page, text: str) -> None:
    """Wait until the last thing said holds `text`."""
    said = page.locator(".line:not(.own)").last
    await expect(said).to_contain_text(text, timeout=WITHIN)


async def says(page: Page, text: str, heard: str) -> None:
    """Type into the focused field, send with Enter, and wait for what is heard."""
    await expect(page.locator("#field")).to_be_focused()
    for number, line in enumerate(text.split("\n")):
        if number:
            await page.keyboard.press("Shift+Enter")
        await page.keyboard.type(line)
    await page.keyboard.press("Enter")
    await hears(page, heard)


async def goes_to(page: Page, label: str, key: str) -> None:
    """Move the focus with `key` until it is on the button with this label."""
    for _ in range(30):
        await page.keyboard.press(key)
        if await page.evaluate("document.activeElement.textContent.trim()") == label:
            return
    raise AssertionError(f"{label!r} cannot be reached with {key}")


async def presses_by_key(page: Page, label: str, heard: str) -> None:
    """Walk from the text field to a choice and press it, without a mouse."""
    await expect(page.get_by_role("button", name=label, exact=True)).to_be_visible(timeout=WITHIN)
    await goes_to(page, label, "Shift+Tab")
    await page.keyboard.press("Enter")
    await hears(page, heard)


async def clicks(page: Page, label: str, heard: str) -> None:
    await page.get_by_role("button", name=label, exact=True).click()
    await hears(page, heard)


async def test_plan_by_keyboard_and_mouse_ends_in_one_mail(
    page: Page, running_app: RunningApp
) -> None:
    add_contact(running_app)
    await goes_to(page, "Begin", "Tab")
    await page.keyboard.press("Enter")
    await hears(page, "STO-wegwijzer")
    await presses_by_key(page, "Plan maken", "Op welke school")
    await says(page, PLAN_ANSWERS["school"], "Welke school is het?")
    school = await page.locator("#choices button").first.inner_text()
    assert "Nassau" in school
    await presses_by_key(page, school, "contactpersoon")
    await presses_by_key(page, "Nee, die ken ik niet", "Heb je al geprobeerd")
    await presses_by_key(page, "Nee, nog niet geprobeerd", "Hoe noem je je plan?")
    await says(page, PLAN_ANSWERS["titel"], "Wat is je idee?")
    await says(page, PLAN_ANSWERS["idee"], "Voor welke leerlingen")
    await says(page, PLAN_ANSWERS["doelgroep"], "Welke vorm")
    await presses_by_key(page, "Technisch keuzevak", "schoolleiding")
    await clicks(page, "Ja, ze steunen het", "Met wie heb je het besproken?")
    await says(page, PLAN_ANSWERS["management_who"], "Vraag 1 van 6")
    await take_picture(page)
    for number, step in enumerate(SIX, start=1):
        following = f"Vraag {number + 1} van 6" if number < len(SIX) else "Hoe heet je?"
        await says(page, PLAN_ANSWERS[step], following)
    await says(page, PLAN_ANSWERS["naam"], "e-mailadres")
    await says(page, PLAN_ANSWERS["email"], "Klopt het zo?")

    await clicks(page, "Versturen", "Verstuurd! Je plan heeft nummer STO-")

    assert await page.locator(".text b").count() == 0
    pdf = await downloaded(page)
    text = " ".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert PLAN_ANSWERS["doelen"] in " ".join(text.split())
    await check_postvak(page, running_app.maildir)


async def downloaded(page: Page) -> bytes:
    """Save the PDF that came with the receipt."""
    async with page.expect_download() as started:
        await page.locator(".line .file").last.click()
    download = await started.value
    assert download.suggested_filename.startswith("STO-")
    return await asyncio.to_thread(Path(await download.path()).read_bytes)


async def check_postvak(page: Page, maildir: Path) -> None:
    """Read the mail where a newcomer reads it; it is the only one, and complete."""
    link = page.locator(".mails a")
    await page.goto("/postvak")
    while not await link.count():
        # The mail leaves after the receipt is shown; its PDF takes a moment.
        await page.reload()
    await link.click()
    body = await page.locator("pre").inner_text()
    assert [step for step in SIX if PLAN_ANSWERS[step] not in body] == []
    assert "pm@regio.example" in await page.locator("main").inner_text()
    mails = MaildirMailer(maildir).list_mails()
    assert [mail.to for mail in mails] == ["pm@regio.example"]


async def take_picture(page: Page) -> None:
    """Keep this moment as a phone shows it, when asked to."""
    if not TAKES_PICTURE:
        return
    size = page.viewport_size
    assert size
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURE)
    await page.set_viewport_size(size)


async def test_conversation_is_there_after_reload(page: Page) -> None:
    await page.get_by_role("button", name="Begin").click()
    await hears(page, "Wat wil je doen?")
    before = await page.locator("#log").inner_text()

    await page.reload()

    await expect(page.get_by_role("button", name="Plan maken")).to_be_visible()
    assert await page.locator("#log").inner_text() == before


async def test_page_answers_without_its_script(browser: Browser, running_app: RunningApp) -> None:
    context = await browser.new_context(base_url=running_app.base_url, java_script_enabled=False)
    context.set_default_timeout(WITHIN)
    page = await context.new_page()
    await page.goto("/")

    await page.get_by_role("button", name="Begin").click()
    await page.get_by_role("button", name="Plan maken").click()
    await page.get_by_label("Je bericht").fill("dr nassau assen")
    await page.get_by_role("button", name="Stuur bericht").click()

    await expect(page.locator(".line").last).to_contain_text("Welke school is het?")
    assert await page.locator(".line.own .text").all_inner_texts() == [
        "hallo",
        "Plan maken",
        "dr nassau assen",
    ]
    await context.close()


async def test_everything_is_large_enough_for_a_thumb(
    browser: Browser, running_app: RunningApp
) -> None:
    context = await browser.new_context(
        base_url=running_app.base_url, viewport=PHONE, is_mobile=True, has_touch=True
    )
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_role("button", name="Begin").tap()
    await hears(page, "Wat wil je doen?")
    await page.locator("summary").tap()

    targets = page.locator("button:visible, summary:visible, textarea:visible, .menu a:visible")
    boxes = [await target.bounding_box() for target in await targets.all()]

    assert len(boxes) >= 10
    assert [box for box in boxes if not box or box["height"] < 44 or box["width"] < 44] == []
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    await context.close()
