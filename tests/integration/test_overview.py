"""The overview of a region: whose plans, which of them, and what is said about each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, select

from bot.domain.access import Purpose
from bot.domain.contacts import OPERATOR_ID
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.plan import PlanStatus
from bot.domain.plan_states import Action
from bot.domain.roles import Actor, Role
from bot.services.access import Visit
from bot.services.overview import PAGE, Filters, Overview
from bot.services.overview_lines import table
from bot.services.overview_ports import Sorting, WaitsFor
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.clocks import SteppingClock
from tests.person import Person, make_services, write_plan
from tests.reviews import CONTACTS, actor, add_contacts
from tests.sent_plans import Sent, store

OPERATOR = Actor(Role.OPERATOR, contact_id=OPERATOR_ID)
PM, AT_SCHOOL, SUPPORT = Role.PROGRAMME_MANAGER, Role.SCHOOL_CONTACT, Role.SUPPORT
#: One plan of every kind that could be seen by the wrong person.
MIXED = (
    Sent(1),
    Sent(2, school="Dr Nassau Collège"),
    Sent(3, school="Ander College"),
    Sent(4, school="Ander College", holder="at_school"),
    Sent(5, region="emmen", holder="other_region"),
    Sent(6, region="emmen", holder="support"),
    Sent(7, region=None, school=None, holder=OPERATOR_ID),
    Sent(8, region="emmen", events=((1, SUPPORT, Action.ASK, "support"),)),
    Sent(9, region="emmen", events=((1, PM, Action.FORWARD, "support"),)),
    Sent(10, region="emmen", events=((1, AT_SCHOOL, Action.ASK, "at_school"),)),
    Sent(11, region=None, school="Dr. Nassau College"),
)
EVERYBODY = (
    actor("manager"),
    actor("other_region"),
    actor("at_school"),
    actor("other_school"),
    actor("support"),
    OPERATOR,
    replace(actor("manager"), region_id=None),
    replace(actor("at_school"), school=None),
    replace(actor("at_school"), region_id=None),
    replace(actor("support"), contact_id=None),
)


@pytest.fixture
def services(database: Database, clock: SteppingClock) -> UseCases:
    return make_services(database, clock)


async def keep(database: Database, *plans: Sent) -> None:
    await add_contacts(database)
    async with database.write() as uow:
        await store(uow, database.clock.now(), *plans)


async def show(
    database: Database, services: UseCases, who: Actor, filters: Filters | None = None
) -> Overview:
    async with database.read() as uow:
        return await services.overview.show(uow, who, filters or Filters(), database.clock.now())


def numbers(overview: Overview) -> list[int]:
    return [int(line.reference[-4:]) for line in overview.lines]


async def listed_for(database: Database, services: UseCases, who: Actor) -> list[int]:
    return sorted(numbers(await show(database, services, who)))


async def may_be_seen(database: Database, services: UseCases, who: Actor) -> list[int]:
    """Give the plans that the door to one plan would open."""
    found = []
    async with database.read() as uow:
        for plan, _ in await uow.reviews.handed_over():
            with suppress(NotFoundError):
                await services.access.seen(uow, who, plan.id)
                found.append(int((plan.reference or "")[-4:]))
    return sorted(found)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_listed_is_exactly_what_may_be_seen(database: Database, services: UseCases) -> None:
    await keep(database, *MIXED)

    listed = {str(who): await listed_for(database, services, who) for who in EVERYBODY}

    assert listed == {str(who): await may_be_seen(database, services, who) for who in EVERYBODY}


async def test_all_that_is_said_is_about_what_is_listed(
    database: Database, services: UseCases
) -> None:
    await keep(database, *MIXED)

    for who in EVERYBODY:
        overview = await show(database, services, who)

        assert sum(stage.count for stage in overview.stages) == overview.total
        assert overview.months[0].sent == overview.total
        assert overview.waiting_total <= overview.total
        if who.role is not AT_SCHOOL:
            assert {line.school for line in overview.lines} - {""} == set(overview.schools)


async def test_rows_of_the_test_are_told_apart(database: Database, services: UseCases) -> None:
    await keep(database, *MIXED)

    seen = {
        who.contact_id: await listed_for(database, services, who)
        for who in (actor("manager"), actor("at_school"), actor("support"), OPERATOR)
    }

    assert seen == {
        "manager": [1, 2, 3, 4],
        "at_school": [1, 2, 4],
        "support": [6, 8, 9],
        OPERATOR_ID: list(range(1, 12)),
    }


async def test_link_to_one_plan_lists_that_plan(database: Database, services: UseCases) -> None:
    await keep(database, Sent(1), Sent(2))
    async with database.read() as uow:
        found = await uow.reviews.by_reference("STO-2026-0001")
    assert found

    overview = await show(database, services, actor("manager", found[0].id))

    assert numbers(overview) == [1]
    assert overview.waiting_total == 1


@pytest.mark.parametrize("role", [Role.MANAGEMENT, Role.TEACHER, Role.CLOCK])
async def test_who_receives_no_plans_has_no_overview(
    database: Database, services: UseCases, role: Role
) -> None:
    with pytest.raises(NotFoundError):
        await show(database, services, Actor(role, region_id="assen"))


async def test_plan_that_is_being_written_is_not_listed(
    database: Database, services: UseCases, clock: SteppingClock
) -> None:
    await add_contacts(database)
    await write_plan(Person(database, services, clock), until="email")

    overview = await show(database, services, OPERATOR)

    assert (overview.lines, overview.stages, overview.schools) == ((), (), ())


async def test_line_says_what_is_known_of_a_plan(database: Database, services: UseCases) -> None:
    await keep(database, Sent(1, days=3))

    (line,) = (await show(database, services, actor("manager"))).lines

    assert (line.reference, line.title, line.stage) == (
        "STO-2026-0001",
        "Drones in de zorg",
        "verstuurd",
    )
    assert (line.school, line.region, line.form) == (
        "Dr. Nassau College",
        "Assen",
        "Technisch keuzevak",
    )
    assert (line.amount, line.holder, line.age) == (3_600, "jij", 3)
    assert (line.submitted_on, line.version) == (date(2026, 11, 19), 1)


async def test_holder_is_named_for_who_reads(database: Database, services: UseCases) -> None:
    holders = ("manager", "colleague", "at_school", OPERATOR_ID, "gone", None)
    await keep(database, *(Sent(n, holder=holder) for n, holder in enumerate(holders, 1)))

    said = [
        [line.holder for line in (await show(database, services, who, Filters())).lines]
        for who in (actor("manager"), OPERATOR)
    ]

    operator = "beheerder van de STO-wegwijzer"
    at_school = "STO-contactpersoon op school"
    assert said[0][::-1] == ["jij", "Stand-in", at_school, operator, operator, operator]
    assert said[1][::-1] == ["Regio Assen", "Stand-in", at_school, "jij", "jij", "jij"]


async def test_waiting_for_me_begins_with_the_longest(
    database: Database, services: UseCases
) -> None:
    await keep(
        database,
        Sent(1, waited=2),
        # From a Friday over a weekend to this Sunday: five school days.
        Sent(2, waited=9),
        Sent(3, waited=30, holder="colleague"),
        Sent(4, waited=30, status=PlanStatus.ASKED),
        Sent(5, waited=30, status=PlanStatus.WITHDRAWN),
    )

    overview = await show(database, services, actor("manager"))

    assert [line.reference[-1] for line in overview.waiting] == ["2", "1"]
    assert [line.waited for line in overview.waiting] == [5, 0]
    assert overview.waiting_total == 2


async def test_plans_of_a_contact_who_is_gone_wait_for_the_operator(
    database: Database, services: UseCases
) -> None:
    await keep(database, Sent(1, holder="gone"), Sent(2, holder=OPERATOR_ID), Sent(3))

    overview = await show(database, services, OPERATOR)

    assert {line.reference[-1] for line in overview.waiting} == {"1", "2"}


async def test_filter_leaves_what_was_asked(database: Database, services: UseCases) -> None:
    await keep(
        database,
        Sent(1),
        Sent(2, status=PlanStatus.ASKED),
        Sent(3, school="Ander College", holder="colleague"),
        Sent(4, status=PlanStatus.NOT_NOW, is_released=True),
    )
    wanted = {
        Filters(stage=PlanStatus.ASKED): [2],
        Filters(school="Ander College"): [3],
        Filters(school="Bestaat niet"): [],
        Filters(waits_for=WaitsFor.ME): [1],
        Filters(waits_for=WaitsFor.REGION): [3, 1],
        Filters(waits_for=WaitsFor.TEACHER): [2],
        Filters(stage=PlanStatus.SUBMITTED, school="Ander College"): [3],
    }

    found = {
        filters: await show(database, services, actor("manager"), filters) for filters in wanted
    }

    assert {filters: numbers(overview) for filters, overview in found.items()} == wanted
    assert all(overview.total == len(overview.lines) for overview in found.values())


async def test_search_takes_signs_as_they_are(database: Database, services: UseCases) -> None:
    await keep(
        database,
        Sent(1, title="100% techniek"),
        Sent(2, title="plan a_b"),
        Sent(3, title="1000 dingen"),
        Sent(4, title="plan axb"),
        Sent(5, title="Robots", school="Vrije École"),
        Sent(6, title="100% techniek in Zwolle", region="emmen"),
    )
    wanted = {
        "%": [1],
        "_": [2],
        "100%": [1],
        "100": [1, 3],
        "a_b": [2],
        "axb": [4],
        "ECOLE": [5],
        "école": [5],
        "dr nassau": [1, 2, 3, 4],
        "2026-0003": [3],
        "sto 2026 0003": [3],
        "\\": [],
        "' OR 1=1 --": [],
        "   ": [1, 2, 3, 4, 5],
        "Zwolle": [],
    }

    found = {
        search: sorted(
            numbers(await show(database, services, actor("manager"), Filters(search=search)))
        )
        for search in wanted
    }

    assert found == wanted


async def test_order_is_by_age_or_stage(database: Database, services: UseCases) -> None:
    await keep(
        database,
        Sent(1, days=5, waited=1),
        Sent(2, days=1, waited=9, status=PlanStatus.APPROVED, is_released=True),
        Sent(3, days=9, waited=3, status=PlanStatus.RECEIVED),
    )

    found = {
        order: numbers(await show(database, services, actor("manager"), Filters(order=order)))
        for order in Sorting
    }

    assert found == {
        Sorting.NEWEST: [2, 1, 3],
        Sorting.OLDEST: [3, 1, 2],
        Sorting.STAGE: [1, 3, 2],
        Sorting.WAITING: [2, 3, 1],
    }


async def test_pages_hold_every_plan_once(database: Database, services: UseCases) -> None:
    await keep(database, *(Sent(number, days=number) for number in range(1, PAGE + 4)))

    first = await show(database, services, actor("manager"))
    second = await show(database, services, actor("manager"), Filters(page=2))
    beyond = await show(database, services, actor("manager"), Filters(page=99))

    assert numbers(first) + numbers(second) == list(range(1, PAGE + 4))
    assert (first.pages, second.page, second.total) == (2, 2, PAGE + 3)
    assert (beyond.page, numbers(beyond)) == (1, numbers(first))


async def test_number_of_queries_does_not_grow(database: Database, services: UseCases) -> None:
    await keep(database, Sent(1))
    filters = Filters(search="drones")
    with counted(database) as for_one:
        await show(database, services, actor("manager"), filters)
    async with database.write() as uow:
        await store(uow, database.clock.now(), *(Sent(number) for number in range(2, 31)))

    with counted(database) as for_many:
        overview = await show(database, services, actor("manager"), filters)

    assert overview.total == 30
    # Schools, search, the page, what waits, stages, figures; SQLite's BEGIN is counted too.
    selects = [statement for statement in for_many if statement.startswith("SELECT")]
    assert len(selects) == 6
    assert len(for_one) == len(for_many)


async def test_decision_that_has_not_left_is_for_deciders(
    database: Database, services: UseCases
) -> None:
    decision = (1, PM, Action.APPROVE, "manager")
    brought = (0, PM, Action.FORWARD, "support")
    await keep(database, Sent(1, days=2, status=PlanStatus.APPROVED, events=(brought, decision)))

    said = {}
    for who in (actor("manager"), OPERATOR, actor("at_school"), actor("support")):
        overview = await show(database, services, who)
        approved = await show(database, services, who, Filters(stage=PlanStatus.APPROVED))
        received = await show(database, services, who, Filters(stage=PlanStatus.RECEIVED))
        said[who.contact_id] = (
            overview.lines[0].stage,
            [stage.status for stage in overview.stages],
            (approved.total, received.total),
        )
        assert overview.lines[0].decided_on is None
        assert overview.months[0].to_decision.count == 0

    known = ("goedgekeurd (nog niet verstuurd)", [PlanStatus.APPROVED], (1, 0))
    hidden = ("ontvangen", [PlanStatus.RECEIVED], (0, 1))
    assert said == {
        "manager": known,
        OPERATOR_ID: known,
        "at_school": hidden,
        "support": hidden,
    }


HELD_BACK = ((2, PM, Action.APPROVE, "manager"),)
UNDONE = (*HELD_BACK, (3, PM, Action.UNDO, "manager"))
AGAIN = (*UNDONE, (4, PM, Action.NOT_NOW, "manager"))
ASKED = (*UNDONE, (5, PM, Action.ASK, "manager"))
BROUGHT = ((0, PM, Action.FORWARD, "at_school"),)


@pytest.mark.parametrize(
    ("status", "is_released", "events", "at_school", "by_manager"),
    [
        (PlanStatus.APPROVED, False, HELD_BACK, None, 14),
        (PlanStatus.APPROVED, True, HELD_BACK, 14, 14),
        (PlanStatus.RECEIVED, False, UNDONE, None, 14),
        (PlanStatus.NOT_NOW, False, AGAIN, None, 14),
        (PlanStatus.NOT_NOW, True, AGAIN, 16, 14),
        (PlanStatus.ASKED, False, ASKED, 17, 14),
        (PlanStatus.APPROVED, False, (*BROUGHT, *HELD_BACK), 12, 12),
    ],
)
async def test_decision_the_teacher_does_not_know_is_no_reaction(
    database: Database,
    services: UseCases,
    status: PlanStatus,
    is_released: bool,
    events: tuple[tuple[float, Role, Action, str], ...],
    at_school: int | None,
    by_manager: int,
) -> None:
    await keep(database, Sent(1, days=10, status=status, is_released=is_released, events=events))

    for who, day in ((actor("at_school"), at_school), (actor("manager"), by_manager)):
        overview = await show(database, services, who)

        expected = date(2026, 11, day) if day else None
        assert overview.lines[0].reacted_on == expected
        assert overview.months[0].to_reaction.count == (1 if day else 0)


async def test_held_back_decision_waits_for_nobody(database: Database, services: UseCases) -> None:
    await keep(database, Sent(1, status=PlanStatus.APPROVED, holder="at_school"))

    overview = await show(database, services, actor("at_school"))

    assert (overview.total, overview.waiting_total) == (1, 0)


async def test_figures_are_about_reactions_and_decisions(
    database: Database, services: UseCases
) -> None:
    manager = "manager"
    await keep(
        database,
        *(
            Sent(
                number,
                days=10,
                status=PlanStatus.APPROVED,
                is_released=True,
                events=(
                    (0.5, PM, Action.NOTE, manager),
                    (number, PM, Action.RECEIVE, manager),
                    (number + 2, PM, Action.APPROVE, manager),
                ),
            )
            for number in (1, 2, 3)
        ),
        Sent(4, days=40, events=((5, PM, Action.RECEIVE, manager),)),
        Sent(5, days=400),
        Sent(6, days=10, region="emmen"),
    )

    months = (await show(database, services, actor("manager"))).months

    assert [(month.month, month.sent) for month in months] == [
        (None, 4),
        ("2026-11", 3),
        ("2026-10", 1),
    ]
    november, october = months[1], months[2]
    assert (november.to_reaction.days, november.to_decision.days) == (2, 4)
    assert (october.to_reaction.count, october.to_reaction.days) == (1, None)


async def test_export_leaves_out_notes_and_names(database: Database, services: UseCases) -> None:
    await keep(database, Sent(1, events=((1, PM, Action.NOTE, "manager"),)), Sent(2, days=1))

    async with database.read() as uow:
        lines = await services.overview.export(
            uow, actor("manager"), Filters(order=Sorting.OLDEST), database.clock.now()
        )
    without, with_names = table(lines), table(lines, with_names=True)

    assert [row[0] for row in without] == ["nummer", "STO-2026-0002", "STO-2026-0001"]
    assert [len(row) for row in without] == [len(without[0])] * 3
    assert "Sanne" not in str(without)
    assert "s.voorbeeld@school.example" not in str(without)
    assert with_names[1][-2:] == ["Sanne Voorbeeld", "s.voorbeeld@school.example"]
    assert "geheim" not in str(with_names)


async def test_export_has_what_one_page_has_not(database: Database, services: UseCases) -> None:
    await keep(database, *(Sent(number) for number in range(1, PAGE + 4)))

    async with database.read() as uow:
        lines = await services.overview.export(
            uow, actor("manager"), Filters(), database.clock.now()
        )

    assert len(lines) == PAGE + 3


async def visit_of(database: Database, services: UseCases, name: str) -> Visit:
    async with database.write() as uow:
        link = await services.book.give(
            uow,
            database.clock.now(),
            Purpose.REVIEW,
            contact_id=name,
            email=CONTACTS[name].email,
        )
        visit = await services.access.visit(uow, link.id, database.clock.now())
    assert visit
    return visit


async def mails(database: Database) -> list[tuple[str, str, str]]:
    """Give address, subject and link of each mail that was queued."""
    async with database.engine.connect() as connection:
        rows = (await connection.execute(select(outbox).order_by(outbox.c.id))).all()
    return [(row.address, row.payload["subject"], row.payload["link_id"]) for row in rows]


async def test_overview_is_mailed_once_an_hour(
    database: Database, services: UseCases, clock: SteppingClock
) -> None:
    await add_contacts(database)
    visit = await visit_of(database, services, "manager")

    for minutes in (0, 10, 45, 10):
        clock.step(minutes=minutes)
        async with database.write() as uow:
            await services.overview.send_overview(uow, visit, clock.now())

    sent = await mails(database)
    assert [address for address, *_ in sent] == ["regio@assen.example"] * 2
    assert sent[0][1] == "Open je overzicht: plannen in regio Assen"
    async with database.read() as uow:
        link = await uow.links.get(sent[0][2])
    assert link
    assert (link.purpose, link.contact_id, link.plan_id) == (Purpose.REGION, "manager", None)


async def test_management_cannot_have_an_overview_mailed(
    database: Database, services: UseCases, clock: SteppingClock
) -> None:
    async with database.write() as uow:
        link = await services.book.give(uow, clock.now(), Purpose.MANAGEMENT)
        visit = await services.access.visit(uow, link.id, clock.now())
        assert visit
        with pytest.raises(NotAllowedError):
            await services.overview.send_overview(uow, visit, clock.now())

    assert await mails(database) == []
