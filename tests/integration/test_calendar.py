"""Calendar files as calendar programs read them: moments, times, and nothing that was typed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.delivery.calendar import Talk, invitation, planned_talk
from bot.delivery.documents import DocumentMaker
from bot.domain.plan import PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.turn import DocumentKind
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.person import Person, make_services
from tests.reviews import act, actor, add_contacts, filled_in, handed_over
from tests.summaries import make_summary

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
#: The same hour by the clock on the wall, before and after the clocks change.
SUMMER, WINTER = (
    datetime(2027, 3, 29, 15, 30, tzinfo=AMSTERDAM),
    datetime(2027, 3, 26, 15, 30, tzinfo=AMSTERDAM),
)
TALK = Talk(
    plan_id="plan-1",
    reference="STO-2026-0001",
    title="Robots in de zorg",
    moments=(WINTER, SUMMER),
    place="Kamer 2; gang B, links",
    is_chosen=False,
    made_at=NOW,
)
#: All that an entry may hold.
PROPERTIES = {
    *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "SUMMARY", "DESCRIPTION"),
    "LOCATION",
}


def read(file: bytes) -> Calendar:
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    return calendar


def entries(file: bytes) -> list[Event]:
    return read(file).events


def event(action: Action, minutes: int = 0, **data: Any) -> PlanEvent:
    return PlanEvent(
        plan_id="plan-1",
        at=NOW + timedelta(minutes=minutes),
        role=Role.PROGRAMME_MANAGER,
        name="Regio Assen",
        action=action,
        before=PlanStatus.INVITED,
        after=PlanStatus.INVITED,
        data=data,
    )


INVITED = event(Action.INVITE, moments=[WINTER.isoformat(), SUMMER.isoformat()], place="Kamer 2")
CHOSE = event(Action.CHOOSE_MOMENT, 5, moment=SUMMER.isoformat())
NONE_FITS = event(Action.CHOOSE_MOMENT, 5, moment=None)


# The file


def test_file_is_a_calendar_to_publish() -> None:
    calendar = read(invitation(TALK))

    assert dict(calendar) == {
        "PRODID": "-//STO-wegwijzer//NL",
        "VERSION": "2.0",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
    }


def test_each_moment_is_an_entry_of_45_minutes() -> None:
    found = [(entry.start, entry.end) for entry in entries(invitation(TALK))]

    assert found == [
        (WINTER, WINTER + timedelta(minutes=45)),
        (SUMMER, SUMMER + timedelta(minutes=45)),
    ]


def test_wall_clock_is_kept_when_clocks_change() -> None:
    file = invitation(TALK)

    assert [entry.start.astimezone(AMSTERDAM).strftime("%d %H:%M") for entry in entries(file)] == [
        "26 15:30",
        "29 15:30",
    ]
    assert b"DTSTART:20270326T143000Z\r\n" in file
    assert b"DTSTART:20270329T133000Z\r\n" in file


def test_hour_that_comes_twice_stays_two_moments() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM)

    file = invitation(replace(TALK, moments=(first, first.replace(fold=1))))

    starts = [entry.start for entry in entries(file)]
    assert starts[1] - starts[0] == timedelta(hours=1)
    assert len({str(entry["UID"]) for entry in entries(file)}) == 2


@pytest.mark.parametrize(
    ("is_chosen", "status", "said"),
    [(False, "TENTATIVE", "staat nog niet vast"), (True, "CONFIRMED", "is gekozen")],
)
def test_entry_says_whether_it_is_certain(is_chosen: bool, status: str, said: str) -> None:
    [entry] = entries(invitation(replace(TALK, moments=(SUMMER,), is_chosen=is_chosen)))

    assert entry["STATUS"] == status
    assert said in entry["DESCRIPTION"]
    assert entry["SUMMARY"] == "Gesprek over plan STO-2026-0001: Robots in de zorg"
    assert entry["LOCATION"] == TALK.place


def test_chosen_moment_replaces_its_proposal() -> None:
    proposed = entries(invitation(TALK))[1]
    [chosen] = entries(invitation(replace(TALK, moments=(SUMMER,), is_chosen=True, sequence=1)))

    assert chosen["UID"] == proposed["UID"]
    assert chosen["SEQUENCE"] > proposed["SEQUENCE"]
    assert chosen["UID"] != entries(invitation(TALK))[0]["UID"]
    assert chosen["UID"] != entries(invitation(replace(TALK, plan_id="plan-2")))[1]["UID"]


def test_same_talk_gives_the_same_bytes() -> None:
    in_utc = tuple(moment.astimezone(UTC) for moment in TALK.moments)

    assert invitation(TALK) == invitation(replace(TALK, moments=in_utc))


def test_no_place_is_no_line() -> None:
    assert b"LOCATION" not in invitation(replace(TALK, place=" \n "))


@pytest.mark.parametrize("field", ["title", "place", "reference"])
@pytest.mark.parametrize(
    "typed",
    [
        "regel\r\nATTENDEE:mailto:a@b.example\r\nX-KOP:1",
        "regel\nEND:VEVENT\nBEGIN:VALARM\nACTION:AUDIO",
        "a\\nATTACH:https://x.example;b,c\\",
        "regel\u2028X-KOP:1\u2029X\x85Y\x0bZ\x00",
        "\u202eomgekeerd\u2066",
        "é€🚁" * 100,
    ],
)
def test_typed_text_makes_no_property(field: str, typed: str) -> None:
    file = invitation(replace(TALK, **{field: typed}))

    for entry in entries(file):
        assert set(entry) <= PROPERTIES
        assert entry.subcomponents == []
        assert entry.errors == []
    lines = file.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert not {"\x00", "\u202e", "\u2066", "\u2028"} & set(file.decode())


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text(), st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)))
def test_any_talk_is_read_back(title: str, place: str, moment: datetime) -> None:
    aware = moment.replace(tzinfo=AMSTERDAM, second=0, microsecond=0)

    [entry] = entries(invitation(replace(TALK, title=title, place=place, moments=(aware,))))

    assert entry.start == aware.astimezone(UTC)
    assert set(entry) <= PROPERTIES


# What happened


@pytest.mark.parametrize(
    ("events", "moments", "is_chosen", "sequence"),
    [
        ((INVITED,), (WINTER, SUMMER), False, 0),
        ((INVITED, CHOSE), (SUMMER,), True, 1),
        ((INVITED, CHOSE, event(Action.NOTE)), (SUMMER,), True, 1),
        ((INVITED, NONE_FITS, INVITED), (WINTER, SUMMER), False, 2),
        ((INVITED, CHOSE, INVITED), (WINTER, SUMMER), False, 2),
    ],
)
def test_talk_is_what_was_said_last(
    events: tuple[PlanEvent, ...],
    moments: tuple[datetime, ...],
    is_chosen: bool,
    sequence: int,
) -> None:
    talk = planned_talk("plan-1", make_summary(), events)

    assert talk == Talk(
        plan_id="plan-1",
        reference="STO-2026-0001",
        title="Robots in de zorg",
        moments=moments,
        place="Kamer 2",
        is_chosen=is_chosen,
        made_at=events[-1].at if events[-1].action is not Action.NOTE else CHOSE.at,
        sequence=sequence,
    )


@pytest.mark.parametrize("events", [(), (event(Action.NOTE),), (INVITED, NONE_FITS)])
def test_without_a_moment_there_is_no_talk(events: tuple[PlanEvent, ...]) -> None:
    assert planned_talk("plan-1", make_summary(), events) is None


# The file of a stored plan


@pytest.fixture
async def person(database: Database, clock: SteppingClock) -> Person:
    await add_contacts(database, "manager")
    return Person(database, make_services(database, clock), clock)


async def test_invitation_of_a_plan_can_be_fetched(person: Person, database: Database) -> None:
    plan = await handed_over(person)
    documents = DocumentMaker(database, database.clock)
    assert await documents.make(DocumentKind.INVITATION, plan.id) is None
    order = filled_in(Action.INVITE, person.clock.now())
    await act(person, actor("manager"), plan.id, order)

    file = await documents.make(DocumentKind.INVITATION, plan.id)

    assert file is not None
    [entry] = entries(file)
    assert entry.start == order.moments[0]
    assert entry["LOCATION"] == "op school"
    assert "Drones in de zorg" in entry["SUMMARY"]
    assert b"docent" not in file.lower()
    assert b"regio@" not in file


async def test_invitation_of_no_plan_is_nothing(database: Database) -> None:
    assert (
        await DocumentMaker(database, database.clock).make(DocumentKind.INVITATION, "weg") is None
    )
