"""What contacts do with their own entry in the list: confirm it, correct it, couple a chat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.access import Purpose
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.errors import BadInputError, NotAllowedError, NotFoundError
from bot.domain.notices import Notice
from bot.domain.roles import Actor
from bot.domain.text import clean, is_blank
from bot.services.access import Access
from bot.services.clock import dutch_date
from bot.services.couple import uncouple
from bot.services.directory_search import DirectorySearch
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.texts import links as words

#: Far above what anybody types about an address.
MAX_LENGTH = 2_000


@dataclass(frozen=True)
class OwnEntry:
    """A contact as it stands in the list, with the name of its region."""

    contact: Contact
    region: str | None


@dataclass(frozen=True)
class Coupling:
    """Whether a contact hears of plans on Telegram as well."""

    is_coupled: bool


class ContactDesk:
    """The use cases of a contact about itself; the operator is in no list and has none."""

    def __init__(self, access: Access, notices: Notices, directory: DirectorySearch) -> None:
        """Know contacts by `access`, regions by `directory`; tell the operator by `notices`."""
        self._access = access
        self._notices = notices
        self._regions = {region.id: region.name for region in directory.regions}

    async def entry(self, uow: UnitOfWork, actor: Actor) -> OwnEntry:
        """Give the actor's own entry; raises NotFoundError when it is gone."""
        if actor.contact_id == OPERATOR_ID:
            raise NotFoundError
        contact = await self._access.contact(uow, actor.contact_id)
        if contact is None:
            raise NotFoundError
        region_id = contact.region_id or ""
        return OwnEntry(contact, self._regions.get(region_id, contact.region_id))

    async def confirm(self, uow: UnitOfWork, actor: Actor, now: datetime) -> None:
        """Note that the entry was found right today, by the calendar of the Netherlands."""
        contact = (await self.entry(uow, actor)).contact
        await uow.contacts.save(replace(contact, checked_on=dutch_date(now)))

    async def report_wrong(
        self, uow: UnitOfWork, actor: Actor, text: str, now: datetime, mark: str | None = None
    ) -> None:
        """Tell the operator what is wrong with the entry; the same `mark` does so once.

        Raises BadInputError with a Dutch sentence when nothing, or far too much, was written.
        """
        contact = (await self.entry(uow, actor)).contact
        said = clean(text).strip()
        if is_blank(said):
            raise BadInputError(words.TELL_WHAT_IS_WRONG)
        if len(said) > MAX_LENGTH:
            raise BadInputError(words.WRONG_IS_TOO_LONG.format(length=len(said), limit=MAX_LENGTH))
        subject, paragraphs = words.contact_is_wrong(contact, said)
        key = f"contact_wrong:{contact.id}:{mark or now.timestamp()}"
        notice = Notice(subject, paragraphs, reply_to=contact.email)
        await self._notices.to_contact(uow, now, self._access.operator, key, notice)

    async def coupling(self, uow: UnitOfWork, actor: Actor) -> Coupling | None:
        """Say whether a chat is coupled; None for whom, or while, there is nothing to couple."""
        try:
            contact = (await self.entry(uow, actor)).contact
        except NotFoundError:
            return None
        is_coupled = contact.conversation_id is not None
        has_bot = self._access.book.addresses.bot_name is not None
        return Coupling(is_coupled) if is_coupled or has_bot else None

    async def couple(self, uow: UnitOfWork, actor: Actor, now: datetime) -> str | None:
        """Give the address that couples a Telegram chat to the entry, once and soon.

        None while there is no bot. Raises NotAllowedError when a chat is coupled already.
        """
        contact = (await self.entry(uow, actor)).contact
        if contact.conversation_id:
            raise NotAllowedError(words.ALREADY_COUPLED)
        if not self._access.book.addresses.bot_name:
            return None
        link = await self._access.book.give(uow, now, Purpose.COUPLE, contact_id=contact.id)
        return self._access.book.telegram_url(link.id)

    async def uncouple(self, uow: UnitOfWork, actor: Actor) -> None:
        """Say nothing more in the chat that was coupled but this; e-mail goes on as before."""
        await uncouple(uow, (await self.entry(uow, actor)).contact)
