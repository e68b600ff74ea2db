"""The files that go with an e-mail about a plan."""

from __future__ import annotations

import json
import re
from functools import partial

import structlog

from bot.delivery.email_message import File
from bot.delivery.pdf import render_pdf
from bot.delivery.pdf_in_time import in_time
from bot.domain.summary import PlanSummary

log = structlog.get_logger()


async def pdf_file(summary: PlanSummary) -> File | None:
    """Give the summary as PDF; None when that fails, which is logged.

    What the mail asks must arrive, with or without the PDF.
    """
    try:
        content = await in_time(partial(render_pdf, summary))
    except Exception as error:
        log.exception("pdf_failed", error=type(error).__name__)
        return None
    return File(f"{_stem(summary)}.pdf", content, "application", "pdf")


def json_file(summary: PlanSummary) -> File:
    """Give the summary as JSON, for programs."""
    document = json.dumps(summary.to_dict(), ensure_ascii=False, indent=2)
    content = document.encode("utf-8", errors="replace")
    return File(f"{_stem(summary)}.json", content, "application", "json")


def invitation_file(summary: PlanSummary, content: bytes) -> File:
    """Give a calendar file as mail programs recognise it."""
    return File(
        f"gesprek-{_stem(summary)}.ics",
        content,
        "text",
        "calendar",
        {"charset": "utf-8", "method": "PUBLISH"},
    )


def _stem(summary: PlanSummary) -> str:
    return re.sub("[^A-Za-z0-9-]", "", summary.reference)[:40] or "plan"
