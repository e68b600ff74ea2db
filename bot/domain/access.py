"""Links that let somebody in without an account: to what, for whom and until when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """What a link is for; it opens nothing else."""

    #: the school's management reads one idea and says what it thinks
    MANAGEMENT = "management"
    #: one contact reviews one plan
    REVIEW = "review"
    #: one contact sees the plans of the region
    REGION = "region"
    #: a contact says that the address is still right
    CONFIRM = "confirm"
    #: a contact couples a Telegram chat, once
    COUPLE = "couple"


LIFETIMES = {
    Purpose.MANAGEMENT: timedelta(days=30),
    Purpose.REVIEW: timedelta(days=60),
    Purpose.REGION: timedelta(days=30),
    Purpose.CONFIRM: timedelta(days=30),
    Purpose.COUPLE: timedelta(minutes=15),
}
_LINK_MARK = re.compile(r"⟦link:([A-Za-z0-9_-]{11})⟧")
_ANY_MARK = re.compile(r"⟦(?:link|telegram):[^⟧]*⟧")
#: How long a browser stays in after opening a link.
VISIT = timedelta(hours=2)


@dataclass(frozen=True)
class Link:
    """One link; `email` is the known address that it was sent to, None for one to forward."""

    id: str
    purpose: Purpose
    created_at: datetime
    expires_at: datetime
    plan_id: str | None = None
    contact_id: str | None = None
    email: str | None = None
    is_revoked: bool = False
    used_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Say whether it still opens; one to couple with opens once."""
        is_used_up = self.purpose is Purpose.COUPLE and self.used_at is not None
        return not self.is_revoked and not is_used_up and now < self.expires_at


def link_mark(link_id: str) -> str:
    """Give what stands for a link's address in a stored text; it is filled in when it is shown."""
    return f"⟦link:{link_id}⟧"


def marked_link(line: str) -> str | None:
    """Give the id of the link when a line is nothing but its mark."""
    match = _LINK_MARK.fullmatch(line.strip())
    return match[1] if match else None


def telegram_mark(link_id: str) -> str:
    """Give the same for a link that opens the Telegram chat with this link's word."""
    return f"⟦telegram:{link_id}⟧"


def without_addresses(text: str) -> str:
    """Give a stored text with a plain word where a link was: a copy of it opens nothing."""
    return _ANY_MARK.sub("(link)", text)
