"""Who acts on a plan, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """As what somebody acts; the values of those who receive plans are also in RecipientRole."""

    TEACHER = "teacher"
    MANAGEMENT = "management"
    SCHOOL_CONTACT = "school_contact"
    PROGRAMME_MANAGER = "programme_manager"
    #: the ondersteuner vanuit STO
    SUPPORT = "support"
    OPERATOR = "operator"
    #: the reminders and deadlines
    CLOCK = "clock"


#: Those who receive plans, in the order of the route; silence goes one step to the right.
REVIEWERS = (Role.SCHOOL_CONTACT, Role.PROGRAMME_MANAGER, Role.SUPPORT, Role.OPERATOR)


@dataclass(frozen=True)
class Actor:
    """Somebody who may act, by role and region.

    `contact_id` names the contact in the directory (None for teacher, management and clock);
    `region_id` None is the whole country for support and operator, and nothing for the others.
    `plan_id` narrows everything to one plan: what a link to one plan gives. `name` is how others
    read who acted.
    """

    role: Role
    name: str = ""
    contact_id: str | None = None
    region_id: str | None = None
    school: str | None = None
    plan_id: str | None = None
