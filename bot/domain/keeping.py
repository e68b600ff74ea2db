"""How long everything is kept, and what follows from that for one moment."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Keep:
    """For how many days something is kept; the school chooses, these are the defaults.

    A plan counts from its last change, a message from the day it came in, a link from its end.
    """

    #: being written or put aside
    drafts: int = 365
    #: handed over, whether decided or not
    plans: int = 730
    withdrawn: int = 90
    #: what was said in a chat, and e-mails that left; not what waits for the operator
    messages: int = 180
    #: questions without an answer, what the directory lacked, and whether answers helped
    questions: int = 365
    #: links and moments that are over
    traces: int = 30

    @property
    def draft_notice(self) -> tuple[timedelta, timedelta]:
        """Give how long before a draft goes its teacher is told, and how long it then stays.

        Four weeks and three, less where drafts are kept shortly; none where they go in days.
        """
        notice = min(28, self.drafts // 4)
        return timedelta(days=notice), timedelta(days=notice * 3 // 4)

    def before(self, now: datetime) -> Limits:
        """Give the moment for each kind before which it is cleared away."""
        return Limits(**{one.name: now - timedelta(days=getattr(self, one.name)) for one in _KINDS})


_KINDS = fields(Keep)


@dataclass(frozen=True)
class Limits:
    """What is older than its moment goes."""

    drafts: datetime
    plans: datetime
    withdrawn: datetime
    messages: datetime
    questions: datetime
    traces: datetime
