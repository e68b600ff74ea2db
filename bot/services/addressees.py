"""Lets a mail that waits follow its contact to another address, or the plan to who has it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.access import Link, Purpose, marked_link
from bot.domain.contacts import Contact, is_same_email
from bot.domain.conversation import Delivery
from bot.domain.notices import Notice
from bot.services.access import Access
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.texts.review import LOOK


@dataclass(frozen=True)
class _Meant:
    """For which contact a mail was written, at which address, and with which link if any."""

    contact_id: str
    email: str
    link: Link | None = None


class Addressees:
    """Knows for whom mails were written, and to whom they go once that changed.

    A mail for the operator follows the address in the settings in the same way. One that somebody
    sends elsewhere on purpose goes there, as does one to a teacher or to a school's management.
    """

    def __init__(self, access: Access, notices: Notices) -> None:
        """Know contacts and links by `access`; mail what is taken apart by `notices`."""
        self._access = access
        self._notices = notices

    async def is_right(self, uow: UnitOfWork, mail: Delivery) -> bool:
        """Say whether a mail still goes to the present address of each contact it is for."""
        return not await self._moved(uow, mail)

    async def follow(self, uow: UnitOfWork, mail: Delivery, now: datetime) -> Delivery | None:
        """Give a mail as it is to go now, with links that work there; None for one to drop.

        What is about a plan of a contact who is gone goes to the operator, who has the plan now.
        Nobody gets the same twice, and nobody a question about an address that is not theirs.
        """
        moved = await self._moved(uow, mail)
        if not moved:
            return mail
        if "link_id" in mail.payload and not mail.payload["link_id"] and moved[0].link:
            return await self._taken_apart(uow, mail, moved, now)
        return await self._turned(uow, mail, moved[0], now)

    async def _moved(self, uow: UnitOfWork, mail: Delivery) -> list[_Meant]:
        """Give those among whom a mail was written for who are not at its address any more."""
        found = []
        for meant in await _meant(uow, mail):
            contact = await self._access.contact(uow, meant.contact_id)
            is_there = contact is not None and is_same_email(contact.email, meant.email)
            if not is_there and is_same_email(meant.email, mail.address):
                found.append(meant)
        return found

    async def _turned(
        self, uow: UnitOfWork, mail: Delivery, meant: _Meant, now: datetime
    ) -> Delivery | None:
        to = await self._now_with(uow, mail, meant)
        if to is None:
            return None
        payload = {**mail.payload}
        if meant.link:
            payload["link_id"] = await self._fresh(uow, meant.link, to, now)
        if "contact" in payload:
            payload["contact"] = {"contact_id": to.id, "email": to.email}
        return replace(mail, address=to.email, payload=payload)

    async def _taken_apart(
        self, uow: UnitOfWork, mail: Delivery, moved: list[_Meant], now: datetime
    ) -> Delivery | None:
        """Mail each plan of who is not here any more by itself; give what is left for who is."""
        by_link = {meant.link.id: meant for meant in moved if meant.link}
        left = []
        for text in mail.payload["paragraphs"]:
            meant = by_link.get(next(_marked(text), ""))
            if meant is None:
                left.append(text)
            else:
                await self._mail_one(uow, mail, meant, text, now)
        if not any(map(_has_link, left)):
            return None
        return replace(mail, payload={**mail.payload, "paragraphs": left})

    async def _mail_one(
        self, uow: UnitOfWork, mail: Delivery, meant: _Meant, text: str, now: datetime
    ) -> None:
        to = await self._now_with(uow, mail, meant)
        if to is None or meant.link is None:
            return
        ask, *more = (line for line in text.split("\n") if not marked_link(line))
        notice = Notice(
            subject=ask.rstrip("."),
            paragraphs=("\n".join(more),),
            link_id=await self._fresh(uow, meant.link, to, now),
            link_label=LOOK,
        )
        key = f"{mail.key}:{meant.link.id}"
        await self._notices.to_address(uow, now, to.email, key, notice, plan_id=meant.link.plan_id)

    async def _now_with(self, uow: UnitOfWork, mail: Delivery, meant: _Meant) -> Contact | None:
        """Give to whom a mail goes in the place of the one for whom it was written."""
        contact = await self._access.contact(uow, meant.contact_id)
        if contact is None:
            plan_id = mail.plan_id or (meant.link.plan_id if meant.link else None)
            review = await uow.reviews.get(plan_id) if plan_id else None
            # Who has it instead got a mail of its own when it was passed on.
            if review is None or review.holder_id != meant.contact_id:
                return None
            contact = self._access.operator
        elif meant.link and meant.link.purpose is Purpose.CONFIRM:
            return None
        return None if await _has_its_own(uow, mail, contact) else contact

    async def _fresh(self, uow: UnitOfWork, link: Link, to: Contact, now: datetime) -> str:
        fresh = await self._access.book.give(
            uow, now, link.purpose, plan_id=link.plan_id, contact_id=to.id, email=to.email
        )
        return fresh.id


async def _meant(uow: UnitOfWork, mail: Delivery) -> list[_Meant]:
    links = [await uow.links.get(link_id) for link_id in _link_ids(mail.payload)]
    found = [
        _Meant(link.contact_id, link.email, link)
        for link in links
        if link and link.contact_id and link.email
    ]
    named = mail.payload.get("contact")
    return found or ([_Meant(**named)] if named else [])


async def _has_its_own(uow: UnitOfWork, mail: Delivery, contact: Contact) -> bool:
    """Say whether a contact is told of the same event in another mail: as who asked, say."""
    kind, _, rest = mail.key.partition(":")
    event = f"event:{rest.partition(':')[0]}:"
    return kind == "event" and await uow.outbox.is_mailed(event, contact.email)


def _link_ids(payload: Mapping[str, Any]) -> list[str]:
    if payload.get("link_id"):
        return [payload["link_id"]]
    return [link_id for text in payload.get("paragraphs", ()) for link_id in _marked(text)]


def _marked(text: str) -> Iterator[str]:
    return filter(None, map(marked_link, text.split("\n")))


def _has_link(text: str) -> bool:
    return any(_marked(text))
