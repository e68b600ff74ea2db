"""The mail that hands a plan over: what is asked, the link to do it, and the whole plan."""

from __future__ import annotations

from bot.delivery.email_message import Draft, File, answer_address, footer, render
from bot.delivery.mail_files import json_file, pdf_file
from bot.domain.summary import PlanSummary
from bot.services.links import LinkBook
from bot.services.ports import Store
from bot.storage.outbox import OutboxRow
from bot.texts import summary as words


class SummaryMail:
    """Writes the mail of a hand-over, from the summary as it is when the mail leaves."""

    def __init__(self, store: Store, book: LinkBook) -> None:
        """Read from `store`; give addresses of links by `book`."""
        self._store = store
        self._book = book

    async def draft(self, row: OutboxRow) -> Draft | None:
        """Give the mail of a row, None when its plan is gone."""
        async with self._store.read() as uow:
            data = await uow.plans.summary(row.payload["plan_id"])
        if data is None:
            return None
        summary = PlanSummary.from_dict(data)
        # Rows of before there were links have none.
        link_id = row.payload.get("link_id")
        url = self._book.url(link_id) if link_id else None
        return summary_draft(summary, url, await pdf_file(summary), self._book.privacy_url)


def summary_draft(
    summary: PlanSummary, url: str | None, pdf: File | None, privacy_url: str
) -> Draft:
    """Give the mail of a summary, with the address at which its reader can act, if there is one.

    Without `pdf` it goes all the same: the text has the whole plan.
    """
    return Draft(
        subject=words.subject(summary),
        text=_text(summary, url, privacy_url),
        html=_html(summary, url, privacy_url),
        reply_to=summary.teacher_email,
        files=(*([pdf] if pdf else ()), json_file(summary)),
    )


def _text(summary: PlanSummary, url: str | None, privacy_url: str) -> str:
    request = words.summary_page(summary).request
    link = [f"{words.OPEN_PLAN}:\n{url}", words.LINK_IS_YOURS] if url else []
    return "\n\n".join(
        [request, *link, words.summary_text(summary), footer(_closing(summary), privacy_url)]
    )


def _html(summary: PlanSummary, url: str | None, privacy_url: str) -> str:
    return render(
        "summary.html",
        title=words.subject(summary),
        page=words.summary_page(summary),
        url=url,
        label=words.OPEN_PLAN,
        link_is_yours=words.LINK_IS_YOURS,
        closing=_closing(summary),
        privacy_url=privacy_url,
    )


def _closing(summary: PlanSummary) -> list[str]:
    may_reply = answer_address(summary.teacher_email) is not None
    return [*([words.REPLY_REACHES_TEACHER] if may_reply else ()), words.MAIL_FOOTER]
