"""Files to read as tagged PDF (PDF/UA-1), typeset by typst from data, never from markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from bot.delivery.pdf_glyphs import printable
from bot.domain.errors import WegwijzerError
from bot.domain.summary import PlanSummary
from bot.domain.text import shortened
from bot.texts.my_data import WORDS, MyDataPage
from bot.texts.summary import PDF_WORDS, summary_page

#: Viewers show the document's title in a window bar.
_MAX_TITLE = 120


class PdfFailedError(WegwijzerError):
    """De PDF kon niet worden gemaakt."""


def render_pdf(summary: PlanSummary) -> bytes:
    """Give the PDF of `summary`; the same summary gives the same bytes, on any machine.

    What was typed is shown literally. May run in several threads at once. Raises `PdfFailedError`
    when typst fails, so that the summary can go without its PDF.
    """
    page = summary_page(summary)
    title = shortened(f"{page.reference} - {page.title}", _MAX_TITLE)
    content = {**asdict(page), "words": PDF_WORDS, "document_title": title}
    made = datetime.fromisoformat(summary.submitted_on).replace(tzinfo=UTC)
    return _typeset("summary.typ", content, made)


def render_my_data(page: MyDataPage, now: datetime) -> bytes:
    """Give the PDF of what is stored about a person; shown literally, as in `render_pdf`."""
    content = {
        **asdict(page),
        "words": WORDS,
        "document_title": page.title,
        "reference": page.made,
    }
    # Typst takes whole seconds alone.
    return _typeset("my_data.typ", content, now.replace(microsecond=0))


def _typeset(template: str, content: dict[str, Any], made: datetime) -> bytes:
    try:
        return typst.compile(
            _template(template),
            sys_inputs={"page": json.dumps(_printable(content))},
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",
            timestamp=made,
        )
    except BaseException as error:
        # A panic of typst is no Exception and its class cannot be imported; left alone it would
        # pass every handler and end the delivery worker.
        if isinstance(error, typst.TypstError) or type(error).__name__ == "PanicException":
            raise PdfFailedError from error
        raise


@cache
def _template(name: str) -> bytes:
    folder = files("bot.delivery")
    return b"\n".join(folder.joinpath(part).read_bytes() for part in ("page.typ", name))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value
