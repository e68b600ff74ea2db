"""Tells teachers and contacts what happened: queued in the transaction in which it happens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.access import link_mark
from bot.domain.contacts import Contact
from bot.domain.conversation import Delivery
from bot.domain.inbox import Channel
from bot.domain.notices import Notice
from bot.domain.plan import Plan
from bot.domain.turn import Choice, Reply
from bot.services.mail_limits import MailLimits
from bot.services.ports import UnitOfWork
from bot.texts import notices as words


class Notices:
    """The one way in which people hear of something that they did not ask for."""

    async def to_teacher(
        self,
        uow: UnitOfWork,
        now: datetime,
        plan: Plan,
        key: str,
        reply: Reply,
        *,
        from_email: str | None = None,
        mailed: str | None = None,
        limits: MailLimits | None = None,
    ) -> None:
        """Say something in the teacher's own chat, once under `key`.

        Who is not on Telegram sees it only when the chat is opened again, and so gets an e-mail as
        well if there is an address and `limits` allow it; answers to it go to `from_email`. It
        says `mailed`, where that is not what the chat says.
        """
        talks = await uow.conversations.of_person(plan.person_id)
        for talk in talks[:1]:
            await uow.turns.push(talk, key, [reply])
        email = plan.text("email")
        is_reached = bool(talks) and talks[0].channel is Channel.TELEGRAM
        if not email or (is_reached and not talks[0].is_closed):
            return
        if limits is None or await limits.takes(uow, email, f"{key}:mail", now):
            notice = Notice(
                subject=words.teacher_subject(plan),
                paragraphs=(mailed or reply.text, words.BACK_TO_CHAT),
                link_label=words.OPEN_CHAT,
                reply_to=from_email,
            )
            await self._mail(uow, now, email, f"{key}:mail", notice, plan.id)

    async def to_contact(
        self,
        uow: UnitOfWork,
        now: datetime,
        contact: Contact,
        key: str,
        notice: Notice,
        *,
        plan_id: str | None = None,
        choices: tuple[Choice, ...] = (),
    ) -> None:
        """Mail a contact, and say the same in the Telegram chat if one is coupled."""
        await self._mail(uow, now, contact.email, key, notice, plan_id, contact.id)
        text = "\n\n".join((notice.subject, *notice.paragraphs))
        if notice.link_id:
            text += f"\n\n{notice.link_label}: {link_mark(notice.link_id)}"
        await self.to_chat(uow, contact, f"{key}:chat", Reply(text, choices))

    async def to_chat(self, uow: UnitOfWork, contact: Contact, key: str, reply: Reply) -> None:
        """Say something in the Telegram chat of a contact, once under `key`, if one is coupled."""
        if not contact.conversation_id:
            return
        talk = await uow.conversations.find_by_id(contact.conversation_id)
        if talk and not talk.is_closed:
            await uow.turns.push(talk, key, [reply])

    async def to_address(
        self,
        uow: UnitOfWork,
        now: datetime,
        email: str,
        key: str,
        notice: Notice,
        *,
        plan_id: str | None = None,
    ) -> bool:
        """Mail an address that is no contact; False when that was done before under this key."""
        return await self._mail(uow, now, email, key, notice, plan_id)

    async def _mail(
        self,
        uow: UnitOfWork,
        now: datetime,
        email: str,
        key: str,
        notice: Notice,
        plan_id: str | None,
        contact_id: str | None = None,
    ) -> bool:
        payload: dict[str, Any] = {"kind": "notice", "plan_id": plan_id, **notice.to_dict()}
        if contact_id:
            payload["contact"] = {"contact_id": contact_id, "email": email}
        return await uow.outbox.add(Delivery(key, "email", email, payload, plan_id=plan_id), now)
