"""Who of the contacts hears what the teacher did: who has the plan, and who asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.authority import may_see
from bot.domain.contacts import Contact, is_same_email
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review, last_of
from bot.domain.plan_states import Action
from bot.services.access import Access, actor_of
from bot.services.ports import UnitOfWork
from bot.texts.review_page import contact_label, who_acted

#: What the teacher does, or leaves, by what it was asked with.
_ASKED_WITH = {
    Action.REVISE: Action.ASK,
    Action.LAPSE: Action.ASK,
    Action.CHOOSE_MOMENT: Action.INVITE,
}


@dataclass(frozen=True)
class Hearer:
    """Somebody who is told of an event; `key` tells the messages about one event apart.

    `asker` names who asked or invited, and `holder` who has the plan; both are empty where that is
    the hearer.
    """

    contact: Contact
    key: str = "holder"
    asker: str = ""
    holder: str = ""


async def hearers(
    uow: UnitOfWork, access: Access, plan: Plan, review: Review, event: PlanEvent, holder: Contact
) -> tuple[Hearer, ...]:
    """Give who hears of an event, each address once; `holder` is always among them.

    Who asked is left out where the plan no longer exists for that contact.
    """
    asked_with = _ASKED_WITH.get(event.action)
    asked = last_of(await uow.reviews.events(plan.id), asked_with) if asked_with else None
    if asked is None or asked.contact_id == holder.id:
        return (Hearer(holder),)
    who = who_acted(asked, None)
    asker = await _reached(uow, access, plan, review, asked)
    if asker is None or event.action is Action.LAPSE:
        return (Hearer(holder, asker=who),)
    if is_same_address(asker, holder):
        return (Hearer(holder),)
    return (
        Hearer(asker, key="asker", holder=contact_label(holder)),
        Hearer(holder, asker=who),
    )


async def asker_of(
    uow: UnitOfWork, access: Access, plan: Plan, review: Review, action: Action
) -> Contact | None:
    """Give who asked the teacher for an action; None where that contact cannot be told."""
    asked = last_of(await uow.reviews.events(plan.id), _ASKED_WITH[action])
    return await _reached(uow, access, plan, review, asked) if asked else None


def is_same_address(one: Contact, other: Contact) -> bool:
    """Say whether two contacts are reached at one address."""
    return is_same_email(one.email, other.email)


async def _reached(
    uow: UnitOfWork, access: Access, plan: Plan, review: Review, asked: PlanEvent
) -> Contact | None:
    contact = await access.contact(uow, asked.contact_id)
    if contact and may_see(actor_of(contact), plan.id, review, was_involved=True):
        return contact
    return None
