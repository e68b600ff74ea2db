"""Role addresses in the regions, and which one a plan goes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.escalation import Advice
from bot.domain.summary import RecipientRole
from bot.domain.text import folded

#: The contact that stands for whoever runs the assistant; it is in no list.
OPERATOR_ID = "operator"


@dataclass(frozen=True)
class Contact:
    """A role address; `region_id` None holds for the whole country (the ondersteuner).

    `source` says where the beheerder has it from and `checked_on` when it was last found right (an
    ISO date, like the period of absence). `conversation_id` is the Telegram chat that is coupled.
    """

    id: str
    role: RecipientRole
    email: str
    region_id: str | None = None
    school: str | None = None
    name: str | None = None
    source: str = ""
    checked_on: str = ""
    stand_in_id: str | None = None
    absent_from: str | None = None
    absent_until: str | None = None
    conversation_id: str | None = None

    def is_absent(self, day: date) -> bool:
        """Say whether this contact is away on `day`; the first and last day count."""
        if not self.absent_from and not self.absent_until:
            return False
        text = day.isoformat()
        return (self.absent_from or "") <= text <= (self.absent_until or "9999")


@dataclass(frozen=True)
class Recipient:
    """Who receives a plan; `gap` is the first role of the route that had no address."""

    role: RecipientRole
    contact: Contact | None
    gap: RecipientRole | None = None


def is_same_email(one: str, other: str) -> bool:
    """Say whether two addresses, as they were typed, are one."""
    return one.strip().casefold() == other.strip().casefold()


def choose_recipient(
    contacts: Iterable[Contact], advice: Advice, region_id: str | None, school: str | None
) -> Recipient:
    """Choose the contact that the route gave; without one the plan goes to the beheerder."""
    known = list(contacts)
    for role in advice.recipients:
        found = [contact for contact in known if _fits(contact, role, region_id, school)]
        if found:
            return Recipient(role, found[0])
    return Recipient(RecipientRole.OPERATOR, None, gap=advice.recipients[0])


def _fits(contact: Contact, role: RecipientRole, region_id: str | None, school: str | None) -> bool:
    if contact.role is not role:
        return False
    if role is RecipientRole.SUPPORT:
        return contact.region_id in (None, region_id)
    if region_id is None or contact.region_id != region_id:
        return False
    if role is RecipientRole.SCHOOL_CONTACT:
        return bool(contact.school and school) and folded(contact.school or "") == folded(
            school or ""
        )
    return True
