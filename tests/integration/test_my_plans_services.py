"""The teacher sees where a plan is, chooses a moment to talk, and takes a plan back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery.outcomes import GiveUp, Outcome, Retry, Sent
from bot.delivery.worker import DeliveryWorker
from bot.domain.access import Purpose
from bot.domain.inbox import Kind
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.turn import Choice, DocumentKind, Reply
from bot.services.review_input import Order
from bot.services.review_targets import targets
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.tables import outbox
from bot.texts import withdrawal as withdrawal_words
from tests.chat_user import ChatUser
from tests.clocks import SteppingClock
from tests.integration.running_chat import HeardBell
from tests.integration.test_revision_services import mails, press, rows, stored
from tests.person import Person, make_services, write_plan
from tests.reviews import act, actor, add_contacts, current, handed_over

NOTE = "Tussen ons: dit is een sterk plan"


@pytest.fixture
async def person(database: Database, clock: SteppingClock) -> Person:
    await add_contacts(database, "manager")
    return Person(database, make_services(database, clock), clock)


@pytest.fixture
async def plan(person: Person) -> Plan:
    sent = await handed_over(person)
    await add_contacts(person.database, "colleague")
    return sent


async def status(person: Person) -> str:
    return await person.do(person.services.my_plans.status, "waar staat mijn plan")


async def show(person: Person) -> str:
    return await person.do(person.services.my_plans.show, "mijn plannen")


async def do(person: Person, plan: Plan, order: Order, who: str = "manager") -> None:
    person.clock.step(minutes=1)
    await act(person, actor(who), plan.id, order)


def moments(person: Person) -> tuple[datetime, ...]:
    now = person.clock.now()
    return (now + timedelta(days=2), now + timedelta(days=3, hours=1))


async def invite(person: Person, plan: Plan) -> tuple[str, ...]:
    """Invite the teacher; give the moments as they are stored."""
    proposed = moments(person)
    await do(person, plan, Order(Action.INVITE, moments=proposed, place="Lokaal 12"))
    return tuple(moment.isoformat() for moment in proposed)


async def send_mails(person: Person) -> None:
    """Let everything that waits be sent."""
    async with person.database.engine.begin() as connection:
        await connection.execute(
            outbox.update().where(outbox.c.channel == "email").values(state="sent")
        )


# Where the plan is.


async def test_sent_plan_tells_who_has_it_and_until_when(person: Person, plan: Plan) -> None:
    said = await status(person)

    assert "Drones in de zorg (STO-2026-0001)" in said
    assert "Stand: verstuurd; de e-mail is onderweg" in said
    assert "Nu bij: Regio Assen, de programmamanager van je regio." in said
    assert "Regio Assen heeft tot" in said
    assert "Daarna stuur ik een herinnering" in said
    assert "• 22 november 2026: je verstuurde je plan" in said


async def test_delivery_is_told_until_somebody_received_it(person: Person, plan: Plan) -> None:
    await send_mails(person)
    before = await status(person)
    await do(person, plan, Order(Action.RECEIVE))

    after = await status(person)

    assert "Stand: verstuurd; de e-mail is bezorgd." in before
    assert "Stand: ontvangen." in after
    assert "e-mail" not in after


async def test_question_is_repeated_with_its_button(person: Person, plan: Plan) -> None:
    await do(person, plan, Order(Action.ASK, step="doelen", text="Hoe meet je dat?"))

    said = await status(person)
    listed = await show(person)

    assert "Stand: er is een vraag aan jou." in said
    assert "Regio Assen vraagt over “Doelen" in said
    assert "“Hoe meet je dat?”" in said
    assert "Jij bent aan zet" in said
    assert "er is een vraag aan jou" in listed
    assert "Antwoord aanpassen" in person.labels


async def test_invitation_offers_its_moments(person: Person, plan: Plan) -> None:
    proposed = await invite(person, plan)

    said = await status(person)

    offered = [one.value for one in person.choices if one.intent == "choose_moment"]
    assert "Kies een moment voor het gesprek" in said
    assert offered == [*(f"{plan.id}|{moment}" for moment in proposed), f"{plan.id}|"]


async def test_moments_that_are_over_are_not_offered(person: Person, plan: Plan) -> None:
    proposed = await invite(person, plan)
    person.clock.step(days=2, hours=1)

    await status(person)

    offered = [one.value for one in person.choices if one.intent == "choose_moment"]
    assert offered == [f"{plan.id}|{proposed[1]}", f"{plan.id}|"]


async def test_history_is_in_plain_words_and_short(person: Person, plan: Plan) -> None:
    await do(person, plan, Order(Action.RECEIVE))
    await do(person, plan, Order(Action.NOTE, text=NOTE))
    await do(person, plan, Order(Action.ASK, step="doelen", text="Hoe?"))
    await do(person, plan, Order(Action.TAKE_BACK))
    await invite(person, plan)
    await do(person, plan, Order(Action.FORWARD, to="colleague", text="Lees jij even mee?"))
    await remind(person, plan)

    said = await status(person)

    history = said.partition("Wat er gebeurde:")[2].split("\n\n")[0].strip().split("\n")
    assert [line.partition(": ")[2] for line in history] == [
        "Regio Assen heeft je plan ontvangen",
        "Regio Assen stelde een vraag bij “Doelen”",
        "Regio Assen trok de vraag bij “Doelen” in",
        "Regio Assen nodigde je uit voor een gesprek",
        "Regio Assen stuurde je plan door naar Stand-in",
        "er is een herinnering gestuurd",
    ]
    assert NOTE not in said
    assert "Lees jij" not in said


async def remind(person: Person, plan: Plan) -> None:
    async with person.database.write() as uow:
        now = person.clock.now()
        status_ = (await uow.plans.get(plan.id)).status
        await uow.reviews.add_event(
            PlanEvent(plan.id, now, Role.CLOCK, "de wegwijzer", Action.REMIND, status_, status_)
        )


async def test_decision_that_can_be_undone_shows_nowhere(person: Person, plan: Plan) -> None:
    await do(person, plan, Order(Action.RECEIVE))
    await status(person)
    labels = person.labels
    await do(person, plan, Order(Action.NOT_NOW, text="geen geld"))

    said, listed = await status(person), await show(person)
    exported = await export(person)

    assert "Stand: ontvangen." in said
    assert "ontvangen" in listed
    for told in (said, listed, exported):
        assert "niet nu" not in told.lower()
        assert "not_now" not in told
        assert "geen geld" not in told
        assert "release" not in told
    await status(person)
    assert person.labels == labels


async def test_undone_decision_never_shows(person: Person, plan: Plan) -> None:
    await do(person, plan, Order(Action.NOT_NOW, text="geen geld"))
    await do(person, plan, Order(Action.UNDO))

    said, exported = await status(person), await export(person)

    assert "besl" not in said
    assert "geen geld" not in said + exported


async def test_released_decision_shows(person: Person, plan: Plan) -> None:
    await do(person, plan, Order(Action.APPROVE_WITH_CONDITIONS, text="Eerst een offerte"))
    await release(person, plan)

    said = await status(person)

    assert "Stand: goedgekeurd met voorwaarden." in said
    assert "Regio Assen besloot: goedgekeurd met voorwaarden" in said
    assert "Nu bij" not in said
    assert withdrawal_words.WITHDRAW not in person.labels


async def release(person: Person, plan: Plan) -> None:
    async with person.database.write() as uow:
        review = await uow.reviews.get(plan.id)
        assert review
        await uow.reviews.save(replace(review, is_released=True))


async def test_drafts_tell_what_management_said(person: Person) -> None:
    await write_plan(person, until="doelen")
    async with person.database.write() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        (draft,) = await uow.plans.of(talk.person_id)
        event = PlanEvent(
            draft.id,
            person.clock.now(),
            Role.MANAGEMENT,
            "de teamleider",
            Action.ENDORSE,
            draft.status,
            draft.status,
        )
        await uow.reviews.add_event(event)

    said = await show(person)

    assert "• Drones in de zorg: in de maak; de teamleider steunt het idee" in said


async def test_several_plans_each_have_their_own_buttons(person: Person, plan: Plan) -> None:
    await write_plan(person)
    await person.do(person.services.hand_over.send, "Versturen")

    await status(person)

    assert len(person.last) == 2
    assert "Trek STO-2026-0001 in" in person.labels
    assert "Trek STO-2026-0002 in" in person.labels


# A moment to talk.


async def test_chosen_moment_is_told_with_a_calendar_file(person: Person, plan: Plan) -> None:
    proposed = await invite(person, plan)

    said = await press(person, "", Choice("", "choose_moment", f"{plan.id}|{proposed[0]}"))

    event = (await stored(person, plan.id)).events[-1]
    (document,) = [reply.document for reply in person.last if reply.document]
    mail = (await mails(person))[-1]
    assert event.action is Action.CHOOSE_MOMENT
    assert event.data == {"moment": proposed[0], "place": "Lokaal 12"}
    assert "di 24 november, 10:00, Lokaal 12" in said
    assert (document.kind, document.subject) == (DocumentKind.INVITATION, plan.id)
    assert document.name == "STO-2026-0001.ics"
    assert "di 24 november, 10:00" in mail["subject"]
    assert mail["attachments"] == ["invitation"]


async def test_none_of_the_moments_is_told_too(person: Person, plan: Plan) -> None:
    await invite(person, plan)
    person.clock.step(days=1)

    said = await press(person, "Geen van deze momenten")

    now = await stored(person, plan.id)
    assert now.events[-1].data["moment"] == ""
    assert now.review.waiting_since == person.clock.now()
    assert "ander moment" in (await mails(person))[-1]["subject"]
    assert "geen van deze momenten past" in said
    assert all(reply.document is None for reply in person.last)


async def test_another_moment_may_be_chosen_later(person: Person, plan: Plan) -> None:
    first, second = await invite(person, plan)
    for moment in (first, first, second):
        await press(person, "", Choice("", "choose_moment", f"{plan.id}|{moment}"))

    events = (await stored(person, plan.id)).events
    chosen = [one.data["moment"] for one in events if one.action is Action.CHOOSE_MOMENT]
    assert chosen == [first, second]
    said = await status(person)
    assert "Je koos dit moment voor het gesprek: wo 25 november, 11:00, Lokaal 12." in said


@pytest.mark.parametrize(
    ("moment", "said"),
    [("2026-11-24T13:00:00+00:00", "niet meer voorgesteld"), (None, "al voorbij")],
)
async def test_moment_that_cannot_be_is_refused(
    person: Person, plan: Plan, moment: str | None, said: str
) -> None:
    proposed = await invite(person, plan)
    if moment is None:
        person.clock.step(days=2, hours=1)

    told = await press(
        person, "", Choice("", "choose_moment", f"{plan.id}|{moment or proposed[0]}")
    )

    assert said in told
    assert (await stored(person, plan.id)).events[-1].action is Action.INVITE


#: What else can be done to a plan while a talk is agreed or proposed.
OTHER_ACTS = [
    [Order(Action.ASK, step="doelen", text="Hoe?")],
    [Order(Action.ASK, step="doelen", text="Hoe?"), Order(Action.TAKE_BACK)],
    [Order(Action.FORWARD, to="colleague")],
    [Order(Action.APPROVE)],
    [Order(Action.APPROVE), Order(Action.UNDO)],
]


def names(orders: list[Order]) -> str:
    return "-".join(order.action.value for order in orders)


@pytest.mark.parametrize("others", OTHER_ACTS, ids=names)
async def test_moment_is_chosen_whatever_else_is_done(
    person: Person, plan: Plan, others: list[Order]
) -> None:
    proposed = await invite(person, plan)
    for order in others:
        await do(person, plan, order)
    before = (await stored(person, plan.id)).plan.status

    said = await press(person, "", Choice("", "choose_moment", f"{plan.id}|{proposed[0]}"))
    told = await status(person)

    now = await stored(person, plan.id)
    assert said.startswith("Afgesproken: di 24 november, 10:00, Lokaal 12.")
    assert now.events[-1].action is Action.CHOOSE_MOMENT
    assert now.plan.status is before
    assert "Je koos dit moment voor het gesprek: di 24 november, 10:00, Lokaal 12." in told
    assert f"{plan.id}|{proposed[1]}" in [one.value for one in person.choices]


async def test_agreed_talk_stays_until_it_is_over(person: Person, plan: Plan) -> None:
    proposed = await invite(person, plan)
    await press(person, "", Choice("", "choose_moment", f"{plan.id}|{proposed[0]}"))
    await do(person, plan, Order(Action.APPROVE))
    await release(person, plan)

    ahead = await status(person)
    offered = [one.intent for one in person.choices]
    person.clock.step(days=2)
    over = await status(person)

    assert "Je koos dit moment voor het gesprek: di 24 november, 10:00" in ahead
    assert "choose_moment" not in offered
    assert "moment voor het gesprek" not in over


async def test_new_invitation_takes_the_place_of_the_agreed_talk(
    person: Person, plan: Plan
) -> None:
    proposed = await invite(person, plan)
    await press(person, "", Choice("", "choose_moment", f"{plan.id}|{proposed[0]}"))
    await invite(person, plan)

    said = await status(person)

    assert "Je koos dit moment" not in said
    assert "Kies een moment voor het gesprek" in said


async def test_moment_is_not_chosen_once_the_decision_is_known(person: Person, plan: Plan) -> None:
    proposed = await invite(person, plan)
    await do(person, plan, Order(Action.APPROVE))
    await release(person, plan)

    said = await press(person, "", Choice("", "choose_moment", f"{plan.id}|{proposed[0]}"))

    assert "nu geen moment kiezen" in said
    assert (await stored(person, plan.id)).events[-1].action is Action.APPROVE


async def test_moment_is_not_chosen_when_the_invitation_is_over(person: Person, plan: Plan) -> None:
    await invite(person, plan)
    await do(person, plan, Order(Action.FORWARD, to="colleague"))
    person.clock.step(days=4)

    said = await press(person, "", Choice("", "choose_moment", f"{plan.id}|"))

    assert "nu geen moment kiezen" in said


async def test_teacher_notices_nothing_of_a_decision_about_an_invited_plan(
    person: Person, plan: Plan
) -> None:
    await invite(person, plan)
    await status(person)
    labels = person.labels
    await do(person, plan, Order(Action.NOT_NOW, text="geen geld"))

    said = await status(person)

    assert "Stand: je bent uitgenodigd voor een gesprek." in said
    assert person.labels == labels


async def test_undoing_goes_back_to_where_it_was_decided(person: Person, plan: Plan) -> None:
    await invite(person, plan)
    await do(person, plan, Order(Action.APPROVE))
    await do(person, plan, Order(Action.UNDO))

    now = await stored(person, plan.id)

    assert now.plan.status is PlanStatus.INVITED
    assert now.events[-1].after is PlanStatus.INVITED


async def test_who_invited_hears_the_moment_and_who_has_the_plan_too(
    person: Person, plan: Plan
) -> None:
    proposed = moments(person)
    order = Order(Action.INVITE, moments=proposed, place="Lokaal 12")
    await do(person, plan, order, "colleague")

    said = await press(
        person, "", Choice("", "choose_moment", f"{plan.id}|{proposed[0].isoformat()}")
    )

    (inviter,) = await mails(person, "ook@assen.example")
    holder = (await mails(person))[-1]
    assert "Stand-in hoort het nu" in said
    assert inviter["attachments"] == ["invitation"]
    assert inviter["paragraphs"][-1] == (
        "Dit plan ligt nu bij Regio Assen, programmamanager van de regio."
    )
    assert holder["attachments"] == []
    assert "voor het gesprek met Stand-in: di 24 november" in holder["paragraphs"][0]
    assert await contact_of(person, inviter["link_id"]) == "colleague"
    assert await contact_of(person, holder["link_id"]) == "manager"


async def test_who_invited_hears_that_no_moment_fits(person: Person, plan: Plan) -> None:
    order = Order(Action.INVITE, moments=moments(person))
    await do(person, plan, order, "colleague")

    said = await press(person, "Geen van deze momenten")

    (inviter,) = await mails(person, "ook@assen.example")
    assert inviter["subject"].startswith("Stel een ander moment voor")
    assert (await mails(person))[-1]["subject"].startswith("Nog geen moment voor een gesprek")
    assert "Stand-in kan een nieuw voorstel doen" in said


async def contact_of(person: Person, link_id: str) -> str | None:
    async with person.database.read() as uow:
        link = await uow.links.get(link_id)
        return link.contact_id if link else None


# Who has the plan is gone.


async def test_plan_of_a_removed_contact_is_with_the_operator(person: Person, plan: Plan) -> None:
    async with person.database.write() as uow:
        await uow.contacts.remove("manager")
        review = await uow.reviews.get(plan.id)
        assert review
        offered = await targets(uow, person.services.access, review)

    said = await status(person)

    assert "Nu bij: de beheerder van deze wegwijzer." in said
    assert "De beheerder van deze wegwijzer heeft tot" in said
    assert [contact.id for contact in offered] == ["colleague"]


async def test_moment_of_another_plan_is_out_of_reach(person: Person, plan: Plan) -> None:
    proposed = await invite(person, plan)
    stranger = Person(person.database, person.services, person.clock, address="2002")

    await press(stranger, "", Choice("", "choose_moment", f"{plan.id}|{proposed[0]}"))

    assert (await stored(person, plan.id)).events[-1].action is Action.INVITE


# Taking a plan back.


async def withdraw(person: Person) -> str:
    await status(person)
    await press(person, withdrawal_words.WITHDRAW)
    return await press(person, withdrawal_words.YES)


async def test_withdrawing_says_first_what_it_means(person: Person, plan: Plan) -> None:
    await send_mails(person)
    await status(person)

    said = await press(person, withdrawal_words.WITHDRAW)

    assert "niet terugzetten" in said
    assert "Dat geldt voor: Regio Assen." in said
    assert person.labels == [withdrawal_words.YES, withdrawal_words.NO]
    assert (await stored(person, plan.id)).plan.status is PlanStatus.SUBMITTED


async def test_withdrawn_plan_stops_everything(person: Person, plan: Plan) -> None:
    await send_mails(person)
    await do(person, plan, Order(Action.ASK, step="doelen", text="Hoe?"))
    await press(person, "Antwoord aanpassen")

    said = await withdraw(person)

    now = await stored(person, plan.id)
    mail = (await mails(person))[-1]
    async with person.database.read() as uow:
        due = await uow.due.of_plan(plan.id)
        links = await uow.links.find(Purpose.REVIEW, plan.id, "manager", "regio@assen.example")
    assert now.plan.status is PlanStatus.WITHDRAWN
    assert now.events[-1].action is Action.WITHDRAW
    assert due == []
    assert links
    assert all(link.is_revoked for link in links)
    assert mail["subject"].startswith("Ingetrokken")
    assert mail["link_id"] is None
    assert "is ingetrokken" in said
    assert "Stand: ingetrokken." in await status(person)
    assert "Antwoord aanpassen" not in person.labels


async def test_who_says_stop_hears_how_to_withdraw(person: Person, plan: Plan) -> None:
    said = await person.do(person.services.intake.stop, "trek mijn plan in")

    assert "intrekken" in said
    assert "waar staat mijn plan" in said


async def test_mail_that_waits_is_held_back(person: Person, plan: Plan) -> None:
    said = await withdraw(person)

    sent = [row for row in await rows(person.database, outbox) if row.channel == "email"]
    assert [row.state for row in sent] == ["cancelled"]
    assert "tegengehouden" in said


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Sent(), "sent"), (Retry("away"), "cancelled"), (GiveUp("rejected_550"), "cancelled")],
    ids=["arrives", "fails", "is refused"],
)
async def test_mail_under_way_is_not_tried_again_once_withdrawn(
    person: Person, plan: Plan, outcome: Outcome, state: str
) -> None:
    class Slow:
        """A mail server before which the teacher withdraws the plan."""

        async def send(self, row: OutboxRow) -> Outcome:
            assert row.key == f"hand_over:{plan.id}"
            ended.append(await withdraw(person))
            worker.cancel()
            return outcome

    ended: list[str] = []
    bell = HeardBell()
    worker = asyncio.create_task(
        DeliveryWorker(person.database, person.clock, {"email": Slow()}, bell).run()
    )
    await asyncio.wait({worker}, timeout=20)

    sent = {row.key: row for row in await rows(person.database, outbox) if row.channel == "email"}
    assert sent.pop(f"hand_over:{plan.id}").state == state
    # It may have arrived: who has it hears that it is withdrawn, and nobody else anything.
    assert [row.payload["subject"][:10] for row in sent.values()] == ["Ingetrokke"]
    assert "krijgt daarvan bericht" in ended[0]
    assert "niet worden bezorgd" not in await show(person)


@pytest.mark.parametrize("state", ["given_up", "held"])
async def test_withdrawn_plan_is_not_sent_by_the_beheerder(
    person: Person, plan: Plan, state: str
) -> None:
    async with person.database.engine.begin() as connection:
        mail = outbox.c.key == f"hand_over:{plan.id}"
        await connection.execute(outbox.update().where(mail).values(state=state))
        row_id = await connection.scalar(select(outbox.c.id).where(mail))

    await withdraw(person)

    async with person.database.write() as uow:
        assert not await uow.set_aside.resend(row_id, person.clock.now())


async def test_own_mail_still_comes_after_withdrawing(person: Person, plan: Plan) -> None:
    async with person.database.engine.begin() as connection:
        mail = outbox.c.key == f"hand_over:{plan.id}"
        await connection.execute(
            outbox.update().where(mail).values(address="docent@school.example")
        )

    await withdraw(person)

    (own,) = [row for row in await rows(person.database, outbox) if row.channel == "email"]
    assert own.state == "due"


async def test_withdrawing_is_for_the_one_that_was_asked(person: Person, plan: Plan) -> None:
    await status(person)
    await press(person, withdrawal_words.WITHDRAW)
    yes = person.choices[0]
    await press(person, withdrawal_words.NO)
    await show(person)

    await press(person, "", yes)

    assert (await stored(person, plan.id)).plan.status is PlanStatus.SUBMITTED


async def test_withdrawing_tells_nothing_of_a_decision(person: Person, plan: Plan) -> None:
    await do(person, plan, Order(Action.APPROVE))
    await status(person)
    quiet = await press(person, withdrawal_words.WITHDRAW)
    await release(person, plan)

    said = await press(person, "", Choice("", "withdraw", plan.id))

    assert quiet.startswith(withdrawal_words.NOT_NOW)
    assert "al besloten" in said
    assert (await stored(person, plan.id)).plan.status is PlanStatus.APPROVED


# The rights of a person.


async def export(person: Person) -> str:
    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        return json.dumps(await uow.people.export(talk.person_id), ensure_ascii=False)


async def test_export_holds_what_happened_without_notes(person: Person, plan: Plan) -> None:
    await do(person, plan, Order(Action.NOTE, text=NOTE))
    await do(person, plan, Order(Action.FORWARD, to="colleague", text="Lees jij even mee?"))
    await do(person, plan, Order(Action.ASK, step="doelen", text="Hoe meet je dat?"), "colleague")

    exported = await export(person)

    (followed,) = json.loads(exported)["followed"]
    actions = [event["action"] for event in followed["events"]]
    assert actions == ["submit", "note", "forward", "ask"]
    assert "Hoe meet je dat?" in exported
    assert NOTE not in exported
    assert "Lees jij even mee?" not in exported
    assert "Vraag ernaar" in followed["events_withheld"]
    assert [version["number"] for version in followed["versions"]] == [1]


async def test_deleting_names_who_has_read_what(person: Person, plan: Plan) -> None:
    nobody = await person.do(person.services.privacy.ask_delete, "verwijder")
    await send_mails(person)
    await do(person, plan, Order(Action.FORWARD, to="colleague"))

    said = await person.do(person.services.privacy.ask_delete, "verwijder")

    assert "STO-2026-0001" not in nobody
    assert "• Drones in de zorg (STO-2026-0001): Regio Assen, Stand-in" in said


async def test_deleting_names_the_school_that_was_asked(person: Person) -> None:
    await write_plan(person, until="doelen")
    async with person.database.write() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        (draft,) = await uow.plans.of(talk.person_id)
        await person.services.support_requests.mail(
            uow, draft, "leiding@school.example", person.clock.now()
        )

    said = await person.do(person.services.privacy.ask_delete, "verwijder")

    assert "• Drones in de zorg: leiding@school.example" in said


async def test_deleting_leaves_nothing_of_the_plan(person: Person, plan: Plan) -> None:
    manager = Person(person.database, person.services, person.clock, address="3003")
    await told_in_chat(manager, plan)
    readers = await half_way_with(person, plan)
    await do(person, plan, Order(Action.ASK, step="doelen", text="Hoe meet je dat?"))

    await delete_all(person)

    left = await everything(person.database)
    for trace in (plan.id, "STO-2026-0001", "Drones in de zorg", "Hoe meet je dat?"):
        assert [value for value in left if trace in value] == []
    assert (await rows(person.database, outbox))[0].payload["text"] == "iets anders"
    for reader in readers:
        assert "Dit had je getypt:\n“Wat je wilt”" in await reader.say("Wat je wilt")


async def test_deleting_leaves_nothing_with_the_school_that_was_asked(person: Person) -> None:
    await write_plan(person, until="doelen")
    (draft,) = await drafts(person)
    async with person.database.write() as uow:
        now, book = person.clock.now(), person.services.book
        link = await book.give(uow, now, Purpose.MANAGEMENT, plan_id=draft.id)
    school, waiting = chat(person, "7003"), Person(person.database, person.services, person.clock)
    await school.open(link)
    await school.press(school.labels[0])
    waiting.address = "7004"
    await waiting.arrive(link.id, Kind.LINK)
    before = await everything(person.database)

    await delete_all(person)

    left = await everything(person.database)
    for trace in (draft.id, link.id, "Drones in de zorg"):
        assert any(trace in value for value in before)
        assert [value for value in left if trace in value] == []
    assert "Dit had je getypt:\n“Ria”" in await school.say("Ria")


async def drafts(person: Person) -> list[Plan]:
    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        return await uow.plans.of(talk.person_id)


async def everything(database: Database) -> list[str]:
    """Give every value that is stored."""
    return [
        str(value)
        for table in outbox.metadata.sorted_tables
        for row in await all_rows(database, table)
        for value in row
    ]


def chat(person: Person, address: str) -> ChatUser:
    return ChatUser(person.database, person.services, person.clock, address)


async def half_way_with(person: Person, plan: Plan) -> tuple[ChatUser, ChatUser]:
    """Let readers press buttons under a plan, and be half-way a question and a decision."""
    asking, deciding = (chat(person, "7001"), chat(person, "7002"))
    await asking.couple("manager")
    await deciding.couple("colleague")
    async with person.database.read() as uow:
        seen, version = await current(uow, plan.id)
    value = f"{plan.id}|{version}|{seen}"
    await asking.press_made(Choice(f"Bekijk {plan.reference}", "desk_view", value))
    await asking.press_made(Choice("Stel een vraag", "desk_ask", value))
    await asking.press(asking.labels[0])
    await deciding.press_made(Choice("Besluit", "desk_decide", value))
    await deciding.press(deciding.labels[0])
    await deciding.say("Een sterk plan")
    return asking, deciding


async def told_in_chat(manager: Person, plan: Plan) -> None:
    """Let the chat of a manager hold a plan: as an answer in two parts, and unasked."""

    async def tells(work: Any) -> list[Reply]:
        choice_ = Choice("Open", "open", plan.id)
        return [Reply("Drones in de zorg, om te lezen"), Reply("Kies", (choice_,))]

    async def tells_else(work: Any) -> list[Reply]:
        return [Reply("iets anders")]

    await manager.do(tells_else, "hallo")
    await manager.do(tells, "plannen")
    async with manager.database.write() as uow:
        talk = await uow.conversations.find(manager.channel, manager.address)
        assert talk
        await uow.turns.push(talk, "event:9:chat", [Reply("Lees STO-2026-0001")])


async def delete_all(person: Person) -> None:
    await person.do(person.services.privacy.ask_delete, "verwijder")
    await person.do(person.services.privacy.delete, "Ja, wis alles", kind=Kind.PRESS)


async def all_rows(database: Database, table: Any) -> list[Any]:
    async with database.engine.connect() as connection:
        return list((await connection.execute(table.select())).all())


async def test_link_to_a_deleted_plan_opens_nothing(person: Person, plan: Plan) -> None:
    async with person.database.read() as uow:
        (link,) = await uow.links.find(Purpose.REVIEW, plan.id, "manager", "regio@assen.example")

    await delete_all(person)

    async with person.database.read() as uow:
        assert await person.services.access.visit(uow, link.id, person.clock.now()) is None
