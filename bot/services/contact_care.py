"""What the beheerder does with the list of contacts: change, absence, remove, ask if it holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.access import Purpose
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import BadInputError
from bot.domain.notices import Notice
from bot.domain.summary import RecipientRole
from bot.services.access import Access
from bot.services.clock import dutch_date
from bot.services.couple import uncouple
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.texts import contacts as words

#: The longest chain of stand-ins that is followed.
_MOST_STEPS = 50


@dataclass(frozen=True)
class Changes:
    """What changes of a contact; None stays as it is, an empty name is no name."""

    email: str | None = None
    name: str | None = None
    school: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Absence:
    """A period of absence; without `last` it lasts until the contact is back."""

    first: date
    last: date | None = None
    stand_in_id: str | None = None


@dataclass(frozen=True)
class Removed:
    """What removing a contact left behind: its plans, and those it stood in for."""

    references: tuple[str, ...]
    stood_in_for: tuple[str, ...]


class ContactCare:
    """The use cases of the beheerder; each raises BadInputError with a Dutch sentence."""

    def __init__(self, access: Access, notices: Notices) -> None:
        """Know the operator and links by `access`; mail by `notices`."""
        self._access = access
        self._notices = notices

    async def find(self, uow: UnitOfWork, contact_id: str) -> Contact:
        """Give a contact of the list."""
        if contact_id == OPERATOR_ID:
            raise BadInputError(words.NOT_THE_OPERATOR)
        found = await self._access.contact(uow, contact_id)
        if found is None:
            raise BadInputError(words.NO_CONTACT.format(id=contact_id))
        return found

    async def change(
        self, uow: UnitOfWork, contact_id: str, changes: Changes, now: datetime
    ) -> tuple[Contact, Contact]:
        """Change a contact; give it as it was and as it is.

        Another address may be another person: what was sent to the old one opens nothing any more,
        and a coupled chat is let go. A new address or source counts as checked today.
        """
        before = await self.find(uow, contact_id)
        _check_changes(before, changes)
        after = replace(
            before,
            email=before.email if changes.email is None else changes.email,
            name=before.name if changes.name is None else changes.name or None,
            school=before.school if changes.school is None else changes.school,
            source=before.source if changes.source is None else changes.source,
        )
        if changes.email is not None or changes.source is not None:
            after = replace(after, checked_on=dutch_date(now))
        if after.email != before.email:
            await uow.links.revoke(contact_id=before.id)
            await uncouple(uow, before)
            after = replace(after, conversation_id=None)
        await uow.contacts.save(after)
        return before, after

    async def send_away(
        self, uow: UnitOfWork, contact_id: str, absence: Absence, today: date
    ) -> tuple[Contact, Contact | None]:
        """Note when a contact is away and who stands in; give both.

        Without a stand-in named the one of before stays; without any, plans go on to the contact.
        """
        contact = await self.find(uow, contact_id)
        _check_dates(absence, today)
        stand_in_id = absence.stand_in_id or contact.stand_in_id
        stand_in = await self._stand_in(uow, contact, stand_in_id, absence)
        away = replace(
            contact,
            stand_in_id=stand_in_id,
            absent_from=absence.first.isoformat(),
            absent_until=absence.last.isoformat() if absence.last else None,
        )
        await uow.contacts.save(away)
        return away, stand_in

    async def bring_back(self, uow: UnitOfWork, contact_id: str) -> Contact:
        """Note that a contact is there again; the stand-in stays known for the next time."""
        back = replace(await self.find(uow, contact_id), absent_from=None, absent_until=None)
        await uow.contacts.save(back)
        return back

    async def remove(self, uow: UnitOfWork, contact_id: str, *, is_forced: bool) -> Removed:
        """Remove a contact with its links; refused while plans lie there, unless forced.

        Those plans lie with the operator from here.
        """
        contact = await self.find(uow, contact_id)
        references = tuple(await uow.overview.held_by(contact_id))
        if references and not is_forced:
            raise BadInputError(words.STILL_HOLDS.format(references=", ".join(references)))
        await uow.links.revoke(contact_id=contact_id)
        await uncouple(uow, contact)
        stood_in_for = [one for one in await uow.contacts.all() if one.stand_in_id == contact_id]
        for one in stood_in_for:
            await uow.contacts.save(replace(one, stand_in_id=None))
        await uow.contacts.remove(contact_id)
        return Removed(references, tuple(one.id for one in stood_in_for))

    async def ask_to_confirm(
        self, uow: UnitOfWork, older_than: int, now: datetime
    ) -> tuple[Contact, ...]:
        """Ask whether they still hold, contacts that were not checked for so many days.

        Gives those who were asked now: once in a calendar month, however often this is done.
        """
        limit = (now.astimezone(AMSTERDAM).date() - timedelta(days=older_than)).isoformat()
        asked = []
        for contact in await uow.contacts.all():
            if contact.checked_on < limit and await self._ask(uow, contact, now):
                asked.append(contact)
        return tuple(asked)

    async def _ask(self, uow: UnitOfWork, contact: Contact, now: datetime) -> bool:
        link = await self._access.book.give(
            uow, now, Purpose.CONFIRM, contact_id=contact.id, email=contact.email
        )
        subject, paragraphs = words.confirm_mail(contact)
        notice = Notice(
            subject,
            paragraphs,
            link_id=link.id,
            link_label=words.CONFIRM_LABEL,
            reply_to=self._access.operator.email,
        )
        key = f"confirm:{contact.id}:{dutch_date(now)[:7]}"
        return await self._notices.to_address(uow, now, contact.email, key, notice)

    async def _stand_in(
        self, uow: UnitOfWork, contact: Contact, stand_in_id: str | None, absence: Absence
    ) -> Contact | None:
        if stand_in_id is None:
            return None
        stand_in = await self._access.contact(uow, stand_in_id)
        if stand_in is None:
            raise BadInputError(words.NO_STAND_IN.format(id=stand_in_id))
        if stand_in.id == contact.id:
            raise BadInputError(words.OWN_STAND_IN)
        if stand_in.region_id not in (None, contact.region_id):
            raise BadInputError(words.STAND_IN_ELSEWHERE)
        known = {one.id: one for one in await uow.contacts.all()}
        following: Contact | None = stand_in
        for _ in range(_MOST_STEPS):
            following = known.get(following.stand_in_id or "") if following else None
            if following and following.id == contact.id:
                raise BadInputError(words.STAND_IN_CIRCLE)
        if stand_in.stand_in_id is None and _is_away(stand_in, absence):
            raise BadInputError(words.STAND_IN_IS_AWAY)
        return stand_in


def _check_changes(contact: Contact, changes: Changes) -> None:
    if changes == Changes():
        raise BadInputError(words.NOTHING_CHANGES)
    if changes.source is not None and not changes.source.strip():
        raise BadInputError(words.SOURCE_LACKS)
    if changes.school is None:
        return
    if contact.role is not RecipientRole.SCHOOL_CONTACT:
        raise BadInputError(words.ONLY_AT_SCHOOL)
    if not changes.school.strip():
        raise BadInputError(words.SCHOOL_LACKS)


def _check_dates(absence: Absence, today: date) -> None:
    if absence.last is None:
        return
    last, first = absence.last.isoformat(), absence.first.isoformat()
    if absence.last < absence.first:
        raise BadInputError(words.DATES_TURNED.format(first=first, last=last))
    if absence.last < today:
        raise BadInputError(words.ALREADY_OVER.format(last=last))


def _is_away(contact: Contact, absence: Absence) -> bool:
    """Say whether a contact is away on some day of another absence."""
    if not contact.absent_from and not contact.absent_until:
        return False
    last = absence.last.isoformat() if absence.last else "9999"
    return (contact.absent_from or "") <= last and absence.first.isoformat() <= (
        contact.absent_until or "9999"
    )
