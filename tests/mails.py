"""A typical e-mail for tests, built by the real thing and read back as the other side does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from html.parser import HTMLParser
from typing import Any

from bot.delivery.email_message import Envelope, File, compose
from bot.delivery.summary_mail import summary_draft
from bot.domain.summary import PlanSummary
from bot.texts.privacy import MAIL_LABEL
from tests.summaries import make_answer, make_summary

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 \r\n\x00\xff"
#: All headers that a summary's e-mail may have.
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
]


PRIVACY_URL = "https://wegwijzer.example/privacy"
URL = "https://wegwijzer.example/l/" + "AbCdE_-1234" + "x" * 43
ENVELOPE = Envelope(
    sender="STO-wegwijzer <wegwijzer@sto.example>",
    recipient="programma@regio.example",
    message_id="<delivery-1@sto.example>",
    date=NOON,
)


def build(
    summary: PlanSummary, *, url: str | None = URL, pdf: bytes | None = PDF, **changes: Any
) -> EmailMessage:
    """Build the e-mail of a summary, with changes to its envelope."""
    file = File("STO-2026-0001.pdf", pdf, "application", "pdf") if pdf else None
    return compose(summary_draft(summary, url, file, PRIVACY_URL), replace(ENVELOPE, **changes))


def make_mail(number: int = 1, date: datetime = NOON) -> EmailMessage:
    """Give an e-mail with everything that is hard to transport; each number is a delivery."""
    summary = make_summary(title="Één idee €", answers=(make_answer(".\n..punt\n" + "é" * 2000),))
    return build(summary, message_id=f"<delivery-{number}@sto.example>", date=date)


def received(message: EmailMessage) -> EmailMessage:
    """Send the message through bytes, as a server does."""
    return message_from_bytes(message.as_bytes(policy=SMTP), _class=EmailMessage, policy=default)


def content(message: EmailMessage, subtype: str) -> str:
    """Give the text or HTML part."""
    body = message.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


class Page(HTMLParser):
    """What a reader sees of an HTML part, and what its markup is made of.

    What stands in every mail is no part of `links`: the way to the page about privacy, its last.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.links: list[tuple[str, str]] = []
        self._html = html
        self._hidden = False
        self.feed(html)
        self.close()
        assert self.links.pop() == (MAIL_LABEL, PRIVACY_URL)

    @property
    def loads(self) -> list[str]:
        """What a program would fetch, run or send when it shows this page."""
        tags = self.tags & {"img", "link", "script", "iframe", "object", "form", "base", "video"}
        names = {name for name, _ in self.attributes}
        attributes = names & {"src", "background", "srcset", "poster", "action"}
        scripts = {name for name in names if name.startswith("on")}
        words = {word for word in ("url(", "@import", "@font-face") if word in self._html}
        return sorted(tags | attributes | scripts | words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.extend(attrs)
        self._hidden = tag in ("style", "title")
        if tag == "br":
            self.text += "\n"
        if tag == "a":
            self.links.append(("", dict(attrs)["href"] or ""))

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.text += data
        if self.links and not self.links[-1][0]:
            self.links[-1] = (data.strip(), self.links[-1][1])
