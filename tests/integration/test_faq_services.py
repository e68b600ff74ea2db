"""Questions about STO: answered, doubtful, unknown, rated, and taken the wrong way in a plan."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, select

from bot.storage.database import Database
from bot.storage.tables import answer, faq_vote
from bot.texts import faq as words
from tests.clocks import SteppingClock
from tests.person import Person, make_services, write_plan

REGION_QUESTION = "onder welke regio valt mijn school?"


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


async def rows(database: Database, table: Table) -> list[object]:
    async with database.engine.connect() as connection:
        return list((await connection.execute(select(table))).all())


async def gaps(database: Database) -> list[str]:
    async with database.read() as uow:
        return [gap.text for gap in await uow.gaps.all()]


async def answers(person: Person) -> dict[str, str | None]:
    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        plans = await uow.plans.of(talk.person_id)
    return {step: given.text for step, given in plans[0].answers.items()}


async def test_answer_names_its_source_and_more(person: Person) -> None:
    said = await person.do(person.services.faq.answer, "wat is sto", near=("wat-is-sto",))

    assert "Bron: " in said
    assert {words.UP, words.DOWN} <= set(person.labels)
    assert [choice for choice in person.choices if choice.intent == "faq"]


async def test_related_question_is_one_press_away(person: Person) -> None:
    await person.do(person.services.faq.answer, "wat is sto", near=("wat-is-sto",))
    related = next(choice for choice in person.choices if choice.intent == "faq")

    said = await person.press(person.services.faq.answer, related.label)

    assert "Bron: " in said


async def test_old_answer_says_that_it_is(person: Person) -> None:
    said = await person.do(person.services.faq.answer, "vraag", near=("cofinanciering-oud",))

    assert "Let op: dit komt uit de regels van een vorige periode." in said


async def test_current_answer_does_not_say_that_it_is_old(person: Person) -> None:
    said = await person.do(person.services.faq.answer, "vraag", near=("budget-totaal",))

    assert "Bron: " in said
    assert "vorige periode" not in said


async def test_regional_answer_stands_before_the_national(person: Person) -> None:
    await write_plan(person, until="doelen")

    said = await person.do(person.services.faq.answer, "wat is een techlab?", near=("techlab",))

    regional, _, national = said.partition("Bron: ")
    assert regional.startswith("In Assen: ")
    assert "Bron: " in national


async def test_answer_in_a_plan_asks_the_same_again(person: Person) -> None:
    await write_plan(person, until="doelen")

    said = await person.do(person.services.faq.answer, "wat is sto?", near=("wat-is-sto",))

    assert said.startswith("STO") or "Sterk Techniekonderwijs" in said
    assert "vraag 2 van 6" in said.lower()
    assert "doelen" not in await answers(person)


async def test_doubt_offers_three_and_none(person: Person) -> None:
    near = ("looptijd", "na-2029", "fasen")

    said = await person.do(person.services.faq.suggest, "hoe lang nog", near=near)

    assert said == words.DO_YOU_MEAN
    assert len(person.choices) == 4
    assert person.labels[-1] == words.NONE_OF_THESE


async def test_picked_question_is_answered(person: Person) -> None:
    await person.do(person.services.faq.suggest, "hoe lang nog", near=("looptijd", "fasen"))

    said = await person.press(person.services.faq.answer, person.labels[0])

    assert "2029" in said


async def test_none_of_these_notes_the_question(person: Person, database: Database) -> None:
    await person.do(person.services.faq.suggest, "hoe lang is een les", near=("looptijd",))

    said = await person.press(person.services.faq.none_of_these, words.NONE_OF_THESE)

    assert "geen antwoord" in said
    assert await gaps(database) == ["hoe lang is een les"]


async def test_unknown_question_is_noted_and_someone_named(
    person: Person, database: Database
) -> None:
    await write_plan(person, until="doelen")

    said = await person.do(person.services.faq.unknown, "wie maakt het rooster?")

    assert "De programmamanager van Assen" in said
    assert await gaps(database) == ["wie maakt het rooster?"]


async def test_twice_not_understood_offers_ways_out(person: Person) -> None:
    first = await person.do(person.services.faq.unknown, "bla")
    second = await person.do(person.services.faq.unknown, "blabla")
    ways = list(person.labels)
    third = await person.do(person.services.faq.unknown, "blablabla")

    assert words.UNKNOWN in first
    assert words.AGAIN_UNKNOWN in second
    assert words.HUMAN in ways
    assert words.AGAIN_UNKNOWN not in third


async def test_something_understood_between_starts_anew(person: Person) -> None:
    await person.do(person.services.faq.unknown, "bla")
    await person.do(person.services.welcome.greet, "hallo")

    said = await person.do(person.services.faq.unknown, "blabla")

    assert words.AGAIN_UNKNOWN not in said


async def test_second_thumb_replaces_the_first(person: Person, database: Database) -> None:
    await person.do(person.services.faq.answer, "wat is sto", near=("wat-is-sto",))
    up, down = (choice for choice in person.choices if choice.intent == "faq_thumb")
    await person.press_old(person.services.faq.thumb, up)
    await person.press_old(person.services.faq.thumb, down)

    async with database.read() as uow:
        verdicts = await uow.votes.all()

    assert [vars(verdict) for verdict in verdicts] == [
        {"entry": "wat-is-sto", "ups": 0, "downs": 1}
    ]


async def test_thumbs_say_nothing_about_people(person: Person, database: Database) -> None:
    await person.do(person.services.faq.answer, "wat is sto", near=("wat-is-sto",))
    await person.press(person.services.faq.thumb, words.DOWN)

    assert len(await rows(database, faq_vote)) == 1
    assert set(faq_vote.c.keys()) == {"turn_id", "entry", "is_up", "given_at"}


async def test_question_at_the_region_goes_on_with_the_search(person: Person) -> None:
    said = await person.do(person.services.faq.answer, REGION_QUESTION, near=("welke-regio",))

    assert "Bron: " in said
    assert "Voor welke school of plaats" in said


async def test_question_at_the_region_with_a_school_is_found(person: Person) -> None:
    text = "welke regio hoort bij het dr nassau in assen?"

    said = await person.do(person.services.faq.answer, text, near=("welke-regio",))

    assert "Assen" in said
    assert "Voor welke school" not in said


async def test_answer_that_may_ask_is_stored_and_offered(person: Person) -> None:
    await write_plan(person, until="doelen")

    said = await person.answer("Wat levert het op voor meisjes", near=("meisjes-techniek",))

    assert (await answers(person))["doelen"] == "Wat levert het op voor meisjes"
    assert "vraag 3 van 6" in said.lower()
    assert words.WAS_QUESTION in person.labels


async def test_answer_taken_back_is_answered_and_asked_again(person: Person) -> None:
    await write_plan(person, until="doelen")
    await person.answer("Wat levert het op voor meisjes", near=("meisjes-techniek", "doel-sto"))

    said = await person.press(person.services.second_thoughts.was_question, words.WAS_QUESTION)

    assert words.DO_YOU_MEAN in said
    assert "weggehaald" in said
    assert "eerst stond" not in said
    assert "vraag 2 van 6" in said.lower()
    assert "doelen" not in await answers(person)


async def test_answer_before_it_is_put_back(person: Person) -> None:
    await write_plan(person, until="activiteiten")
    before = (await answers(person))["doelen"]
    await person.do(person.services.intake.back, "terug")
    await person.answer("Waarom eigenlijk", near=("doel-sto",))

    said = await person.press(person.services.second_thoughts.was_question, words.WAS_QUESTION)

    assert "staat weer wat er eerst stond" in said
    assert "weggehaald" not in said
    assert (await answers(person))["doelen"] == before


async def test_taking_back_twice_changes_nothing(person: Person) -> None:
    await write_plan(person, until="doelen")
    await person.answer("Waarom eigenlijk", near=("doel-sto",))
    button = next(choice for choice in person.choices if choice.label == words.WAS_QUESTION)
    await person.press(person.services.second_thoughts.was_question, button.label)
    await person.answer("Meer meisjes in de techniek")

    said = await person.press_old(person.services.second_thoughts.was_question, button)

    assert words.NOTHING_TO_TAKE_BACK in said
    assert (await answers(person))["doelen"] == "Meer meisjes in de techniek"


async def test_nothing_is_taken_back_from_a_step_off_the_road(person: Person) -> None:
    await write_plan(person, until="management_who")
    await person.answer("Wie beslist dat eigenlijk", near=("doel-sto",))
    button = next(choice for choice in person.choices if choice.label == words.WAS_QUESTION)
    await person.do(person.services.intake.correct, "ik wil vraag schoolmanagement aanpassen")
    await person.answer("nog niet besproken")
    before = await answers(person)

    said = await person.press_old(person.services.second_thoughts.was_question, button)

    assert words.NOTHING_TO_TAKE_BACK in said
    assert await answers(person) == before


async def test_question_that_was_the_answer_is_stored(person: Person, database: Database) -> None:
    await write_plan(person, until="doelen")
    text = "Hoe krijgen we meer meisjes?\nDat is ons doel."
    await person.do(person.services.faq.answer, text, near=("meisjes-techniek",))

    said = await person.press(person.services.second_thoughts.was_answer, words.WAS_ANSWER)

    assert (await answers(person))["doelen"] == text
    assert "vraag 3 van 6" in said.lower()


async def test_stored_by_press_can_still_be_edited(person: Person) -> None:
    await write_plan(person, until="doelen")
    await person.do(person.services.faq.answer, "Hoe dan?", near=("doel-sto",), source="message-7")
    await person.press(person.services.second_thoughts.was_answer, words.WAS_ANSWER)

    await person.do(person.services.answers.edit, "Zo dan.", source="message-7")

    assert (await answers(person))["doelen"] == "Zo dan."


async def test_was_answer_is_for_its_own_question(person: Person) -> None:
    await write_plan(person, until="doelen")
    await person.do(person.services.faq.answer, "Hoe dan?", near=("doel-sto",))
    button = next(choice for choice in person.choices if choice.label == words.WAS_ANSWER)
    await person.answer("Meer instroom")

    await person.press_old(person.services.second_thoughts.was_answer, button)

    assert (await answers(person))["doelen"] == "Meer instroom"
    assert "activiteiten" not in await answers(person)


async def test_nobody_stores_the_words_of_another(
    person: Person, database: Database, clock: SteppingClock
) -> None:
    other = Person(database, make_services(database, clock), clock, address="2002")
    turn, _ = await other.arrive("iets van een ander")
    await write_plan(person, until="doelen")
    await person.do(person.services.faq.answer, "Hoe dan?", near=("doel-sto",))
    button = next(choice for choice in person.choices if choice.label == words.WAS_ANSWER)
    forged = type(button)(button.label, button.intent, str(turn), button.at)

    await person.press_old(person.services.second_thoughts.was_answer, forged)

    texts = [getattr(row, "text", None) for row in await rows(database, answer)]
    assert "iets van een ander" not in texts
