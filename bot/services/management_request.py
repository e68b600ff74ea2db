"""Asks the school's management for support: a message to forward, an e-mail, and one reminder."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.domain.access import Link, Purpose
from bot.domain.escalation import picked
from bot.domain.notices import Notice
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import management_word
from bot.services.clock import dutch_date as iso_date
from bot.services.links import LinkBook
from bot.services.mail_limits import TRY_AGAIN, MailLimits, Reached
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.services.review_ports import Due, DueKind
from bot.texts import management_mail as words
from bot.texts.summary import dutch_date

#: A mail that asks nobody of the school is not what this is for.
MOST_ADDRESSES = 3
MOST_ADDRESSES_A_DAY = 5
#: Who was mailed and says nothing is reminded once after this.
NUDGE_AFTER = timedelta(days=5)
_DAY = timedelta(days=1)
_LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
#: No wider than what can be delivered to.
_ADDRESS = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})+")
_LONGEST_ADDRESS = 254
_AROUND = ".,;:<>()\"'“”"


class Mailed(Enum):
    """What became of a request by e-mail."""

    ASKED = auto()
    #: the management spoke since, and is asked to look once more
    ASKED_AGAIN = auto()
    #: this address was asked already, and nobody has answered yet
    ASKED_BEFORE = auto()
    TOO_MANY_FOR_PLAN = auto()
    TOO_MANY_TODAY = auto()
    #: all teachers together mailed this address as often as may be on a day
    TOO_MANY_TO_ADDRESS = auto()
    #: so much was mailed for all teachers together that somebody may be abusing it
    TOO_MANY_FOR_ALL = auto()


_REACHED = {
    Reached.ADDRESS: Mailed.TOO_MANY_TO_ADDRESS,
    Reached.INSTALLATION: Mailed.TOO_MANY_FOR_ALL,
}


class SupportRequests:
    """Makes the messages that ask for support; each carries a link to that one plan."""

    def __init__(self, book: LinkBook, notices: Notices, limits: MailLimits) -> None:
        """Give links from `book`; mail by `notices`, within `limits`."""
        self._book = book
        self._notices = notices
        self._limits = limits

    async def message(self, uow: UnitOfWork, plan: Plan, now: datetime) -> str:
        """Give the text that the teacher can forward; whoever has its link can speak."""
        link = await self._book.give(uow, now, Purpose.MANAGEMENT, plan_id=plan.id)
        return words.forwarded(plan, link.id, _day(link.expires_at))

    async def mail(self, uow: UnitOfWork, plan: Plan, email: str, now: datetime) -> Mailed:
        """Queue the mail to `email`, with a link that is bound to that address.

        An address gets one mail, and another each time that the management has spoken since. A
        plan asks few addresses, a teacher few a day, and all together not too many: nobody is to
        be pestered with this.
        """
        given = await _mailed_links(uow, plan.id)
        if email not in {link.email for link in given}:
            if len({link.email for link in given}) >= MOST_ADDRESSES:
                return Mailed.TOO_MANY_FOR_PLAN
            if await _asked_since(uow, plan.person_id, now - _DAY) >= MOST_ADDRESSES_A_DAY:
                return Mailed.TOO_MANY_TODAY
        reached = await self._limits.reached(uow, email, now)
        if reached:
            return _REACHED[reached]
        link = await self._book.give(uow, now, Purpose.MANAGEMENT, plan_id=plan.id, email=email)
        word = management_word(await uow.reviews.events(plan.id))
        subject, paragraphs = words.request_mail(plan, _who(plan), _day(link.expires_at))
        key = f"management:{link.id}:{word.id if word else 0}"
        if not await self._send(uow, now, plan, link, key, subject, paragraphs):
            return Mailed.ASKED_BEFORE
        await self._limits.count(uow, email, key, now)
        if link in given:
            return Mailed.ASKED_AGAIN
        nudge_key = f"management_nudge:{link.id}"
        await uow.due.add(Due(nudge_key, DueKind.MANAGEMENT_NUDGE, now + NUDGE_AFTER, plan.id))
        return Mailed.ASKED

    async def nudge(self, uow: UnitOfWork, plan_id: str, now: datetime) -> None:
        """Remind, once, each address that was asked about a plan long enough ago.

        What is too much for the address, or for all together, comes later. Nothing happens where
        the management has spoken since, or the plan is no longer written.
        """
        plan = await uow.plans.find(plan_id)
        if plan is None or plan.status is not PlanStatus.DRAFT:
            return
        word = management_word(await uow.reviews.events(plan_id))
        for link in await _mailed_links(uow, plan_id):
            key, email = f"management_nudge:{link.id}", link.email or ""
            is_answered = word is not None and word.at >= link.created_at
            if is_answered or not link.is_valid(now) or now < link.created_at + NUDGE_AFTER:
                continue
            if await uow.outbox.is_mailed(key, email):
                continue
            if reached := await self._limits.reached(uow, email, now):
                await uow.due.put_back(key, now + TRY_AGAIN[reached])
                continue
            asked, until = _day(link.created_at), _day(link.expires_at)
            subject, paragraphs = words.reminder_mail(plan, _who(plan), until, asked)
            if await self._send(uow, now, plan, link, key, subject, paragraphs):
                await self._limits.count(uow, email, key, now)

    async def _send(
        self,
        uow: UnitOfWork,
        now: datetime,
        plan: Plan,
        link: Link,
        key: str,
        subject: str,
        paragraphs: tuple[str, ...],
    ) -> bool:
        notice = Notice(
            subject=subject,
            paragraphs=paragraphs,
            link_id=link.id,
            link_label=words.OPEN_PLAN,
            reply_to=plan.text("email"),
        )
        return await self._notices.to_address(
            uow, now, link.email or "", key, notice, plan_id=plan.id
        )


def read_address(text: str) -> str | None:
    """Give the one e-mail address in a text, in lower case; None without one, and with more."""
    named = [word.strip(_AROUND).lower() for word in text.split() if "@" in word]
    bare = named[0].removeprefix("mailto:") if len(named) == 1 else ""
    return bare if len(bare) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(bare) else None


async def _mailed_links(uow: UnitOfWork, plan_id: str) -> list[Link]:
    return [link for link in await uow.links.of_plan(Purpose.MANAGEMENT, plan_id) if link.email]


async def _asked_since(uow: UnitOfWork, person_id: str, since: datetime) -> int:
    """Count the addresses that a teacher had mailed since a moment, for any plan."""
    links = [
        link
        for plan in await uow.plans.of(person_id)
        for link in await _mailed_links(uow, plan.id)
        if link.created_at >= since
    ]
    return len({link.email for link in links})


def _who(plan: Plan) -> str:
    pick = picked(plan.answers)
    return words.teacher_name(plan, pick.school if pick else None)


def _day(moment: datetime) -> str:
    return dutch_date(iso_date(moment))
