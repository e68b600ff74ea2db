"""To whom a plan can be passed on, and who is next on the route when nobody answers."""

from __future__ import annotations

from datetime import date

from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.plan_events import Review
from bot.domain.roles import REVIEWERS, Role
from bot.domain.summary import RecipientRole
from bot.services.access import Access
from bot.services.ports import UnitOfWork


async def targets(uow: UnitOfWork, access: Access, review: Review) -> list[Contact]:
    """Give the contacts that a plan can be passed on to: of its region, and the last stations.

    A plan whose region is not known can go to every region: who passes it on says which it is.
    Only known addresses, entered by the beheerder: a typed one could let a plan leak.
    """
    known = [*await uow.contacts.all(), access.operator]
    is_lost = review.region_id is None
    # What lay with a contact who is gone lies with the operator.
    is_there = any(contact.id == review.holder_id for contact in known)
    holder_id = review.holder_id if is_there else OPERATOR_ID
    fitting = [
        contact
        for contact in known
        if contact.id != holder_id
        and (_fits(contact, review) or (is_lost and contact.region_id is not None))
    ]
    return sorted(fitting, key=lambda contact: REVIEWERS.index(Role(contact.role.value)))


def _fits(contact: Contact, review: Review) -> bool:
    if contact.id == review.holder_id or (
        contact.role is RecipientRole.OPERATOR and review.holder_role is Role.OPERATOR
    ):
        return False
    is_in_region = review.region_id is not None and contact.region_id == review.region_id
    return is_in_region or contact.region_id is None


async def next_station(
    uow: UnitOfWork,
    access: Access,
    review: Review,
    day: date,
    passed: frozenset[str] = frozenset(),
) -> Contact | None:
    """Give who is next on the route after the holder; None when the holder is the last station.

    Those with an id in `passed` are passed over, and so is who would be the holder again.
    """
    behind = REVIEWERS[REVIEWERS.index(review.holder_role) + 1 :]
    for contact in await targets(uow, access, review):
        if Role(contact.role.value) in behind and _fits(contact, review):
            found = await present(uow, access, contact, day)
            if found.id not in passed | {review.holder_id}:
                return found
    return None


async def present(uow: UnitOfWork, access: Access, contact: Contact, day: date) -> Contact:
    """Give the contact, or the one who stands in on that day."""
    passed = {contact.id}
    while contact.is_absent(day) and contact.stand_in_id not in (None, *passed):
        stand_in = await access.contact(uow, contact.stand_in_id)
        if stand_in is None:
            break
        contact = stand_in
        passed.add(contact.id)
    return contact
