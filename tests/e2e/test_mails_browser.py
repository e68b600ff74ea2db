"""The HTML of the e-mails in a real browser: narrow and wide, light and dark, checked by axe."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, async_playwright

from bot.delivery.notice_mail import About, notice_draft
from bot.delivery.summary_mail import summary_draft
from bot.domain.access import link_mark
from bot.domain.notices import Notice
from bot.texts.summary import LINK_IS_YOURS
from tests.person import made_book
from tests.summaries import make_answer, make_summary

BOOK = made_book()
LINK = "AbCdE_-1234"
LONG = "onmogelijk_lang_woord_dat_op_geen_telefoon_past" * 3
SUMMARY = make_summary(title=f"Robots {LONG}", answers=(make_answer(LONG), make_answer(None)))
NOTICE = Notice(
    subject=f"Kijk wat er veranderd is in plan STO-2026-0001 “{LONG}”",
    paragraphs=(LONG, f"• {LONG}\n• kort", f"Lees plan STO-2026-0002.\n{link_mark(LINK)}"),
    link_id=LINK,
    link_label="Open het plan",
    reply_to="docent@school.example",
)
MAILS = {
    "hand_over": summary_draft(SUMMARY, BOOK.url(LINK), None, BOOK.privacy_url).html,
    "notice": notice_draft(NOTICE, BOOK, About("plan-1", warning=LINK_IS_YOURS)).html,
}
#: A mail stands within somebody else's page, so it has no landmarks of its own.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        await started.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", MAILS)
async def test_mail_is_readable_everywhere(
    browser: Browser, name: str, scheme: Literal["light", "dark"]
) -> None:
    context = await browser.new_context(color_scheme=scheme)
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    await page.set_content(MAILS[name])

    for width in (320, 360, 600, 1000):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        button = await page.get_by_role("link", name="Open het plan").bounding_box()
        assert button is not None
        assert button["height"] >= 44
    found = await Axe().run(page, options=WCAG)
    assert [(wrong["id"], wrong["impact"]) for wrong in found.response["violations"]] == []
    assert asked == []
    await context.close()
