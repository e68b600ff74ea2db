"""A whole plan in one message, through the services, on both databases."""

from __future__ import annotations

import pytest

from bot.domain.inbox import Kind
from bot.domain.turn import OpenKind
from bot.services.plan_answers import MAX_LENGTH
from bot.storage.database import Database
from bot.storage.tables import answer, choice, inbox, plan
from tests.clocks import SteppingClock
from tests.person import PLAN_ANSWERS, Person, make_services, write_plan

PLAN = """\
Hoi, hier is mijn plan:

Titel: Robots in de kas
Idee: leerlingen bouwen
een zaairobot

Doelen
1. 30% kiest techniek
2. “Wat is dat?” hoor je niet meer
Planning: in mei
Kosten (ongeveer): 3 robots = € 900
"""
STORED = {
    "titel": "Robots in de kas",
    "idee": "leerlingen bouwen\neen zaairobot",
    "doelen": "1. 30% kiest techniek\n2. “Wat is dat?” hoor je niet meer",
    "mijlpalen": "in mei",
    "middelen": "(ongeveer): 3 robots = € 900",
}


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


async def paste(person: Person, text: str = PLAN) -> str:
    return await person.do(person.services.pasted_plan.propose, text)


async def press(person: Person, label: str, key: str | None = None) -> str:
    """Press a button that was shown: the last one with this label, or the one with this key."""
    services = person.services
    use_cases = {
        "Zo opslaan": services.pasted_plan.confirm,
        "Opslaan als nieuw plan": services.pasted_plan.confirm,
        "Dit was mijn antwoord": services.pasted_plan.was_answer,
        "Nee, niets bewaren": services.pasted_plan.refuse,
    }
    return await person.do(use_cases[label], key or label, kind=Kind.PRESS)


async def key_of(person: Person, label: str) -> str:
    """Give the key of the newest button with this label, as a transport sends it."""
    async with person.database.engine.connect() as connection:
        rows = (await connection.execute(choice.select())).all()
    return max((row.turn_id, row.key) for row in rows if row.choice["label"] == label)[1]


async def plans(person: Person) -> list[dict[str, str | None]]:
    """Give what stands in each plan, the one last worked on first."""
    async with person.database.read() as uow:
        talk = await uow.conversations.of(person.channel, person.address)
        found = await uow.plans.of(talk.person_id)
    return [{step: given.text for step, given in one.answers.items()} for one in found]


async def versions(person: Person, step: str) -> list[str | None]:
    async with person.database.engine.connect() as connection:
        rows = (await connection.execute(answer.select().order_by(answer.c.id))).all()
    return [row.text for row in rows if row.step == step]


async def test_proposal_shows_all_and_stores_nothing(person: Person) -> None:
    said = await paste(person)

    assert await plans(person) == []
    assert "nieuw plan" in said
    for part in ("Robots in de kas", "leerlingen bouwen een zaairobot", "in mei", "€ 900"):
        assert part in said
    assert "laat ik weg: Hoi, hier is mijn plan:" in said
    assert person.labels == ["Zo opslaan", "Nee, niets bewaren"]


async def test_confirming_begins_a_plan_with_every_part(person: Person) -> None:
    await paste(person)

    said = await press(person, "Zo opslaan")

    assert await plans(person) == [STORED]
    assert "Opgeslagen: Titel, Het idee, Doelen, Mijlpalen, Middelen." in said
    assert "Op welke school werk je?" in said


async def test_stored_parts_are_not_asked_again(person: Person) -> None:
    await paste(person)
    await press(person, "Zo opslaan")
    asked = []
    for step in ("school", "school_region", "contact_known", "contact_failed"):
        asked.append(await person.answer(PLAN_ANSWERS[step]))

    assert "Voor welke leerlingen is het?" in asked[-1]


async def test_pressing_twice_stores_once(person: Person) -> None:
    await paste(person)
    key = await key_of(person, "Zo opslaan")
    await press(person, "Zo opslaan", key)

    said = await press(person, "Zo opslaan", key)

    assert "staat al zo in je plan" in said
    assert await plans(person) == [STORED]
    assert await versions(person, "doelen") == [STORED["doelen"]]


async def test_what_changed_meanwhile_is_proposed_again(person: Person) -> None:
    await write_plan(person, until="doelen")
    await paste(person)
    key = await key_of(person, "Zo opslaan")
    await press(person, "Nee, niets bewaren")
    await person.answer("een veel beter doel")

    said = await press(person, "Zo opslaan", key)

    assert "intussen veranderd" in said
    assert "Doelen (vervangt wat er stond)" in said
    assert (await plans(person))[0]["doelen"] == "een veel beter doel"
    await press(person, "Zo opslaan")
    assert (await plans(person))[0]["doelen"] == STORED["doelen"]


async def test_in_a_plan_it_says_what_is_replaced(person: Person) -> None:
    await write_plan(person, until="doelen")

    said = await paste(person)

    assert "“Drones in de zorg”" in said
    assert "Titel (vervangt wat er stond)" in said
    assert "Doelen: 1. 30%" in said
    assert person.labels == [
        "Zo opslaan",
        "Opslaan als nieuw plan",
        "Dit was mijn antwoord",
        "Nee, niets bewaren",
    ]


async def test_in_a_plan_the_old_answers_stay_as_history(person: Person) -> None:
    await write_plan(person, until="doelen")
    await paste(person)

    said = await press(person, "Zo opslaan")

    [now] = await plans(person)
    assert {step: now[step] for step in STORED} == STORED
    assert now["school"] == PLAN_ANSWERS["school"]
    assert await versions(person, "titel") == ["Drones in de zorg", "Robots in de kas"]
    assert "Vraag 3 van 6" in said


async def test_another_plan_can_be_made_of_it(person: Person, clock: SteppingClock) -> None:
    await write_plan(person, until="doelen")
    await paste(person)
    clock.step(days=1)

    await press(person, "Opslaan als nieuw plan")

    new, old = await plans(person)
    assert new == STORED
    assert old["titel"] == "Drones in de zorg"


async def test_outside_a_plan_the_last_draft_is_named(person: Person) -> None:
    await write_plan(person, until="doelen")
    await person.do(person.services.intake.stop, "stop")

    said = await paste(person)

    assert "“Drones in de zorg”" in said
    assert "Dit was mijn antwoord" not in person.labels
    await press(person, "Zo opslaan")
    assert [one["titel"] for one in await plans(person)] == ["Robots in de kas"]


async def test_it_can_be_one_answer_after_all(person: Person) -> None:
    await write_plan(person, until="doelen")
    await paste(person)

    said = await press(person, "Dit was mijn antwoord")

    [now] = await plans(person)
    assert now["doelen"] == PLAN
    assert now["titel"] == "Drones in de zorg"
    assert "Vraag 3 van 6" in said


async def test_refusing_keeps_the_plan_as_it_was(person: Person) -> None:
    await write_plan(person, until="doelen")
    before = await plans(person)
    await paste(person)

    said = await press(person, "Nee, niets bewaren")

    assert await plans(person) == before
    assert "niets van bewaard" in said
    assert "vraag 2 van 6" in said


async def test_yes_to_a_proposal_is_no_answer(person: Person, database: Database) -> None:
    await write_plan(person, until="doelen")
    await paste(person)

    async with database.read() as uow:
        talk = await uow.conversations.of(person.channel, person.address)

    assert talk.open_kind is OpenKind.CHOOSE
    assert talk.base is OpenKind.PLAN


async def test_plan_that_was_handed_over_is_left_alone(person: Person) -> None:
    await write_plan(person, until="doelen")
    await paste(person)
    key = await key_of(person, "Zo opslaan")
    await person.do(person.services.hand_over.send, "versturen")
    await person.do(person.services.hand_over.send, "Versturen")
    before = await plans(person)

    said = await press(person, "Zo opslaan", key)

    assert "al verstuurd, met nummer STO-2026-0001" in said
    assert await plans(person) == before


async def test_part_that_does_not_fit_is_said(person: Person) -> None:
    long = "heel " * MAX_LENGTH
    text = f"Titel: T\nIdee: {long}\nDoelen: d\nKosten: k\nE-mail: docent apenstaartje school"

    said = await paste(person, text)

    assert said.count("Dit kan ik niet opslaan.") == 2
    said = await press(person, "Zo opslaan")
    assert await plans(person) == [{"titel": "T", "doelen": "d", "middelen": "k"}]
    assert "Niet opgeslagen: Het idee. Dat is te lang" in said
    assert "Niet opgeslagen: Je e-mail." in said


async def test_only_what_is_kept_of_a_part_is_shown(person: Person) -> None:
    said = await paste(person, f"{PLAN}E-mail: docent@school.example (niet op maandag)")

    assert "Hiervan bewaar ik alleen: docent@school.example" in said


async def test_school_in_the_text_leads_to_its_region(person: Person) -> None:
    await paste(person, f"{PLAN}School: dr nassau in assen")

    await press(person, "Zo opslaan")

    assert (await plans(person))[0]["school"] == "dr nassau in assen"
    assert any("Dr. Nassau" in label for label in person.labels)


async def test_region_that_was_picked_stays(person: Person) -> None:
    await write_plan(person, until="doelen")
    before = (await plans(person))[0]

    said = await paste(person, f"{PLAN}School: Esdal College")
    await press(person, "Zo opslaan")

    now = (await plans(person))[0]
    assert "In je plan staat al: dr nassau in assen" in said
    assert {step: now[step] for step in ("school", "school_region")} == {
        step: before[step] for step in ("school", "school_region")
    }


async def test_editing_the_confirming_words_changes_nothing(person: Person) -> None:
    await paste(person)
    await person.do(person.services.pasted_plan.confirm, "zo opslaan", source="55:9")

    said = await person.do(
        person.services.answers.edit, "Zo opslaan!", kind=Kind.EDIT, source="55:9"
    )

    assert "geen antwoord in je plan" in said
    assert await plans(person) == [STORED]


async def test_text_that_is_no_plan_is_the_answer(person: Person) -> None:
    await write_plan(person, until="doelen")

    await paste(person, "Doelen: dat techniek gewoon wordt")

    assert (await plans(person))[0]["doelen"] == "Doelen: dat techniek gewoon wordt"


async def test_button_of_someone_else_stores_nothing(person: Person, database: Database) -> None:
    await paste(person)
    mine = next(button for button in person.choices if button.label == "Zo opslaan")
    other = Person(database, person.services, person.clock, address="2002")
    turn, attempt = await other.arrive("x")
    async with database.write() as uow:
        await uow.inbox.begin_attempt(turn, (await uow.inbox.get(turn)).open, mine)
    async with database.engine.begin() as connection:
        await connection.execute(
            inbox.update().where(inbox.c.id == turn).values(pressed=mine.to_dict())
        )

    await person.services.runner.run(turn, attempt + 1, person.services.pasted_plan.confirm)

    async with database.engine.connect() as connection:
        assert (await connection.execute(plan.select())).all() == []
