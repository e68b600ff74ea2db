"""Sends a new link in the place of one that expired, only to where that one went before."""

from __future__ import annotations

from datetime import datetime

from bot.domain.access import Link, Purpose
from bot.domain.notices import Notice
from bot.services.access import Access
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.texts import links as words

#: One link brings at most one mail in each of these stretches of time, in seconds.
_STRETCH = 600


class LinkRenewal:
    """The use case of who holds a link that no longer opens."""

    def __init__(self, access: Access, notices: Notices) -> None:
        """Know links and people by `access`; mail by `notices`."""
        self._access = access
        self._notices = notices

    async def ask(self, uow: UnitOfWork, word: str, now: datetime) -> None:
        """Queue a mail with a new link, where that is right; nobody hears whether it was.

        It is right for a link of ours that expired and was not revoked, and that went to an address
        which is still that person's. A link that was only meant to be forwarded has no address, and
        one that couples a chat is made anew where it came from.
        """
        link = await self._access.book.read(uow, word)
        if link is None or link.is_revoked or now < link.expires_at or not link.email:
            return
        if not await self._is_still_theirs(uow, link):
            return
        fresh = await self._access.book.give(
            uow,
            now,
            link.purpose,
            plan_id=link.plan_id,
            contact_id=link.contact_id,
            email=link.email,
        )
        plan = await uow.plans.find(link.plan_id) if link.plan_id else None
        notice = Notice(
            subject=words.new_link_subject(link, plan),
            paragraphs=words.new_link_paragraphs(),
            link_id=fresh.id,
            link_label=words.OPEN_NEW_LINK,
        )
        key = f"new_link:{link.id}:{int(now.timestamp()) // _STRETCH}"
        await self._notices.to_address(uow, now, link.email, key, notice, plan_id=link.plan_id)

    async def _is_still_theirs(self, uow: UnitOfWork, link: Link) -> bool:
        if link.purpose is Purpose.COUPLE:
            return False
        if link.purpose is Purpose.MANAGEMENT:
            return True
        return await self._access.owner(uow, link) is not None
