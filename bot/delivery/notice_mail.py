"""The mail of a notice: what is asked, one button, and why you get it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from bot.delivery.calendar import invitation, planned_talk
from bot.delivery.email_message import Draft, File, answer_address, footer, render
from bot.delivery.mail_files import invitation_file, json_file, pdf_file
from bot.domain.access import Purpose, marked_link
from bot.domain.notices import Attachment, Notice
from bot.domain.plan_events import PlanEvent
from bot.domain.summary import PlanSummary
from bot.domain.text import clean
from bot.services.links import LinkBook
from bot.services.ports import Store
from bot.storage.outbox import OutboxRow
from bot.texts import notices as words
from bot.texts.summary import LINK_IS_YOURS, MAIL_FOOTER

#: Who has one of these can act as the one whom it was sent to.
_WARNINGS = {
    Purpose.REVIEW: LINK_IS_YOURS,
    Purpose.REGION: f"{words.NO_ACCOUNT} {words.LINK_IS_YOURS}",
    Purpose.CONFIRM: f"{words.NO_ACCOUNT} {words.LINK_IS_YOURS}",
    Purpose.MANAGEMENT: words.LINK_IS_YOURS,
}
_BULLET = "• "


@dataclass(frozen=True)
class About:
    """What is stored, at the moment of sending, of what a notice is about.

    `warning` is what goes for the link, if it is one that may not be passed on.
    """

    plan_id: str | None = None
    summary: PlanSummary | None = None
    events: tuple[PlanEvent, ...] = ()
    warning: str | None = None


class NoticeMail:
    """Writes the mail of a notice; its files are made from what is stored when it leaves."""

    def __init__(self, store: Store, book: LinkBook) -> None:
        """Read from `store`; give addresses of links by `book`."""
        self._store = store
        self._book = book

    async def draft(self, row: OutboxRow) -> Draft | None:
        """Give the mail of a row, None when its plan is gone."""
        notice = Notice.from_dict(row.payload)
        about = await self._about(row.payload.get("plan_id"), notice)
        if about is None:
            return None
        return notice_draft(notice, self._book, about, await _files(notice, about))

    async def _about(self, plan_id: str | None, notice: Notice) -> About | None:
        async with self._store.read() as uow:
            link_id = _first_link(notice)
            link = await uow.links.get(link_id) if link_id else None
            warning = _WARNINGS.get(link.purpose) if link else None
            if plan_id is None:
                return About(warning=warning)
            if await uow.plans.find(plan_id) is None:
                return None
            data = await uow.plans.summary(plan_id)
            return About(
                plan_id,
                PlanSummary.from_dict(data) if data else None,
                await uow.reviews.events(plan_id),
                warning,
            )


def notice_draft(
    notice: Notice, book: LinkBook, about: About, files: tuple[File, ...] = ()
) -> Draft:
    """Give the mail of a notice, with the addresses of its links from `book`."""
    filled = (clean(book.fill(text)).strip("\n") for text in notice.paragraphs)
    url = _url(notice, book)
    link = [f"{clean(notice.link_label)}:\n{url}"] if url else []
    warning = [about.warning] if about.warning else []
    closing = _closing(notice, about)
    # A text that held nothing but a link to a chat that is not there is empty by now.
    paragraphs = [text for text in filled if text]
    return Draft(
        subject=notice.subject,
        text="\n\n".join([*paragraphs, *link, *warning, footer(closing, book.privacy_url)]),
        html=render(
            "notice.html",
            title=clean(notice.subject),
            paragraphs=[_runs(text, book) for text in notice.paragraphs],
            url=url,
            label=clean(notice.link_label),
            open_link=words.OPEN_LINK,
            warning=about.warning,
            closing=closing,
            privacy_url=book.privacy_url,
        ),
        reply_to=notice.reply_to,
        files=files,
    )


def _url(notice: Notice, book: LinkBook) -> str | None:
    if notice.link_id:
        return book.url(notice.link_id)
    return f"{book.addresses.public_url}/" if notice.link_label else None


def _first_link(notice: Notice) -> str | None:
    """Give the link of a notice; one about several plans has one in each of its texts."""
    lines = (line for text in notice.paragraphs for line in text.split("\n"))
    return notice.link_id or next(filter(None, map(marked_link, lines)), None)


async def _files(notice: Notice, about: About) -> tuple[File, ...]:
    """Give what there is of what was asked: before the hand-over a plan has no files."""
    if about.plan_id is None or about.summary is None:
        return ()
    files: list[File | None] = []
    if Attachment.INVITATION in notice.attachments:
        talk = planned_talk(about.plan_id, about.summary, about.events)
        files.append(invitation_file(about.summary, invitation(talk)) if talk else None)
    if Attachment.PLAN_PDF in notice.attachments:
        files.append(await pdf_file(about.summary))
    if Attachment.PLAN_JSON in notice.attachments:
        files.append(json_file(about.summary))
    return tuple(file for file in files if file)


def _closing(notice: Notice, about: About) -> list[str]:
    reply_to = answer_address(notice.reply_to)
    return [
        *([words.REPLY_GOES_TO.format(address=reply_to)] if reply_to else ()),
        words.WHY_OF_PLAN if about.plan_id else words.WHY,
        MAIL_FOOTER,
    ]


def _runs(text: str, book: LinkBook) -> list[tuple[str, list[str]]]:
    """Give the lines of a text in runs of a kind: `text`, the items of a `list`, or `link`s."""
    runs = []
    for kind, lines in groupby(text.split("\n"), key=_kind):
        if kind == "link":
            runs.append((kind, [book.url(marked_link(line) or "") for line in lines]))
            continue
        mark = _BULLET if kind == "list" else ""
        said = clean(book.fill("\n".join(line.removeprefix(mark) for line in lines)))
        if said.strip():
            runs.append((kind, said.strip("\n").split("\n")))
    return runs


def _kind(line: str) -> str:
    if marked_link(line):
        return "link"
    return "list" if line.startswith(_BULLET) else "text"
