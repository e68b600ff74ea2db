"""Who got a plan, or its idea, to read: what was read elsewhere is not in our hands any more."""

from __future__ import annotations

from bot.domain.access import Purpose
from bot.domain.plan import Plan
from bot.domain.plan_states import MANAGEMENT_ACTIONS, Action
from bot.services.access import Access
from bot.services.ports import UnitOfWork
from bot.texts.review import contact_name

#: With these a plan went to the contact in `to`; each has an e-mail of its own.
_PASSED_ON = (Action.FORWARD, Action.ESCALATE)
#: The states of the e-mail of the hand-over in which it has left, or may have.
_GONE = ("sending", "sent", "held")
_BY_CONTACTS = frozenset(
    {
        Action.RECEIVE,
        Action.ASK,
        Action.TAKE_BACK,
        Action.INVITE,
        Action.FORWARD,
        Action.NOTE,
        Action.APPROVE,
        Action.APPROVE_WITH_CONDITIONS,
        Action.NOT_NOW,
    }
)


async def readers(uow: UnitOfWork, access: Access, plan: Plan) -> list[str]:
    """Give who has got a plan or its idea, as people read it, each once."""
    links = await uow.links.of_plan(Purpose.MANAGEMENT, plan.id)
    asked = [link.email for link in reversed(links) if link.email]
    said = [
        event.name
        for event in await uow.reviews.events(plan.id)
        if event.action in MANAGEMENT_ACTIONS
    ]
    return list(dict.fromkeys([*asked, *said, *await receivers(uow, access, plan)]))


async def receivers(uow: UnitOfWork, access: Access, plan: Plan) -> list[str]:
    """Give who has got a plan since it was handed over, as people read it, each once."""
    is_mailed = await uow.outbox.state_of_plan(plan.id) in _GONE
    found: list[str] = []
    for event in await uow.reviews.events(plan.id):
        if event.action in _BY_CONTACTS:
            found.append(event.name)
        if event.action in (Action.SUBMIT, *_PASSED_ON):
            # What was to go to a contact who is gone went to the operator.
            contact = await access.contact(uow, event.data.get("to")) or access.operator
            # What is said in a chat that is coupled does not wait for the e-mail.
            is_there = event.action in _PASSED_ON or is_mailed
            if is_there or contact.conversation_id:
                found.append(contact_name(contact))
    return list(dict.fromkeys(found))
