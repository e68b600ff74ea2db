"""Who may come in by a link, and as whom: authority is looked up anew at every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Link, Purpose
from bot.domain.authority import may_see
from bot.domain.contacts import OPERATOR_ID, Contact, is_same_email
from bot.domain.errors import NotFoundError
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.roles import Actor, Role
from bot.domain.summary import RecipientRole
from bot.services.links import LinkBook
from bot.services.ports import UnitOfWork
from bot.texts.escalation import ROLE_NAMES


@dataclass(frozen=True)
class Visit:
    """Somebody who came in: by which link, and as whom."""

    link: Link
    actor: Actor


@dataclass(frozen=True)
class Seen:
    """A plan that an actor may see, with everything that happened to it."""

    plan: Plan
    review: Review | None
    events: tuple[PlanEvent, ...]


class Access:
    """Turns links into people, and refuses what is not theirs."""

    def __init__(self, book: LinkBook, operator_email: str) -> None:
        """Know links by `book`; the operator is reached at `operator_email`."""
        self.book = book
        self._operator_email = operator_email

    async def visit(self, uow: UnitOfWork, link_id: str, now: datetime) -> Visit | None:
        """Give who comes in by a link now; None when it opens nothing (any more)."""
        link = await uow.links.get(link_id)
        if link is None or not link.is_valid(now):
            return None
        if link.purpose is Purpose.MANAGEMENT:
            return Visit(link, Actor(Role.MANAGEMENT, plan_id=link.plan_id))
        contact = await self.owner(uow, link)
        return Visit(link, actor_of(contact, link.plan_id)) if contact else None

    async def owner(self, uow: UnitOfWork, link: Link) -> Contact | None:
        """Give the contact whose link this is; None once it went to an address that is not theirs.

        That holds for the operator too, whose address stands in the settings.
        """
        contact = await self.contact(uow, link.contact_id)
        if contact and link.email and not is_same_email(link.email, contact.email):
            return None
        return contact

    async def contact(self, uow: UnitOfWork, contact_id: str | None) -> Contact | None:
        """Give the contact with this id, the operator among them; None when there is none."""
        if contact_id == OPERATOR_ID:
            return self.operator
        known = await uow.contacts.all()
        return next((contact for contact in known if contact.id == contact_id), None)

    @property
    def operator(self) -> Contact:
        """Give the operator as a contact; it is in no list."""
        return Contact(OPERATOR_ID, RecipientRole.OPERATOR, self._operator_email)

    async def seen(
        self, uow: UnitOfWork, actor: Actor, plan_id: str, *, to_change: bool = False
    ) -> Seen:
        """Give a plan with its history; raises NotFoundError where it does not exist for `actor`.

        `to_change` keeps everybody else from changing it until this transaction ends.
        """
        plan = await uow.plans.lock(plan_id) if to_change else await uow.plans.find(plan_id)
        if plan is None:
            raise NotFoundError
        review = await uow.reviews.get(plan_id)
        events = await uow.reviews.events(plan_id)
        was_involved = actor.contact_id is not None and any(
            actor.contact_id in (event.contact_id, event.data.get("to")) for event in events
        )
        if not may_see(actor, plan_id, review, was_involved):
            raise NotFoundError
        return Seen(plan, review, events)


def actor_of(contact: Contact, plan_id: str | None = None) -> Actor:
    """Give a contact as somebody who acts, perhaps on one plan only."""
    return Actor(
        role=Role(contact.role.value),
        name=contact.name or ROLE_NAMES[contact.role],
        contact_id=contact.id,
        region_id=contact.region_id,
        school=contact.school,
        plan_id=plan_id,
    )
