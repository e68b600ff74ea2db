"""The teacher's road through the services, on both databases."""

from __future__ import annotations

import pytest

from bot.domain.contacts import Contact
from bot.domain.errors import StaleAttemptError
from bot.domain.inbox import Kind
from bot.domain.plan import PlanStatus
from bot.domain.plan_states import Action
from bot.domain.summary import RecipientRole
from bot.storage.database import Database
from bot.storage.tables import answer, inbox, outbox, plan
from bot.texts import plan_intake as words
from bot.texts.faq import HUMAN
from tests.clocks import SteppingClock
from tests.person import PLAN_ANSWERS, SIX, Person, make_services, write_plan


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


async def rows(database: Database, table):
    async with database.engine.connect() as connection:
        return list((await connection.execute(table.select())).all())


async def test_whole_plan_reaches_the_read_back_verbatim(person: Person) -> None:
    await write_plan(person)

    for step in SIX:
        assert PLAN_ANSWERS[step] in person.said
    assert "Versturen" in person.labels
    assert "programmamanager" in person.said


async def test_sending_queues_one_mail_with_the_contact(person: Person, database: Database) -> None:
    async with database.write() as uow:
        await uow.contacts.add(
            Contact("c1", RecipientRole.PROGRAMME_MANAGER, "pm@regio.example", "assen")
        )
    await write_plan(person)

    said = await person.do(person.services.hand_over.send, "Versturen")

    mails = [row for row in await rows(database, outbox) if row.channel == "email"]
    assert [mail.address for mail in mails] == ["pm@regio.example"]
    assert "STO-2026-0001" in said
    assert person.last[0].document is not None


async def test_sending_twice_says_that_it_was_sent(person: Person, database: Database) -> None:
    await write_plan(person)
    await person.do(person.services.hand_over.send, "Versturen", kind=Kind.PRESS)

    turn, attempt = await person.arrive("Versturen", Kind.PRESS)
    await person.services.runner.run(turn, attempt, person.services.hand_over.send)

    assert sum(row.channel == "email" for row in await rows(database, outbox)) == 1
    assert sum(row.reference is not None for row in await rows(database, plan)) == 1


async def test_without_contact_the_operator_gets_it_and_the_gap(
    person: Person, database: Database
) -> None:
    await write_plan(person)

    said = await person.do(person.services.hand_over.send, "Versturen")

    stored = (await rows(database, plan))[0].summary
    assert "nog geen adres" in said.replace("\n", " ")
    assert stored["recipient_role"] == "operator"
    assert "programmamanager" in stored["recipient_gap"]
    mail = next(row for row in await rows(database, outbox) if row.channel == "email")
    assert mail.address == "beheer@example.org"


async def test_same_turn_again_changes_nothing_and_says_the_same(
    person: Person, database: Database
) -> None:
    await write_plan(person, until="doelen")
    turn, attempt = await person.arrive("mijn doel")
    first = await person.services.runner.run(turn, attempt, person.services.answers.answer)

    again = await person.services.runner.run(turn, attempt, person.services.intake.back)

    assert again == first
    assert sum(row.step == "doelen" for row in await rows(database, answer)) == 1


async def test_late_attempt_cannot_commit(person: Person, database: Database) -> None:
    await write_plan(person, until="doelen")
    turn, first = await person.arrive("EERSTE")
    async with database.write() as uow:
        await uow.inbox.postpone(turn, person.clock.now(), 0, failed=True)

    with pytest.raises(StaleAttemptError):
        await person.services.runner.run(turn, first, person.services.answers.answer)

    second = await person.attempt(turn)
    await person.services.runner.run(turn, second, person.services.answers.answer)
    given = [row.text for row in await rows(database, answer) if row.step == "doelen"]
    assert given == ["EERSTE"]


async def test_failing_use_case_leaves_no_trace(person: Person, database: Database) -> None:
    await write_plan(person, until="doelen")
    turn, attempt = await person.arrive("half werk")

    async def breaks(work):
        await person.services.answers.answer(work)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await person.services.runner.run(turn, attempt, breaks)

    assert "half werk" not in [row.text for row in await rows(database, answer)]
    state = next(row.state for row in await rows(database, inbox) if row.id == turn)
    assert state == "new"


async def test_edit_revises_the_answer_and_keeps_history(
    person: Person, database: Database
) -> None:
    await write_plan(person, until="doelen")
    await person.answer("eerste doel", source="55:9")

    said = await person.do(
        person.services.answers.edit, "beter doel", kind=Kind.EDIT, source="55:9"
    )

    versions = [(r.text, r.is_current) for r in await rows(database, answer) if r.step == "doelen"]
    assert versions == [("eerste doel", False), ("beter doel", True)]
    assert "Doelen" in said
    assert "activiteiten" in said.lower()


async def test_edit_after_sending_changes_nothing(person: Person, database: Database) -> None:
    await write_plan(person, until="middelen")
    await person.answer("oud", source="55:9")
    await person.answer("Naam")
    await person.answer("x@school.example")
    await person.do(person.services.hand_over.send, "Versturen")

    said = await person.do(person.services.answers.edit, "nieuw", kind=Kind.EDIT, source="55:9")

    assert "al verstuurd" in said
    current = [r.text for r in await rows(database, answer) if r.step == "middelen"]
    assert current == ["oud"]


async def test_old_button_is_expired_and_changes_nothing(
    person: Person, database: Database
) -> None:
    await write_plan(person, until="doelen")
    skip = next(choice for choice in person.choices if choice.label == "Overslaan")
    await person.answer("mijn doel")
    turn, _ = await person.arrive("x")
    async with database.write() as uow:
        await uow.inbox.begin_attempt(turn, (await uow.inbox.get(turn)).open, None)
    async with database.engine.begin() as connection:
        await connection.execute(
            inbox.update().where(inbox.c.id == turn).values(pressed=skip.to_dict())
        )

    replies = await person.services.runner.run(turn, 2, person.services.intake.skip)

    assert "eerdere vraag" in replies[0].text
    assert all(r.text is not None for r in await rows(database, answer) if r.step == "activiteiten")


async def test_blank_answer_is_asked_again(person: Person, database: Database) -> None:
    await write_plan(person, until="doelen")

    said = await person.answer("  ?! ")

    assert "nog geen antwoord" in said
    assert not [row for row in await rows(database, answer) if row.step == "doelen"]


async def test_wrong_address_is_explained(person: Person) -> None:
    await write_plan(person, until="email")

    said = await person.answer("docent apenstaartje school")

    assert "naam@school.nl" in said


async def test_second_wrong_address_in_a_row_offers_a_human(person: Person) -> None:
    await write_plan(person, until="email")
    first = await person.answer("docent apenstaartje school")
    ways_at_first = list(person.labels)
    second = await person.answer("docent at school")
    ways = list(person.labels)
    third = await person.answer("docent punt school")

    assert words.REJECTED_AGAIN not in first
    assert HUMAN not in ways_at_first
    assert words.REJECTED_AGAIN in second
    assert HUMAN in ways
    assert words.REJECTED_AGAIN not in third


async def test_unknown_school_goes_on_and_is_noted(person: Person, database: Database) -> None:
    await person.do(person.services.intake.start, "plan")
    await person.answer("hogwarts")
    await person.answer("nergenshuizen")
    await person.do(person.services.intake.skip, "overslaan")
    await person.answer("weet ik niet")
    said = await person.answer("nee")

    assert "regios-in-beeld" in said
    async with database.read() as uow:
        assert [(gap.kind, gap.text) for gap in await uow.gaps.all()] == [("school", "hogwarts")]


async def test_region_is_never_guessed(person: Person) -> None:
    await person.do(person.services.intake.start, "plan")

    await person.answer("ichthus college")

    assert sum(label.startswith("Ichthus College") for label in person.labels) >= 2
    assert "Geen van deze" in person.labels


async def test_pause_and_weeks_later_a_recap(person: Person, clock: SteppingClock) -> None:
    await write_plan(person, until="mijlpalen")
    await person.do(person.services.intake.pause, "pauze")
    clock.step(days=42)

    said = await person.do(person.services.welcome.greet, "hallo")

    assert "Drones in de zorg" in said
    assert "Vraag 4 van 6" in said


async def test_answer_after_weeks_says_which_question_it_answered(
    person: Person, clock: SteppingClock
) -> None:
    await write_plan(person, until="mijlpalen")
    clock.step(days=20)

    said = await person.answer("februari 2027")

    assert "Welkom terug bij “Drones in de zorg”" in said
    assert "“Mijlpalen”" in said
    assert "Vraag 5 van 6" in said


async def test_running_draft_keeps_its_questions(
    person: Person, database: Database, clock: SteppingClock
) -> None:
    await write_plan(person, until="doelen")
    content = person.services.intake._questions
    shorter = type(content)("anders", content.questions[:-1])
    person.services.intake._questions = shorter

    await person.answer("doel")
    said = await person.do(person.services.intake.overview, "overzicht")

    assert "Je e-mail" in said


async def test_correct_goes_to_the_named_answer(person: Person) -> None:
    await write_plan(person)

    said = await person.do(person.services.intake.correct, "ik wil mijn doelen aanpassen")

    assert "Vraag 2 van 6" in said
    assert PLAN_ANSWERS["doelen"] in said


async def test_several_plans_one_in_hand(person: Person) -> None:
    await write_plan(person, until="doelen")
    await person.do(person.services.intake.stop, "stop")
    await person.do(person.services.intake.start, "plan")
    await person.do(person.services.intake.start, "Nieuw plan", kind=Kind.PRESS)

    said = await person.do(person.services.my_plans.show, "mijn plannen")

    assert "weggelegd" in said
    assert "in de maak" in said


async def test_delete_leaves_nothing_but_the_receipt(person: Person, database: Database) -> None:
    await write_plan(person)
    await person.do(person.services.privacy.ask_delete, "verwijder")

    said = await person.do(person.services.privacy.delete, "ja, wis alles")

    assert "Gewist op" in said
    assert await rows(database, plan) == []
    assert await rows(database, answer) == []
    assert [row.text for row in await rows(database, inbox)] == [""]


async def test_export_holds_every_answer(person: Person, database: Database) -> None:
    await write_plan(person)
    async with database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        data = await uow.people.export(talk.person_id)

    assert {row["text"] for row in data["answers"]} >= {PLAN_ANSWERS[step] for step in SIX}


async def test_only_questions_are_noted_for_the_beheerder(
    person: Person, database: Database
) -> None:
    await person.do(person.services.faq.unknown, "docent@school.example")
    await person.do(person.services.faq.unknown, "mag STO ook voor havo?")

    async with database.read() as uow:
        assert [gap.text for gap in await uow.gaps.all()] == ["mag STO ook voor havo?"]


async def test_example_without_a_plan_says_so(person: Person) -> None:
    said = await person.do(person.services.intake.example, "Docent Voorbeeld")

    assert "geen plan open" in said


async def test_local_mail_is_not_called_delivered(database: Database, clock: SteppingClock) -> None:
    person = Person(database, make_services(database, clock, mail_stays_here=True), clock)
    await write_plan(person)
    await person.do(person.services.hand_over.send, "Versturen")
    async with database.engine.begin() as connection:
        await connection.execute(outbox.update().values(state="sent"))

    said = await person.do(person.services.my_plans.status, "waar staat mijn plan")

    assert "lokale postbus" in said
    assert "bezorgd" not in said


async def test_read_back_gives_hints_and_never_blocks(person: Person) -> None:
    await write_plan(person)

    assert "Bij Doelen staat nog geen" not in person.said

    await person.do(person.services.intake.correct, "ik wil mijn doelen aanpassen")
    said = await person.answer("Dat leerlingen techniek leuk vinden")

    assert "Bij Doelen staat nog geen aantal of percentage." in said
    assert "Versturen" in person.labels
    assert "Verstuurd!" in await person.do(person.services.hand_over.send, "Versturen")


async def test_putting_aside_and_taking_up_leave_their_events(person: Person) -> None:
    await write_plan(person, until="doelen")
    await person.do(person.services.intake.stop, "stop")
    await person.do(person.services.intake.resume, "verder")

    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        (plan,) = await uow.plans.of(talk.person_id)
        events = await uow.reviews.events(plan.id)

    assert [(event.action, event.before, event.after) for event in events] == [
        (Action.STOP, PlanStatus.DRAFT, PlanStatus.STOPPED),
        (Action.RESUME, PlanStatus.STOPPED, PlanStatus.DRAFT),
    ]
