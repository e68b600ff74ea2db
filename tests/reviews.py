"""Plans that were handed over, made by the services themselves, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.contacts import Contact
from bot.domain.plan import DECIDED, Plan, PlanStatus
from bot.domain.plan_events import Review, last_change
from bot.domain.plan_states import Action
from bot.domain.roles import Actor
from bot.domain.summary import RecipientRole
from bot.services.access import actor_of
from bot.services.review_input import Order
from bot.storage.database import Database
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.person import Person, write_plan

REGION, SCHOOL = "assen", "Dr. Nassau College"
CONTACTS = {
    "manager": Contact(
        "manager",
        RecipientRole.PROGRAMME_MANAGER,
        "regio@assen.example",
        REGION,
        name="Regio Assen",
    ),
    "colleague": Contact(
        "colleague", RecipientRole.PROGRAMME_MANAGER, "ook@assen.example", REGION, name="Stand-in"
    ),
    "at_school": Contact(
        "at_school", RecipientRole.SCHOOL_CONTACT, "sto@nassau.example", REGION, SCHOOL
    ),
    "other_school": Contact(
        "other_school", RecipientRole.SCHOOL_CONTACT, "sto@ander.example", REGION, "Ander College"
    ),
    "other_region": Contact(
        "other_region", RecipientRole.PROGRAMME_MANAGER, "regio@emmen.example", "emmen"
    ),
    "support": Contact("support", RecipientRole.SUPPORT, "hulp@sto.example"),
}


async def add_contacts(database: Database, *names: str) -> None:
    async with database.write() as uow:
        for name in names or CONTACTS:
            await uow.contacts.add(CONTACTS[name])


async def handed_over(person: Person) -> Plan:
    """Let a teacher write a whole plan and send it; give it as it is stored."""
    await write_plan(person)
    await person.do(person.services.hand_over.send, "Versturen")
    return await only_plan(person)


async def only_plan(person: Person) -> Plan:
    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        return (await uow.plans.of(talk.person_id))[0]


def actor(name: str, plan_id: str | None = None) -> Actor:
    return actor_of(CONTACTS[name], plan_id)


async def current(uow: SqlUnitOfWork, plan_id: str) -> tuple[int, int]:
    """Give what a page that is opened now has seen: the last change and the version."""
    review = await uow.reviews.get(plan_id)
    assert review
    return last_change(await uow.reviews.events(plan_id)), review.version


async def act(person: Person, who: Actor, plan_id: str, order: Order) -> None:
    """Do something as one who has the present page open."""
    async with person.database.write() as uow:
        seen, version = await current(uow, plan_id)
        order = replace(order, seen=seen, version=version)
        await person.services.desk.act(uow, who, plan_id, order, person.clock.now())


async def put_in(database: Database, plan: Plan, status: PlanStatus, now: datetime) -> None:
    """Put a plan into a state, whatever came before."""
    async with database.write() as uow:
        step = "doelen" if status is PlanStatus.ASKED else plan.open_step
        await uow.plans.move(replace(plan, status=status, open_step=step), now)
        review = await uow.reviews.get(plan.id)
        assert review
        await uow.reviews.save(_fitting(review, status, now))


def _fitting(review: Review, status: PlanStatus, now: datetime) -> Review:
    leaves_at = now + timedelta(minutes=10) if status in DECIDED else None
    return replace(review, leaves_at=leaves_at, is_released=False)


def filled_in(action: Action, now: datetime, to: str = "colleague") -> Order:
    """Give an order with everything that its action needs."""
    return Order(
        action,
        step="doelen",
        text="Hoe meet je dat?",
        moments=(now + timedelta(days=3),),
        place="op school",
        to=to,
    )
