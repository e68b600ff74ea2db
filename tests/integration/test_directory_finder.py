"""What a teacher hears about the region that was found, and how sure that is."""

from __future__ import annotations

import pytest

from bot.domain.inbox import Kind
from bot.storage.database import Database
from bot.texts.directory import DERIVED
from tests.clocks import SteppingClock
from tests.person import Person, make_services


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


async def find(person: Person, text: str) -> str:
    return await person.do(person.services.finder.find, text)


async def press(person: Person, label: str) -> str:
    return await person.do(person.services.finder.find, label, kind=Kind.PRESS)


async def test_listed_place_names_the_region(person: Person) -> None:
    said = await find(person, "hardenberg")

    assert "STO-regio Vechtdal/Hardenberg" in said
    assert DERIVED not in said


async def test_derived_place_is_said_to_be_derived(person: Person) -> None:
    said = await find(person, "ik werk in smilde")

    assert "STO-regio Assen" in said
    assert DERIVED in said


async def test_far_slip_is_asked_about_first(person: Person) -> None:
    said = await find(person, "oosterwijk")

    assert "Welke zoek je" in said
    assert person.labels == ["Regio Midden-Brabant"]


async def test_place_of_no_region_names_none(person: Person) -> None:
    await find(person, "")

    said = await find(person, "doetinchem")

    assert "Daar vind ik geen regio bij" in said


async def test_border_town_asks_and_tells_derived(person: Person) -> None:
    await find(person, "coevorden")
    asked = list(person.labels)

    said = await press(person, asked[0])

    assert set(asked) == {"Regio Emmen/Ter Apel", "Regio Vechtdal/Hardenberg"}
    assert DERIVED in said


async def test_plan_says_that_a_region_is_derived(person: Person) -> None:
    await person.do(person.services.intake.start, "plan maken")
    await person.answer("ik werk in klijndijk")

    said = await person.answer("Regio Emmen/Ter Apel")

    assert "STO-regio Emmen/Ter Apel" in said
    assert DERIVED in said
