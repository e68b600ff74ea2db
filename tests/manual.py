"""What the manuals show: pictures of pages and mails as Chromium draws them, made when asked to."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

from playwright.async_api import Browser, Locator, Page, async_playwright

from tests.harness import ROOT

#: Whether what the manuals show is to be made again.
TAKES_PICTURES = os.environ.get("WEGWIJZER_SCREENSHOTS") == "1"
PICTURES = ROOT / "docs/manual"
PHONE, WIDE = 390, 1200
#: More of a page than this nobody looks at in a manual, in pixels.
_MOST = 1600
#: What no picture may show: the machine that it was made on.
_LOCAL = ("127.0.0.1", "localhost")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a browser; letters without coloured edges make small pictures."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-lcd-text"],
        )
        yield started
        await started.close()


async def picture(
    page: Page, name: str, *, width: int = PHONE, top: Locator | None = None, most: int = _MOST
) -> None:
    """Keep how a page looks from `top` on, cut after `most` pixels; it must show no local name.

    Without being asked for pictures it only looks whether one could be made.
    """
    viewport = page.viewport_size
    # Low, so that a short page makes a short picture.
    await page.set_viewport_size({"width": width, "height": 400})
    await page.evaluate("window.scrollTo(0, 0)")
    shown = await page.locator("body").inner_text()
    assert [local for local in _LOCAL if local in shown] == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    box = await top.bounding_box() if top else None
    begin = max(0.0, box["y"] - 16) if box else 0.0
    height = await page.evaluate("document.documentElement.scrollHeight") - begin
    if TAKES_PICTURES:
        PICTURES.mkdir(parents=True, exist_ok=True)
        await page.screenshot(
            path=PICTURES / f"{name}.png",
            full_page=True,
            animations="disabled",
            clip={"x": 0, "y": begin, "width": width, "height": min(height, most)},
        )
    if viewport:
        await page.set_viewport_size(viewport)


async def mail_picture(browser: Browser, name: str, mail: EmailMessage, most: int = _MOST) -> None:
    """Keep how a mail looks on a phone, without what a mail program shows around it."""
    body = mail.get_body(("html",))
    assert body is not None
    page = await browser.new_page(viewport={"width": PHONE, "height": 844})
    await page.set_content(body.get_content())
    await picture(page, name, most=most)
    await page.close()
