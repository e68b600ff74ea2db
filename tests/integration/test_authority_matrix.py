"""Role x region x plan x action, every cell of the one table: nobody sees or does more.

For whom a plan exists is written down here a second time, on purpose, as plain rows.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import ChangedMeanwhileError, NotAllowedError, NotFoundError
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_states import TRANSITIONS, Action
from bot.domain.roles import Actor, Role
from bot.services.review import AT_THE_DESK
from bot.services.review_input import Order
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.person import Person, make_services
from tests.reviews import act, actor, add_contacts, current, filled_in, handed_over, put_in
from tests.waiting_plans import send_at_once

#: What is done to a plan after the hand-over, by whom ever.
ACTIONS = tuple(
    action
    for action in Action
    if action not in {Action.ANSWER, Action.STOP, Action.RESUME, Action.SUBMIT}
)
OTHER_PLAN = "another plan"


def actors(plan_id: str) -> dict[str, tuple[Actor, bool]]:
    """Give everybody who might come, each with whether this plan exists for them."""
    rows: dict[str, tuple[Actor, bool]] = {
        "programme manager of the region": (actor("manager"), True),
        "second programme manager of the region": (actor("colleague"), True),
        "programme manager of another region": (actor("other_region"), False),
        "programme manager without a region": (replace(actor("manager"), region_id=None), False),
        "contact at the school": (actor("at_school"), True),
        "contact at another school": (actor("other_school"), False),
        "contact at that school in another region": (
            replace(actor("at_school"), region_id="emmen"),
            False,
        ),
        "contact at no school": (replace(actor("at_school"), school=None), False),
        "ondersteuner who never had it": (actor("support"), False),
        "operator": (Actor(Role.OPERATOR, contact_id="operator"), True),
        "management of this plan": (Actor(Role.MANAGEMENT, plan_id=plan_id), True),
        "management of another plan": (Actor(Role.MANAGEMENT, plan_id=OTHER_PLAN), False),
        "management of nothing": (Actor(Role.MANAGEMENT), False),
        "teacher": (Actor(Role.TEACHER), False),
        "clock": (Actor(Role.CLOCK), False),
    }
    narrowed = {
        f"{name}, by a link to another plan": (replace(who, plan_id=OTHER_PLAN), False)
        for name, (who, _) in rows.items()
        if who.role is not Role.MANAGEMENT
    }
    here = {
        f"{name}, by a link to this plan": (replace(who, plan_id=plan_id), sees)
        for name, (who, sees) in rows.items()
        if who.role is not Role.MANAGEMENT
    }
    return {**rows, **narrowed, **here}


class Undone(Exception):
    """Ends a transaction without keeping anything."""


async def outcome(person: Person, who: Actor, plan: Plan, order: Order) -> str:
    try:
        async with person.database.write() as uow:
            seen, version = await current(uow, plan.id)
            order = replace(order, seen=seen, version=version)
            await person.services.desk.act(uow, who, plan.id, order, person.clock.now())
            raise Undone
    except Undone:
        return "done"
    except NotFoundError:
        return "does not exist"
    except NotAllowedError:
        return "not allowed"


@pytest.fixture
async def plan(database: Database, clock: SteppingClock) -> tuple[Person, Plan]:
    person = Person(database, make_services(database, clock), clock)
    await add_contacts(database)
    return person, await handed_over(person)


async def test_every_cell_is_as_the_table_says(plan: tuple[Person, Plan]) -> None:
    person, handed = plan
    wrong, cells = [], 0
    for status in PlanStatus:
        await put_in(person.database, handed, status, person.clock.now())
        for name, (who, sees) in actors(handed.id).items():
            for action in ACTIONS:
                cell = (status, action, who.role)
                allowed = cell in TRANSITIONS and action in AT_THE_DESK
                expected = ("done" if allowed else "not allowed") if sees else "does not exist"
                order = filled_in(action, person.clock.now(), to="at_school")
                found = await outcome(person, who, handed, order)
                cells += 1
                if found != expected:
                    wrong.append((status.value, name, action.value, found, expected))

    assert wrong == []
    assert cells == len(PlanStatus) * len(actors("")) * len(ACTIONS)


async def test_passing_on_makes_a_plan_exist_and_keeps_it(plan: tuple[Person, Plan]) -> None:
    person, handed = plan
    order = filled_in(Action.FORWARD, person.clock.now(), to="support")
    async with person.database.write() as uow:
        seen, version = await current(uow, handed.id)
        order = replace(order, seen=seen, version=version)
        await person.services.desk.act(uow, actor("manager"), handed.id, order, person.clock.now())

    async with person.database.read() as uow:
        found = await person.services.access.seen(uow, actor("support"), handed.id)
        for stranger in ("other_region", "other_school"):
            with pytest.raises(NotFoundError):
                await person.services.access.seen(uow, actor(stranger), handed.id)

    assert found.review
    assert found.review.holder_id == "support"


async def test_plan_without_a_region_is_passed_on_to_any_and_is_theirs_then(
    database: Database, clock: SteppingClock
) -> None:
    person = Person(database, make_services(database, clock), clock)
    plan = await send_at_once(person, region=None)
    await add_contacts(database)
    operator = Actor(Role.OPERATOR, contact_id="operator")

    await act(person, operator, plan.id, Order(Action.FORWARD, to="other_region"))

    async with database.read() as uow:
        review = await uow.reviews.get(plan.id)
        await person.services.access.seen(uow, actor("other_region"), plan.id)
        with pytest.raises(NotFoundError):
            await person.services.access.seen(uow, actor("manager"), plan.id)
    assert review
    assert (review.region_id, review.holder_id) == ("emmen", "other_region")
    await act(person, actor("other_region"), plan.id, Order(Action.APPROVE))


@pytest.mark.parametrize("action", [Action.TAKE_BACK, Action.UNDO])
async def test_old_page_takes_back_nothing_newer(plan: tuple[Person, Plan], action: Action) -> None:
    person, handed = plan
    doing = Action.ASK if action is Action.TAKE_BACK else Action.NOT_NOW
    await act(person, actor("manager"), handed.id, filled_in(doing, person.clock.now()))
    async with person.database.read() as uow:
        seen, version = await current(uow, handed.id)
    await act(person, actor("colleague"), handed.id, Order(action))
    await act(person, actor("colleague"), handed.id, filled_in(doing, person.clock.now()))

    async with person.database.write() as uow:
        old = Order(action, seen=seen, version=version)
        with pytest.raises(ChangedMeanwhileError):
            await person.services.desk.act(
                uow, actor("manager"), handed.id, old, person.clock.now()
            )
