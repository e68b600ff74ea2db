"""What the chat's script does with markup that people, the bot, files and buttons bring along."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright, expect

from bot.domain.turn import Choice, Document, DocumentKind, Reply
from bot.services.bell import Broadcast
from bot.storage.database import Database
from bot.web.listening import listen, public_url
from tests.clocks import SteppingClock
from tests.integration.running_chat import sqlite_only
from tests.integration.test_web_chat import Web

EVIL = (
    "<img src=x onerror=\"document.title='x'\"><script>document.title='x'</script>"
    "<b onmouseover=alert(1)>vet</b><svg onload=alert(2)></svg>&lt;i&gt; {{ 7*7 }} \"'`</p>"
)
LINK = "https://a.example/?x=1&y="
#: What is a link in it ends where the quote begins.
EVIL_LINK = f'{LINK}"onclick="alert(3)'
LABEL = '"><img src=x onerror=alert(4)>'
NAME = "<iframe src=//evil.example></iframe>.pdf"


@pytest.fixture
async def web(database: Database, clock: SteppingClock) -> Web:
    return Web(database, clock, Broadcast())


@pytest.fixture
async def page(web: Web) -> AsyncIterator[Page]:
    """The chat in a browser; whatever the browser complains about fails the test."""
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(web.app(), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(base_url=public_url(listening))
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto("/")
        yield page
        await browser.close()
    server.should_exit = True
    await task
    assert complaints == []


@sqlite_only
async def test_script_writes_text_and_no_markup(web: Web, page: Page) -> None:
    title = await page.title()
    await page.evaluate("document.body.dataset.stays = 'yes'")

    await page.fill("#field", EVIL)
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.own:not(.waiting)")).to_have_count(1)
    evil_file = Document(DocumentKind.PLAN_PDF, "plan-1", NAME)
    answer = Reply(f"Je zei: {EVIL} {EVIL_LINK}", (Choice(LABEL, "x"),), document=evil_file)
    await web.answer(web.received[0], answer)

    said = page.locator(".line:not(.own)")
    await expect(said.locator(".text")).to_have_text(f"Je zei: {EVIL} {EVIL_LINK}")
    assert await page.locator(".line.own .text").text_content() == EVIL
    assert await said.locator(".file-name").text_content() == NAME
    assert await said.locator(".options span").text_content() == LABEL
    assert await page.locator("#choices button").all_text_contents() == [LABEL]
    # All of it came by the script, without a new page.
    assert await page.locator("body").get_attribute("data-stays") == "yes"
    parts = page.locator(":is(#log, #choices) *")
    names = await parts.evaluate_all("all => all.map((it) => it.localName)")
    assert set(names) == {"a", "button", "div", "input", "p", "span", "time"}
    marks = await parts.evaluate_all("all => all.flatMap((it) => it.getAttributeNames())")
    assert [mark for mark in marks if mark.startswith("on")] == []
    links = page.locator(".line .text a")
    assert await links.evaluate_all("all => all.map((it) => it.getAttribute('href'))") == [LINK]
    assert await page.title() == title
