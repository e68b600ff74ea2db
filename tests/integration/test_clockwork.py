"""What happens by itself: reminders, steps up the route, closed questions, decisions that leave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.inbox import Channel
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import Action
from bot.domain.roles import Actor, Role
from bot.services.access import actor_of
from bot.services.clock_worker import ClockWorker
from bot.services.review_input import Order
from bot.services.review_ports import Due, DueKind
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.review_tables import due
from bot.storage.tables import outbox
from bot.texts import plan_intake as plan_words
from bot.texts import reminders as words
from bot.texts import review as review_words
from tests.clocks import SteppingClock
from tests.person import Person, make_services, write_plan
from tests.reviews import CONTACTS, act, actor, add_contacts, only_plan
from tests.waiting_plans import send_at_once

#: Handed over on Sunday 22 November 2026: the fifth, tenth and fifteenth school day at 09:00.
FIRST = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=7)
THIRD = FIRST + timedelta(days=14)
SUPPORT = CONTACTS["support"].email
MANAGER = CONTACTS["manager"].email
OPERATOR = "beheer@example.org"


@pytest.fixture
def services(database: Database, clock: SteppingClock) -> UseCases:
    return make_services(database, clock)


@pytest.fixture
def person(database: Database, services: UseCases, clock: SteppingClock) -> Person:
    return Person(database, services, clock)


@pytest.fixture
def worker(database: Database, services: UseCases, clock: SteppingClock) -> ClockWorker:
    return ClockWorker(database, services.clockwork, clock)


async def look_at(worker: ClockWorker, clock: SteppingClock, moment: datetime) -> None:
    clock.moment = moment
    await worker.look()


async def mails(database: Database, address: str) -> list[dict[str, Any]]:
    query = select(outbox).where(outbox.c.channel == "email", outbox.c.address == address)
    async with database.engine.connect() as connection:
        rows = (await connection.execute(query.order_by(outbox.c.id))).all()
    return [row.payload for row in rows if row.payload["kind"] == "notice"]


async def subjects(database: Database, address: str) -> list[str]:
    return [mail["subject"] for mail in await mails(database, address)]


async def pushed(person: Person) -> list[dict[str, Any]]:
    """Give what was said to a teacher on Telegram without being asked."""
    query = select(outbox).where(outbox.c.channel == "telegram", outbox.c.key.not_like("turn:%"))
    async with person.database.engine.connect() as connection:
        rows = (await connection.execute(query.order_by(outbox.c.id))).all()
    return [row.payload for row in rows if row.address == person.address]


async def events(database: Database, plan: Plan, *actions: Action) -> list[PlanEvent]:
    async with database.read() as uow:
        found = await uow.reviews.events(plan.id)
    return [event for event in found if event.action in actions]


async def reminded(database: Database, plan: Plan) -> list[tuple[int, str, datetime]]:
    found = await events(database, plan, Action.REMIND)
    return [(event.data["number"], event.data["to"], event.at) for event in found]


async def review_of(database: Database, plan: Plan) -> Review:
    async with database.read() as uow:
        review = await uow.reviews.get(plan.id)
    assert review
    return review


async def what_is_due(database: Database, plan: Plan) -> list[tuple[DueKind, datetime]]:
    async with database.read() as uow:
        return [(row.kind, row.due_at) for row in await uow.due.of_plan(plan.id)]


async def clock_words(person: Person, plan: Plan) -> str:
    async with person.database.read() as uow:
        fresh = await uow.plans.get(plan.id)
        review = await uow.reviews.get(plan.id)
        return await person.services.reminders.clock_words(uow, fresh, review, person.clock.now())


async def change_contact(database: Database, name: str, **changes: Any) -> None:
    async with database.write() as uow:
        await uow.contacts.save(replace(CONTACTS[name], **changes))


async def test_silent_people_are_reminded_up_to_last_station(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    moments = []

    while await what_is_due(database, plan):
        assert len(moments) < 10
        moment = (await what_is_due(database, plan))[0][1]
        await look_at(worker, clock, moment - timedelta(seconds=1))
        assert (await what_is_due(database, plan))[0][1] == moment
        await look_at(worker, clock, moment)
        moments.append(moment)

    assert moments[:3] == [FIRST, SECOND, THIRD]
    assert [(number, to) for number, to, _ in await reminded(database, plan)] == [
        (1, "manager"),
        (2, "manager"),
        (1, "support"),
        (2, "support"),
        (1, "operator"),
        (2, "operator"),
    ]
    steps = await events(database, plan, Action.ESCALATE)
    assert [step.data["to"] for step in steps] == ["support", "operator"]
    assert {(step.role, step.name) for step in steps} == {(Role.CLOCK, review_words.CLOCK)}
    last = await review_of(database, plan)
    assert (last.holder_role, last.is_last_station) == (Role.OPERATOR, True)
    assert (await only_plan(person)).status is PlanStatus.SUBMITTED


async def test_reminders_say_plan_ask_and_next_step(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)

    await look_at(worker, clock, FIRST)
    await look_at(worker, clock, SECOND)
    await look_at(worker, clock, THIRD)

    first, second = await mails(database, MANAGER)
    about = f"lees plan {plan.reference} “Drones in de zorg” en laat weten dat je het hebt"
    assert first["subject"] == f"Herinnering: {about}"
    assert "vrijdag 4 december nog één" in first["paragraphs"][1]
    assert first["link_id"] == second["link_id"]
    assert first["reply_to"] == "docent@school.example"
    assert second["subject"] == f"Tweede herinnering: {about}"
    assert "op vrijdag 11 december naar de ondersteuner" in second["paragraphs"][1]
    (passed_on,) = await mails(database, SUPPORT)
    assert passed_on["subject"].startswith("Lees plan")
    assert "nog geen reactie van Regio Assen" in passed_on["paragraphs"][0]
    assert passed_on["attachments"] == ["plan_pdf", "plan_json"]
    (told,) = await pushed(person)
    assert told["text"] == (
        f"Regio Assen heeft nog niet op je plan {plan.reference} “Drones in de zorg” gereageerd. "
        "Daarom ligt het nu ook bij de ondersteuner vanuit STO. Je hoeft niets te doen."
    )


async def test_clock_stops_and_starts_anew_when_somebody_acts(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    # A Thursday, one minute before the first reminder would be the next morning.
    clock.moment = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

    await act(person, actor("manager"), plan.id, Order(Action.RECEIVE))
    await look_at(worker, clock, FIRST)
    before = await reminded(database, plan)
    await look_at(worker, clock, FIRST + timedelta(days=6))

    assert before == []
    assert await what_is_due(database, plan) == [
        (DueKind.REMIND, datetime(2026, 12, 10, 8, 0, tzinfo=UTC)),
        (DueKind.ESCALATE, datetime(2026, 12, 17, 8, 0, tzinfo=UTC)),
    ]
    assert await reminded(database, plan) == [(1, "manager", FIRST + timedelta(days=6))]


async def test_acts_at_one_moment_leave_whole_clock(
    database: Database, person: Person, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)

    await act(person, actor("manager"), plan.id, Order(Action.ASK, step="doelen", text="Wat?"))
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))
    async with database.write() as uow:
        # Set once more for the same period: nothing is double, nothing is gone.
        fresh, review = await uow.plans.get(plan.id), await uow.reviews.get(plan.id)
        assert review
        await person.services.reminders.restart(uow, fresh, review, clock.now())

    assert await what_is_due(database, plan) == [
        (DueKind.REMIND, FIRST),
        (DueKind.REMIND, SECOND),
        (DueKind.ESCALATE, THIRD),
    ]


async def test_notes_do_not_stop_the_clock(
    database: Database, person: Person, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)
    before = await what_is_due(database, plan)
    clock.step(days=3)

    await act(person, actor("manager"), plan.id, Order(Action.NOTE, text="Bellen."))

    assert await what_is_due(database, plan) == before


@pytest.mark.parametrize(
    "order",
    [
        Order(Action.APPROVE),
        Order(Action.APPROVE_WITH_CONDITIONS, text="Met een begroting."),
        Order(Action.NOT_NOW, text="Volgend jaar."),
    ],
    ids=lambda order: order.action.value,
)
async def test_decision_leaves_after_ten_minutes(
    database: Database,
    person: Person,
    worker: ClockWorker,
    clock: SteppingClock,
    order: Order,
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)
    begin = clock.moment

    await act(person, actor("manager"), plan.id, order)
    await look_at(worker, clock, begin + timedelta(minutes=9, seconds=59))
    early = await pushed(person)
    await look_at(worker, clock, begin + timedelta(minutes=10))
    await look_at(worker, clock, begin + timedelta(days=100))

    # It is Sunday: a decision does not wait for a school day.
    assert early == []
    (told,) = await pushed(person)
    is_yes = order.action is not Action.NOT_NOW
    assert (review_words.REGION_TELLS_MORE in told["text"]) is is_yes
    assert (review_words.REGION_DECIDES in told["text"]) is not is_yes
    assert (await review_of(database, plan)).is_released
    (released,) = await events(database, plan, Action.RELEASE)
    assert released.at == begin + timedelta(minutes=10)
    assert await what_is_due(database, plan) == []
    assert await subjects(database, MANAGER) == []


async def test_who_has_the_plan_hears_what_another_decided(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)
    await add_contacts(database, "colleague")
    begin = clock.moment
    order = Order(Action.NOT_NOW, text="Er is nu geen geld.")

    await act(person, actor("colleague"), plan.id, order)
    early = await subjects(database, MANAGER)
    await look_at(worker, clock, begin + timedelta(minutes=10))
    await look_at(worker, clock, begin + timedelta(minutes=20))

    (told,) = await mails(database, MANAGER)
    assert early == []
    assert told["subject"].startswith("Besluit over plan STO-2026-0001")
    assert told["subject"].endswith(": niet nu")
    assert told["paragraphs"][0].startswith("Stand-in heeft over dit plan besloten: niet nu.")
    assert "Er is nu geen geld." in told["paragraphs"][0]
    assert await subjects(database, "ook@assen.example") == []


async def test_undone_decision_never_leaves(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    begin = clock.moment

    await act(person, actor("manager"), plan.id, Order(Action.NOT_NOW, text="Nee."))
    clock.moment = begin + timedelta(minutes=5)
    await act(person, actor("manager"), plan.id, Order(Action.UNDO))
    await act(person, actor("manager"), plan.id, Order(Action.APPROVE))
    await look_at(worker, clock, begin + timedelta(minutes=10))
    early = await pushed(person)
    await look_at(worker, clock, begin + timedelta(minutes=15))

    assert early == []
    assert [told["text"].split(":")[0] for told in await pushed(person)] == ["Goed nieuws"]


async def test_teacher_is_reminded_of_question_until_it_closes(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    order = Order(Action.ASK, step="doelen", text="Hoe meet je dat?")

    await act(person, actor("manager"), plan.id, order)
    await look_at(worker, clock, FIRST)
    await look_at(worker, clock, SECOND)
    asked = await pushed(person)
    await look_at(worker, clock, THIRD)

    assert [number for number, to, _ in await reminded(database, plan) if to == "teacher"] == [1, 2]
    for reminder in asked[1:]:
        assert "“Hoe meet je dat?”" in reminder["text"]
        assert [choice["label"] for choice in reminder["choices"]] == [review_words.REVISE]
    assert "vóór vrijdag 11 december geen antwoord" in asked[2]["text"]
    assert (await only_plan(person)).status is PlanStatus.RECEIVED
    assert "contact op met Regio Assen" in (await pushed(person))[-1]["text"]
    assert (await subjects(database, MANAGER))[-1].startswith("Kies wat je doet met plan")
    # Now it is the manager's turn again; the question was asked by a person, so nothing is lost.
    assert [kind for kind, _ in await what_is_due(database, plan)] == [
        DueKind.REMIND,
        DueKind.REMIND,
        DueKind.ESCALATE,
    ]


async def test_several_plans_come_in_one_message(
    database: Database, services: UseCases, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    plans = [
        await send_at_once(Person(database, services, clock, address=f"{number}"))
        for number in range(3)
    ]

    await look_at(worker, clock, FIRST)

    (mail,) = await mails(database, MANAGER)
    assert mail["subject"] == "Reageer op 3 plannen die op je wachten"
    text = services.book.fill("\n".join(mail["paragraphs"]))
    assert all(str(plan.reference) in text for plan in plans)
    assert text.count("https://wegwijzer.example/l/") == 3
    assert [len(await reminded(database, plan)) for plan in plans] == [1, 1, 1]


async def test_deleted_plan_leaves_a_message_about_several(
    database: Database, services: UseCases, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    plans = [
        await send_at_once(Person(database, services, clock, address=f"{number}"))
        for number in range(2)
    ]
    await look_at(worker, clock, FIRST)

    async with database.write() as uow:
        await uow.people.delete(plans[0].person_id, keep_turn=0)
    (left,) = await mails(database, MANAGER)
    async with database.write() as uow:
        await uow.people.delete(plans[1].person_id, keep_turn=0)

    said = "\n".join(left["paragraphs"])
    assert str(plans[0].reference) not in said
    assert str(plans[1].reference) in said
    assert await mails(database, MANAGER) == []


async def test_person_with_two_roles_gets_one_message(
    database: Database, services: UseCases, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    one, two = [
        await send_at_once(Person(database, services, clock, address=f"{number}"))
        for number in range(2)
    ]
    await add_contacts(database, "colleague")
    await change_contact(database, "colleague", email=MANAGER.upper())
    async with database.write() as uow:
        review = await uow.reviews.get(two.id)
        assert review
        await uow.reviews.save(replace(review, holder_id="colleague"))

    await look_at(worker, clock, FIRST)

    said = await subjects(database, MANAGER) + await subjects(database, MANAGER.upper())
    assert said == ["Reageer op 2 plannen die op je wachten"]
    assert [await reminded(database, plan) for plan in (one, two)] == [
        [(1, "manager", FIRST)],
        [(1, "colleague", FIRST)],
    ]


async def test_teacher_of_two_plans_gets_one_message(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    plans = []
    for _ in range(2):
        clock.step(seconds=1)
        plan = await send_at_once(person)
        await act(person, actor("manager"), plan.id, Order(Action.ASK, step="doelen", text="Wat?"))
        plans.append(plan)
    before = len(await pushed(person))

    await look_at(worker, clock, FIRST)

    (reminder,) = (await pushed(person))[before:]
    labels = [choice["label"] for choice in reminder["choices"]]
    assert labels == [f"{review_words.REVISE}: {plan.reference}" for plan in plans]


async def test_more_than_a_batch_still_comes_in_one_message(
    database: Database,
    services: UseCases,
    worker: ClockWorker,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.services.clockwork.BATCH", 2)
    await add_contacts(database, "manager")
    for number in range(5):
        await send_at_once(Person(database, services, clock, address=f"{number}"))

    await look_at(worker, clock, FIRST)

    assert await subjects(database, MANAGER) == ["Reageer op 5 plannen die op je wachten"]


async def test_absent_holder_is_not_reminded_but_replaced(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    await add_contacts(database, "colleague")
    await change_contact(
        database, "manager", stand_in_id="colleague", absent_from="2026-11-25", absent_until=None
    )

    await look_at(worker, clock, FIRST)

    assert await reminded(database, plan) == []
    (step,) = await events(database, plan, Action.ESCALATE)
    assert (step.data["to"], step.data["reason"]) == ("colleague", "absent")
    assert (await review_of(database, plan)).holder_id == "colleague"
    (told,) = await mails(database, CONTACTS["colleague"].email)
    assert "Jij vervangt" in told["paragraphs"][0]
    assert "is nu afwezig" in (await pushed(person))[0]["text"]
    assert (await what_is_due(database, plan))[0] == (DueKind.REMIND, SECOND)


@pytest.mark.parametrize("stand_in", [None, "colleague"])
async def test_absent_holder_without_help_is_reminded(
    database: Database,
    person: Person,
    worker: ClockWorker,
    clock: SteppingClock,
    stand_in: str | None,
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)
    await add_contacts(database, "colleague")
    away = {"absent_from": "2026-11-01", "absent_until": "2027-11-01"}
    await change_contact(database, "manager", stand_in_id=stand_in, **away)
    # Who stands in for each other and are both away could send a plan to and fro for ever.
    await change_contact(database, "colleague", stand_in_id="manager", **away)

    await look_at(worker, clock, FIRST)

    assert await reminded(database, plan) == [(1, "manager", FIRST)]


async def test_stand_in_does_not_get_plan_twice(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    """The manager stands in for the ondersteuner: silence must not bring the plan back."""
    await add_contacts(database, "manager", "support")
    await change_contact(database, "support", stand_in_id="manager", absent_from="2026-11-01")
    plan = await send_at_once(person)

    for moment in (FIRST, SECOND, THIRD):
        await look_at(worker, clock, moment)

    assert (await review_of(database, plan)).holder_role is Role.OPERATOR


async def test_plan_of_removed_contact_goes_on(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    async with database.write() as uow:
        await uow.contacts.remove("manager")

    await look_at(worker, clock, FIRST)

    assert (await review_of(database, plan)).holder_id == "support"
    (told,) = await mails(database, SUPPORT)
    assert "de programmamanager van de regio, maar daarvan is geen adres" in told["paragraphs"][0]


async def test_operator_who_passes_plan_on_starts_whole_clock(
    database: Database, person: Person
) -> None:
    plan = await send_at_once(person)
    await add_contacts(database, "manager", "support")
    operator = actor_of(person.services.access.operator)

    last = await what_is_due(database, plan)
    await act(person, operator, plan.id, Order(Action.FORWARD, to="manager"))

    assert [kind for kind, _ in last] == [DueKind.REMIND, DueKind.REMIND]
    assert not (await review_of(database, plan)).is_last_station
    assert (await what_is_due(database, plan))[-1] == (DueKind.ESCALATE, THIRD)


async def test_standstill_gives_one_late_reminder_not_three(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    # Nothing ran until the second week of January; it begins again at night.
    await look_at(worker, clock, datetime(2027, 1, 12, 1, 0, tzinfo=UTC))
    at_night = await reminded(database, plan)
    morning = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)

    await look_at(worker, clock, morning)
    # The others follow it a second later, and are moved.
    await look_at(worker, clock, morning + timedelta(seconds=2))

    assert at_night == []
    assert await reminded(database, plan) == [(1, "manager", morning)]
    assert await what_is_due(database, plan) == [
        (DueKind.REMIND, morning + timedelta(days=7)),
        (DueKind.ESCALATE, morning + timedelta(days=14)),
    ]


async def test_reminder_of_weekend_waits_for_monday(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)

    await look_at(worker, clock, datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    await look_at(worker, clock, datetime(2026, 11, 30, 7, 59, tzinfo=UTC))
    early = await reminded(database, plan)
    monday = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    await look_at(worker, clock, monday)

    assert early == []
    assert await reminded(database, plan) == [(1, "manager", monday)]


async def test_clock_that_goes_back_reminds_nobody_twice(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)

    await look_at(worker, clock, FIRST)
    await look_at(worker, clock, FIRST - timedelta(hours=5))
    await look_at(worker, clock, FIRST)
    await look_at(worker, clock, FIRST + timedelta(minutes=1))

    assert len(await mails(database, MANAGER)) == 1
    assert await reminded(database, plan) == [(1, "manager", FIRST)]


async def test_nothing_due_takes_no_write(
    database: Database,
    person: Person,
    worker: ClockWorker,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_contacts(database, "manager")
    await send_at_once(person)
    monkeypatch.setattr(database, "write", None)

    await look_at(worker, clock, FIRST - timedelta(seconds=1))

    with pytest.raises(TypeError):
        await look_at(worker, clock, FIRST)


async def test_failing_row_does_not_stop_the_others(
    database: Database,
    services: UseCases,
    worker: ClockWorker,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_contacts(database, "manager", "support")
    bad, good = [
        await send_at_once(Person(database, services, clock, address=f"{number}"))
        for number in range(2)
    ]
    give_link = services.clockwork._reminding._effects.review_link

    async def failing(uow: Any, now: datetime, plan: Plan, contact: Any) -> str:
        link = await give_link(uow, now, plan, contact)
        if plan.id == bad.id:
            raise RuntimeError("broken")
        return link

    effects = services.clockwork._reminding._effects
    monkeypatch.setattr(effects, "review_link", failing)

    waits = []
    clock.moment = FIRST
    for _ in range(4):
        await worker.look()
        moment = (await what_is_due(database, bad))[0][1]
        waits.append((moment - clock.moment).total_seconds())
        clock.moment = moment
    monkeypatch.setattr(effects, "review_link", give_link)
    await worker.look()

    assert waits == [5, 10, 20, 40]
    assert await reminded(database, good) == [(1, "manager", FIRST)]
    assert await reminded(database, bad) == [(1, "manager", FIRST + timedelta(seconds=75))]
    assert len(await mails(database, MANAGER)) == 2


async def test_failing_message_undoes_and_repeats_the_whole(
    database: Database,
    person: Person,
    worker: ClockWorker,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)

    with monkeypatch.context() as broken:
        broken.setattr("bot.texts.reminders.reminder", None)
        await look_at(worker, clock, FIRST)
    after_failure = await reminded(database, plan)
    await look_at(worker, clock, FIRST + timedelta(seconds=5))

    assert after_failure == []
    assert [number for number, _, _ in await reminded(database, plan)] == [1]
    assert len(await mails(database, MANAGER)) == 1


async def test_deleted_plan_is_forgotten(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    await send_at_once(person)
    await person.do(person.services.privacy.ask_delete, "verwijder")
    await person.do(person.services.privacy.delete, "Ja, wis alles")

    await look_at(worker, clock, FIRST)

    assert await subjects(database, MANAGER) == []


async def test_pause_offers_one_gentle_reminder(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    nudge_me = person.services.nudges.nudge_me

    await person.do(person.services.intake.pause, "pauze")
    labels = person.labels
    said = await person.press(nudge_me, words.NUDGE_ME)
    plan = await only_plan(person)
    await look_at(worker, clock, FIRST - timedelta(seconds=1))
    early = await pushed(person)
    await look_at(worker, clock, FIRST)
    await look_at(worker, clock, FIRST + timedelta(days=100))

    assert labels == [plan_words.GO_ON, words.NUDGE_ME]
    assert said.startswith("Goed. Op vrijdag 27 november stuur ik je één bericht")
    assert early == []
    (nudge,) = await pushed(person)
    assert "“Drones in de zorg”" in nudge["text"]
    assert [choice["label"] for choice in nudge["choices"]] == [plan_words.GO_ON]
    assert await what_is_due(database, plan) == []


Change = Callable[[Person], Awaitable[Any]]


@pytest.mark.parametrize(
    "change",
    [
        lambda person: person.answer("een nieuw doel"),
        lambda person: person.do(person.services.intake.back, "terug"),
        lambda person: person.do(person.services.intake.stop, "stop"),
    ],
    ids=["answered", "moved", "stopped"],
)
async def test_changed_plan_needs_no_reminder(
    person: Person, worker: ClockWorker, clock: SteppingClock, change: Change
) -> None:
    await write_plan(person, until="doelen")
    await person.do(person.services.intake.pause, "pauze")
    await person.press(person.services.nudges.nudge_me, words.NUDGE_ME)
    await person.do(person.services.intake.resume, "verder")

    await change(person)
    await look_at(worker, clock, FIRST)

    assert await pushed(person) == []


async def test_nobody_is_nudged_without_yes(
    person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    await person.do(person.services.intake.stop, "stop")

    await look_at(worker, clock, FIRST + timedelta(days=100))

    assert words.NUDGE_ME in person.labels
    assert await pushed(person) == []


async def test_second_yes_moves_the_one_reminder(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    await person.do(person.services.intake.stop, "stop")
    choice = next(choice for choice in person.choices if choice.label == words.NUDGE_ME)

    await person.press_old(person.services.nudges.nudge_me, choice)
    clock.step(days=3)
    await person.press_old(person.services.nudges.nudge_me, choice)

    moved = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    assert await what_is_due(database, await only_plan(person)) == [(DueKind.DRAFT_NUDGE, moved)]


async def test_only_owner_can_ask_for_reminder(
    database: Database, person: Person, services: UseCases, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    await person.do(services.intake.pause, "pauze")
    choice = next(choice for choice in person.choices if choice.label == words.NUDGE_ME)
    other = Person(database, services, clock, address="2002")

    said = await other.press_old(services.nudges.nudge_me, choice)

    assert said.startswith(words.NOTHING_TO_NUDGE)
    assert await what_is_due(database, await only_plan(person)) == []


async def test_web_without_address_hears_where_reminder_shows(
    database: Database, services: UseCases, clock: SteppingClock
) -> None:
    person = Person(database, services, clock, channel=Channel.WEB)
    await write_plan(person, until="doelen")
    await person.do(services.intake.pause, "pauze")

    said = await person.press(services.nudges.nudge_me, words.NUDGE_ME)

    assert words.NUDGE_ONLY_HERE in said


async def test_management_is_not_reminded_at_night(
    database: Database,
    person: Person,
    worker: ClockWorker,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await write_plan(person, until="doelen")
    plan = await only_plan(person)
    handled = []

    async def handle(_uow: Any, given: Plan, _due: Due, now: datetime) -> None:
        handled.append((given.id, now))

    others = {DueKind.MANAGEMENT_NUDGE: handle}
    monkeypatch.setattr(person.services.clockwork, "_others", others)
    async with database.write() as uow:
        await uow.due.add(Due("m", DueKind.MANAGEMENT_NUDGE, clock.now(), plan.id))
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    await worker.look()
    await look_at(worker, clock, monday)
    await look_at(worker, clock, monday + timedelta(days=30))

    assert handled == [(plan.id, monday)]


async def test_teacher_sees_who_is_to_act_until_when(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)

    at_first = await clock_words(person, plan)
    await look_at(worker, clock, FIRST)
    reminded_once = await clock_words(person, plan)
    await act(person, actor("manager"), plan.id, Order(Action.ASK, step="doelen", text="Wat?"))
    asked = await clock_words(person, plan)
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))
    await act(person, actor("manager"), plan.id, Order(Action.APPROVE))
    decided = await clock_words(person, plan)
    await look_at(worker, clock, FIRST + timedelta(minutes=10))
    told = await clock_words(person, plan)

    assert at_first == (
        "Regio Assen heeft tot vrijdag 27 november om te reageren. Daarna stuur ik een "
        "herinnering; reageert er dan nog niemand, dan gaat je plan op vrijdag 11 december naar de "
        "ondersteuner vanuit STO."
    )
    assert reminded_once.startswith("Regio Assen kreeg al een herinnering")
    assert asked.startswith("Jij bent aan zet")
    # The decision has not left yet, so it does not show.
    assert decided == "Regio Assen is met je plan bezig."
    assert told == ""


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_clocks_at_once_do_everything_once(
    database: Database, services: UseCases, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.clockwork.BATCH", 3)
    await add_contacts(database, "manager", "support")
    plans = [
        await send_at_once(Person(database, services, clock, address=f"{number}"))
        for number in range(8)
    ]
    databases = [Database(database.engine.url.render_as_string(False), clock) for _ in range(3)]
    workers = [ClockWorker(one, make_services(one, clock).clockwork, clock) for one in databases]

    for moment in (FIRST, SECOND, THIRD):
        clock.moment = moment
        for _ in range(4):
            await asyncio.gather(*(worker.look() for worker in workers))
    for one in databases:
        await one.close()

    for plan in plans:
        assert [number for number, _, _ in await reminded(database, plan)] == [1, 2]
        assert len(await events(database, plan, Action.ESCALATE)) == 1
    assert await subjects(database, MANAGER) == ["Reageer op 8 plannen die op je wachten"] * 2
    assert len(await mails(database, SUPPORT)) == 8


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_clock_waits_for_who_is_acting_right_now(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    """Both want the plan and its due rows, in another order: neither may stop the other."""
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    clock.moment = FIRST

    async with database.write() as uow:
        await uow.plans.lock(plan.id)
        async with asyncio.timeout(10):
            await worker.look()
        review = await uow.reviews.get(plan.id)
        assert review
        event = PlanEvent(
            plan.id,
            FIRST,
            Role.PROGRAMME_MANAGER,
            "x",
            Action.RECEIVE,
            PlanStatus.SUBMITTED,
            PlanStatus.RECEIVED,
        )
        await uow.reviews.add_event(event)
        review = replace(review, waiting_since=FIRST)
        await person.services.reminders.restart(uow, plan, review, FIRST)
    await look_at(worker, clock, FIRST + timedelta(seconds=2))

    assert await reminded(database, plan) == []
    assert await subjects(database, MANAGER) == []
    assert (await what_is_due(database, plan))[0] == (DueKind.REMIND, SECOND)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_acts_and_clock_at_once_never_both_win(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager", "support")
    plan = await send_at_once(person)
    manager: Actor = actor("manager")
    clock.moment = FIRST

    await asyncio.gather(
        worker.look(), act(person, manager, plan.id, Order(Action.RECEIVE)), worker.look()
    )
    await look_at(worker, clock, FIRST + timedelta(seconds=2))

    found = await events(database, plan, Action.REMIND, Action.RECEIVE)
    order = [event.action for event in found]
    assert order in ([Action.RECEIVE], [Action.REMIND, Action.RECEIVE])
    assert len(await mails(database, MANAGER)) == order.count(Action.REMIND)
    assert (await what_is_due(database, plan))[0] == (DueKind.REMIND, SECOND)


async def test_moment_with_same_key_is_set_once_for_ever(
    database: Database, person: Person
) -> None:
    plan = await send_at_once(person)
    row = Due("once", DueKind.DRAFT_NUDGE, FIRST, plan.id)

    async with database.write() as uow:
        added = [await uow.due.add(row), await uow.due.add(row)]
        await uow.due.cancel(plan.id, but=["once"])
        left = await uow.due.of_plan(plan.id)
        taken = await uow.due.take(FIRST, 10)
        await uow.due.cancel(plan.id, DueKind.DRAFT_NUDGE)
        added.append(await uow.due.add(row))

    assert added == [True, False, False]
    assert left == taken == [row]


async def test_rows_tell_what_became_of_them(
    database: Database, person: Person, worker: ClockWorker, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)

    await look_at(worker, clock, FIRST)
    await act(person, actor("manager"), plan.id, Order(Action.RECEIVE))

    query = select(due.c.state, due.c.done_at).where(due.c.plan_id == plan.id).order_by(due.c.id)
    async with database.engine.connect() as connection:
        rows = [tuple(row) for row in (await connection.execute(query)).all()]
    assert rows[:3] == [("done", FIRST), ("cancelled", None), ("cancelled", None)]
    assert [state for state, _ in rows[3:]] == ["due"] * 3


async def test_worker_looks_by_itself_until_stopped(
    database: Database,
    person: Person,
    worker: ClockWorker,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add_contacts(database, "manager")
    plan = await send_at_once(person)
    has_reminded = asyncio.Event()
    look = worker.look

    async def looked() -> None:
        await look()
        if await reminded(database, plan):
            has_reminded.set()

    monkeypatch.setattr(worker, "look", looked)
    task = asyncio.create_task(worker.run())

    clock.moment = FIRST
    await asyncio.wait_for(has_reminded.wait(), 20)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert len(await mails(database, MANAGER)) == 1
