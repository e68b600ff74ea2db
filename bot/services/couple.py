"""Couples a Telegram chat to contacts, and tells the address that this was done."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.access import Link, Purpose
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.inbox import Channel
from bot.domain.notices import Notice
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.access import Access
from bot.services.asking import Asker
from bot.services.directory_search import DirectorySearch
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.services.review_choices import BOARD
from bot.services.turns import Work
from bot.texts import review_chat as words
from bot.texts.review import LINK_IS_OVER

UNCOUPLE = "uncouple"


class Couple:
    """The use cases of coupling: a chat may speak for several contacts, a contact has one chat."""

    def __init__(
        self, access: Access, notices: Notices, asker: Asker, directory: DirectorySearch
    ) -> None:
        """Know contacts by `access`, regions by `directory`; mail by `notices`."""
        self._access = access
        self._notices = notices
        self._asker = asker
        self._directory = directory

    async def open(self, work: Work, link: Link) -> list[Reply]:
        """Couple this chat to the contact of a link, once; its own address hears of it.

        A chat that was coupled to the contact before is coupled no more, and hears that.
        """
        if work.conversation.channel is not Channel.TELEGRAM:
            return await self._asker.again(work, first=words.ONLY_TELEGRAM)
        contact = await self._access.contact(work.uow, link.contact_id)
        is_known = contact is not None and contact.id != OPERATOR_ID
        if contact is None or not is_known or not await work.uow.links.use(link.id, work.now):
            return await self._asker.again(work, first=LINK_IS_OVER)
        name = self._name(contact)
        if contact.conversation_id not in (None, work.conversation.id):
            await _tell(work.uow, contact, f"coupled:{link.id}", words.taken_over_text(name))
        await work.uow.contacts.save(replace(contact, conversation_id=work.conversation.id))
        await self._mail(work, contact, link)
        offered = (Choice(words.BOARD, BOARD), _uncouple_choice(contact, words.UNCOUPLE))
        reply = Reply(words.coupled_text(name), offered)
        return await and_again(work, self._asker, reply)

    async def press(self, work: Work) -> list[Reply]:
        """Uncouple this chat from the contact that the button names, if it still is coupled."""
        for contact in await coupled(work.uow, work.conversation.id):
            if contact.id == work.turn.value:
                await work.uow.contacts.save(replace(contact, conversation_id=None))
                text = words.uncoupled_text(self._name(contact))
                return await and_again(work, self._asker, Reply(text))
        return await and_again(work, self._asker, Reply(words.NOT_COUPLED_ANY_MORE))

    def uncouple_choices(self, contacts: Iterable[Contact]) -> tuple[Choice, ...]:
        """Give a button to uncouple for each of the contacts that a chat speaks for."""
        known = list(contacts)
        if len(known) == 1:
            return (_uncouple_choice(known[0], words.UNCOUPLE),)
        return tuple(
            _uncouple_choice(contact, f"{words.UNCOUPLE}: {self._name(contact)}")
            for contact in known
        )

    def _name(self, contact: Contact) -> str:
        region = self._directory.region(contact.region_id or "")
        return words.capacity(contact, region.name if region else contact.region_id)

    async def _mail(self, work: Work, contact: Contact, link: Link) -> None:
        page = await self._access.book.give(
            work.uow,
            work.now,
            Purpose.CONFIRM,
            contact_id=contact.id,
            email=contact.email,
        )
        notice = Notice(
            subject=words.COUPLED_SUBJECT,
            paragraphs=words.coupled_paragraphs(contact),
            link_id=page.id,
            link_label=words.COUPLED_LABEL,
            reply_to=self._access.operator.email,
        )
        key = f"coupled:{link.id}:mail"
        await self._notices.to_address(work.uow, work.now, contact.email, key, notice)


async def coupled(uow: UnitOfWork, conversation_id: str) -> list[Contact]:
    """Give the contacts that a chat speaks for now."""
    known = await uow.contacts.all()
    return [contact for contact in known if contact.conversation_id == conversation_id]


async def uncouple(uow: UnitOfWork, contact: Contact) -> None:
    """Uncouple a contact from its chat, for who is not in that chat; the chat hears it."""
    if contact.conversation_id:
        text = words.uncoupled_text(words.capacity(contact, None))
        await _tell(uow, contact, f"uncoupled:{secrets.token_urlsafe(8)}", text)
    await uow.contacts.save(replace(contact, conversation_id=None))


async def and_again(work: Work, asker: Asker, *replies: Reply) -> list[Reply]:
    """Say this to a contact; who is also a teacher in a plan is asked its question again."""
    is_writing = work.conversation.open_kind in (OpenKind.PLAN, OpenKind.CONFIRM)
    return [*replies, *(await asker.again(work) if is_writing else [])]


async def _tell(uow: UnitOfWork, contact: Contact, key: str, text: str) -> None:
    """Say something in the chat that is coupled, if it is still there."""
    talk = await uow.conversations.find_by_id(contact.conversation_id or "")
    if talk and not talk.is_closed:
        await uow.turns.push(talk, key, [Reply(text)])


def _uncouple_choice(contact: Contact, label: str) -> Choice:
    return Choice(label[:90], UNCOUPLE, contact.id)
