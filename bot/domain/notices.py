"""What is told to somebody by e-mail, or in a chat that is coupled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Attachment(StrEnum):
    """A file that goes with a notice; made when it is sent, from what is stored then."""

    PLAN_PDF = "plan_pdf"
    PLAN_JSON = "plan_json"
    #: the moments of the last invitation, as calendar entries
    INVITATION = "invitation"


@dataclass(frozen=True)
class Notice:
    """A short message: the ask comes first, in the subject too.

    `link_label` are the words of the one button, if there is one; `link_id` is the link behind it,
    without which it opens the chat page. `reply_to` is an address that answers go to. `paragraphs`
    are plain text; a line break in one stays a line break, and lines with a bullet are a list.
    """

    subject: str
    paragraphs: tuple[str, ...]
    link_id: str | None = None
    link_label: str = ""
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object that is stored in the outbox."""
        return {
            "subject": self.subject,
            "paragraphs": list(self.paragraphs),
            "link_id": self.link_id,
            "link_label": self.link_label,
            "reply_to": self.reply_to,
            "attachments": [one.value for one in self.attachments],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Notice:
        """Read back what `to_dict` wrote."""
        return cls(
            data["subject"],
            tuple(data["paragraphs"]),
            data["link_id"],
            data["link_label"],
            data["reply_to"],
            tuple(Attachment(one) for one in data["attachments"]),
        )
