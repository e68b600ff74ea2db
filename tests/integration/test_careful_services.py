"""An answer that seems to name a pupil waits: it is written anew, or kept on purpose."""

from __future__ import annotations

import pytest

from bot.domain.inbox import Kind
from bot.domain.plan import PlanStatus
from bot.domain.plan_states import Action
from bot.services.review_input import Order
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.integration.test_revision_services import press
from tests.person import Person, make_services, write_plan
from tests.reviews import act, actor, add_contacts, handed_over, only_plan

NAMED = "Onze leerling Jan de Vries bouwt een drone."


@pytest.fixture
async def person(database: Database, clock: SteppingClock) -> Person:
    person = Person(database, make_services(database, clock), clock)
    await write_plan(person, until="doelen")
    return person


async def doelen(person: Person) -> str | None:
    return (await only_plan(person)).text("doelen")


async def texts(person: Person) -> list[str]:
    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        exported = await uow.people.export(talk.person_id)
    return [message["text"] for message in exported["messages"]]


async def test_answer_that_names_a_pupil_is_not_kept_unasked(person: Person) -> None:
    said = await person.answer(NAMED)

    assert "de naam van een leerling" in said
    assert "Terug naar vraag 2 van 6" in said
    assert "Bewaar het zo" in person.labels
    assert await doelen(person) is None
    assert NAMED in await texts(person)


async def test_written_anew_it_is_the_answer_and_the_first_text_goes(person: Person) -> None:
    await person.answer(NAMED)

    said = await person.answer("Een leerling bouwt een drone.")

    assert "Vraag 3 van 6" in said
    assert await doelen(person) == "Een leerling bouwt een drone."
    assert NAMED not in await texts(person)


async def test_kept_on_purpose_it_is_the_answer_word_for_word(person: Person) -> None:
    await person.answer(NAMED)

    said = await person.press(person.services.answers.keep_as_is, "Bewaar het zo")

    assert "Vraag 3 van 6" in said
    assert await doelen(person) == NAMED


async def test_question_in_between_loses_nothing(person: Person) -> None:
    await person.answer(NAMED)
    (keep,) = [choice for choice in person.choices if choice.label == "Bewaar het zo"]
    await person.do(person.services.intake.example, "tip")

    await person.press_old(person.services.answers.keep_as_is, keep)

    assert await doelen(person) == NAMED


async def test_second_text_with_a_name_takes_the_place_of_the_first(person: Person) -> None:
    await person.answer(NAMED)
    await person.answer("Bel de leerling Kevin op 06-12345678")

    assert "een leerling en een telefoonnummer" in person.said
    assert NAMED not in await texts(person)
    await person.press(person.services.answers.keep_as_is, "Bewaar het zo")
    assert await doelen(person) == "Bel de leerling Kevin op 06-12345678"


async def test_button_of_another_conversation_keeps_nothing(person: Person) -> None:
    other = Person(person.database, person.services, person.clock, address="2002")
    await write_plan(other, until="doelen")
    await other.answer(NAMED)
    (keep,) = [choice for choice in other.choices if choice.label == "Bewaar het zo"]
    own = await only_plan(person)
    forged = keep.__class__(keep.label, keep.intent, keep.value, f"{own.id}/doelen")

    said = await person.press_old(person.services.answers.keep_as_is, forged)

    assert "heb ik niet meer" in said
    assert await doelen(person) is None


async def test_edit_that_brings_a_name_changes_nothing(person: Person) -> None:
    await person.answer("Dertig procent meer", source="55:9")

    said = await person.do(person.services.answers.edit, NAMED, kind=Kind.EDIT, source="55:9")

    assert "niet overgenomen" in said
    assert await doelen(person) == "Dertig procent meer"


async def test_name_of_the_teacher_is_no_pupil(database: Database, clock: SteppingClock) -> None:
    person = Person(database, make_services(database, clock), clock)
    await write_plan(person, until="naam")

    await person.answer("Leerling Jansen")

    assert (await only_plan(person)).text("naam") == "Leerling Jansen"


async def test_proposal_of_a_pasted_plan_points_it_out(
    database: Database, clock: SteppingClock
) -> None:
    person = Person(database, make_services(database, clock), clock)
    text = f"Titel: Drones\nIdee: {NAMED}\nDoelen: 30% in 2027\nActiviteiten: zes lessen"

    said = await person.do(person.services.pasted_plan.propose, text)

    assert "Let op: hierin lijkt de naam van een leerling te staan." in said


async def test_new_answer_to_the_region_points_it_out_before_it_leaves(
    database: Database, clock: SteppingClock
) -> None:
    await add_contacts(database, "manager")
    person = Person(database, make_services(database, clock), clock)
    plan = await handed_over(person)
    clock.step(minutes=1)
    await act(person, actor("manager"), plan.id, Order(Action.ASK, step="doelen", text="Hoe dan?"))
    await press(person, "Antwoord aanpassen")

    said = await person.answer(NAMED)
    old = person.choices[0]
    anew = await person.answer("Een leerling bouwt een drone.")
    new = person.choices[0]

    assert "Let op: hierin lijkt de naam van een leerling te staan." in said
    assert "Let op" not in anew
    assert NAMED not in await texts(person)
    # The button below the first one has nothing to send any more.
    await press(person, "", old)
    assert (await only_plan(person)).status is PlanStatus.ASKED
    assert "Verstuurd!" in await press(person, "", new)
    assert await doelen(person) == "Een leerling bouwt een drone."
