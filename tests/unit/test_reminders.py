"""The clock on a plan: when who is reminded, what follows, and how it reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.cli.doctor import holidays_known
from bot.domain.errors import ContentError
from bot.domain.plan import Answer, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import Action
from bot.domain.reminders import Rhythm, SchoolClock, is_at_last_station, reached
from bot.domain.roles import Role
from bot.domain.school_days import nudge_moment
from bot.services.directory_content import read_regions
from bot.services.reminders_content import read_rhythm
from bot.services.school_days_content import read_school_days
from bot.texts import reminders as words

CONTENT = Path(__file__).parents[2] / "content"
REGION_IDS = [region.id for region in read_regions(CONTENT / "regions.csv")]
CALENDAR = read_school_days(CONTENT / "holidays.yml", REGION_IDS).calendar
RHYTHM = Rhythm(5, 10, 15, meeting_within=40, draft_nudge=5, quiet_from=time(17))
CLOCK = SchoolClock(CALENDAR, "noord", RHYTHM)
#: A Tuesday evening, in a stretch of school days until the Christmas holiday.
TUESDAY = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
REVIEW = Review("plan-1", "groningenstad", "School", Role.PROGRAMME_MANAGER, "pm", TUESDAY)
WAITING = sorted({PlanStatus.SUBMITTED, PlanStatus.RECEIVED, PlanStatus.REVISED})
NOBODY_WAITS = sorted(set(PlanStatus) - {*WAITING, PlanStatus.INVITED, PlanStatus.ASKED})


def plan(status: PlanStatus = PlanStatus.SUBMITTED) -> Plan:
    answers = {"titel": Answer("titel", "Drones in de zorg")}
    return Plan(
        "plan-1", "person-1", "v", "confirm", TUESDAY, status, answers, reference="STO-2026-0001"
    )


def event(action: Action, **data: object) -> PlanEvent:
    status = PlanStatus.INVITED
    role = Role.PROGRAMME_MANAGER
    return PlanEvent("plan-1", TUESDAY, role, "x", action, status, status, data=data)


def nine(month: int, day: int, year: int = 2026) -> datetime:
    return nudge_moment(date(year, month, day))


@pytest.mark.parametrize("status", WAITING)
def test_silent_region_is_reminded_then_passed_over(status: PlanStatus) -> None:
    steps = CLOCK.deadlines(status, REVIEW, ())

    assert [(step.number, step.action, step.at) for step in steps] == [
        (1, Action.REMIND, nine(12, 1)),
        (2, Action.REMIND, nine(12, 8)),
        (3, Action.ESCALATE, nine(12, 15)),
    ]


def test_silent_teacher_is_reminded_then_question_closes() -> None:
    steps = CLOCK.deadlines(PlanStatus.ASKED, REVIEW, ())

    assert [(step.action, step.at) for step in steps] == [
        (Action.REMIND, nine(12, 1)),
        (Action.REMIND, nine(12, 8)),
        (Action.LAPSE, nine(12, 15)),
    ]


@pytest.mark.parametrize(
    "last",
    [
        replace(REVIEW, is_last_station=True),
        replace(REVIEW, holder_role=Role.OPERATOR, holder_id="operator"),
    ],
)
def test_last_station_is_reminded_twice_only(last: Review) -> None:
    steps = CLOCK.deadlines(PlanStatus.RECEIVED, last, ())

    assert is_at_last_station(last)
    assert [step.action for step in steps] == [Action.REMIND, Action.REMIND]


def test_question_closes_at_last_station_too() -> None:
    last = replace(REVIEW, is_last_station=True)

    assert CLOCK.deadlines(PlanStatus.ASKED, last, ())[-1].action is Action.LAPSE


@pytest.mark.parametrize("status", NOBODY_WAITS)
def test_nobody_is_reminded_when_nobody_waits(status: PlanStatus) -> None:
    assert CLOCK.deadlines(status, REVIEW, ()) == ()


def test_each_region_keeps_its_own_holidays() -> None:
    autumn = replace(REVIEW, waiting_since=datetime(2026, 10, 8, 12, 0, tzinfo=UTC))

    first = [
        replace(CLOCK, holiday_region=region).deadlines(PlanStatus.SUBMITTED, autumn, ())[0].at
        for region in ("noord", "midden", None)
    ]

    # Noord is free from 10 to 18 October, midden from 17 to 25; without a region both count.
    assert first == [nine(10, 22), nine(10, 15), nine(10, 29)]


def test_evening_counts_as_dutch_day() -> None:
    # Half past eleven in the evening in UTC is the next day in the Netherlands.
    late = replace(REVIEW, waiting_since=datetime(2026, 11, 24, 23, 30, tzinfo=UTC))

    assert CLOCK.deadlines(PlanStatus.SUBMITTED, late, ())[0].at == nine(12, 2)


@pytest.mark.parametrize(
    ("events", "first"),
    [
        ((), nine(12, 1)),
        ((event(Action.INVITE, moments=["2026-12-02T14:00:00+01:00"]),), nine(12, 9)),
        (
            (
                event(
                    Action.INVITE,
                    moments=["2026-12-02T14:00:00+01:00", "2026-12-03T14:00:00+01:00"],
                ),
                event(Action.CHOOSE_MOMENT, moment="2026-12-02T14:00:00+01:00"),
            ),
            nine(12, 9),
        ),
        # None of the moments was right: the region is to act now.
        (
            (
                event(Action.INVITE, moments=["2026-12-02T14:00:00+01:00"]),
                event(Action.CHOOSE_MOMENT, moment=None),
            ),
            nine(12, 1),
        ),
        # A year that is a slip of the pen does not stop the clock: 40 school days and 5 more.
        (
            (event(Action.INVITE, moments=["2036-12-02T14:00:00+01:00"]),),
            CLOCK.moment(date(2026, 11, 24), 45),
        ),
    ],
)
def test_talk_counts_as_answer_until_then(events: tuple[PlanEvent, ...], first: datetime) -> None:
    assert CLOCK.deadlines(PlanStatus.INVITED, REVIEW, events)[0].at == first


@pytest.mark.parametrize(
    ("hour", "is_quiet"),
    [
        ("2026-12-01T08:59:59+01:00", True),
        ("2026-12-01T09:00:00+01:00", False),
        ("2026-12-01T16:59:59+01:00", False),
        ("2026-12-01T17:00:00+01:00", True),
        ("2026-12-05T12:00:00+01:00", True),
        ("2026-12-25T12:00:00+01:00", True),
        # Summer time: 08:30 in UTC is 10:30.
        ("2027-06-01T08:30:00+00:00", False),
        ("2027-06-01T06:59:00+00:00", True),
    ],
)
def test_nights_weekends_and_holidays_are_quiet(hour: str, is_quiet: bool) -> None:
    assert CLOCK.is_quiet(datetime.fromisoformat(hour)) is is_quiet


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-12-01T03:00:00+01:00", nine(12, 1)),
        ("2026-12-01T09:00:00+01:00", nine(12, 1)),
        ("2026-12-01T21:00:00+01:00", nine(12, 2)),
        ("2026-12-04T21:00:00+01:00", nine(12, 7)),
        ("2026-12-18T21:00:00+01:00", nine(1, 4, 2027)),
    ],
)
def test_quiet_hours_end_at_next_school_day(now: str, moment: datetime) -> None:
    assert CLOCK.next_moment(datetime.fromisoformat(now)) == moment
    assert not CLOCK.is_quiet(moment)


def test_late_step_keeps_time_between() -> None:
    # The first reminder came on the day of the second, 8 December.
    late = nine(12, 8)

    assert CLOCK.not_before(1, late, 2) == nine(12, 15)
    assert CLOCK.not_before(1, late, 3) == CLOCK.moment(date(2026, 12, 8), 10)
    # On time it is what it would have been.
    assert CLOCK.not_before(1, nine(12, 1), 3) == nine(12, 15)


def test_people_who_were_reached_are_forgotten_when_somebody_acts() -> None:
    first = event(Action.ESCALATE, from_id="a", to="b")
    second = event(Action.ESCALATE, from_id="b", to="c")

    assert reached((first, event(Action.REMIND), second)) == {"a", "b", "c"}
    assert reached((first, event(Action.RECEIVE), second)) == {"b", "c"}
    assert reached((first, event(Action.ASK))) == set()


@pytest.mark.content
def test_rhythm_is_that_of_the_product() -> None:
    assert read_rhythm(CONTENT / "clock.yml") == RHYTHM


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("step_up: 15", "step_up: vijftien"), "clock.yml, step_up: schrijf een aantal"),
        (("step_up: 15", "step_up: 0"), "clock.yml, step_up: schrijf een aantal"),
        (("step_up: 15", "step_up: 10"), "moeten oplopen"),
        (("step_up: 15", "stap: 15"), "precies deze regels"),
        (("step_up: 15", ""), "precies deze regels"),
        (("17:00", "25:00"), "quiet_from: schrijf een tijd"),
        (("17:00", "08:00"), "quiet_from: schrijf een tijd"),
        (("17:00", "vijf uur"), "quiet_from: schrijf een tijd"),
    ],
)
def test_wrong_rhythm_is_refused_with_place(
    tmp_path: Path, change: tuple[str, str], fault: str
) -> None:
    path = tmp_path / "clock.yml"
    path.write_text((CONTENT / "clock.yml").read_text().replace(*change))

    with pytest.raises(ContentError, match=fault):
        read_rhythm(path)


@pytest.mark.parametrize(
    ("today", "states"), [(date(2026, 11, 22), []), (date(2030, 6, 1), ["let op"])]
)
def test_doctor_warns_before_holidays_run_out(today: date, states: list[str]) -> None:
    assert [finding.state for finding in holidays_known(CALENDAR, today)] == states


def reminded(number: int, next_at: datetime | None, next_to: str | None) -> words.Reminded:
    return words.Reminded(plan(), number, TUESDAY, "link0000001", "Testschool", next_at, next_to)


@pytest.mark.parametrize(
    ("item", "subject", "follows"),
    [
        (reminded(1, nine(12, 8), None), "Herinnering: lees plan", "dinsdag 8 december nog één"),
        (
            reminded(2, nine(12, 15), "de ondersteuner vanuit STO"),
            "Tweede herinnering: lees plan",
            "op dinsdag 15 december naar de ondersteuner vanuit STO",
        ),
        (reminded(2, None, None), "Tweede herinnering: lees plan", "laatste herinnering"),
    ],
)
def test_reminder_names_plan_ask_and_what_follows(
    item: words.Reminded, subject: str, follows: str
) -> None:
    said, paragraphs = words.reminder(item)

    assert said == f"{subject} STO-2026-0001 “Drones in de zorg” en laat weten dat je het hebt"
    assert "Testschool" in paragraphs[0]
    assert "sinds dinsdag 24 november" in paragraphs[0]
    assert follows in paragraphs[1]


def test_digest_gives_each_plan_its_ask_and_link() -> None:
    other = replace(reminded(2, None, None), link_id="link0000002")
    other = replace(other, plan=replace(plan(PlanStatus.REVISED), reference="STO-2026-0002"))

    subject, paragraphs = words.digest([reminded(1, nine(12, 8), None), other])

    assert subject == "Reageer op 2 plannen die op je wachten"
    assert "Lees plan STO-2026-0001" in paragraphs[1]
    assert "⟦link:link0000001⟧" in paragraphs[1]
    assert "Kijk wat er veranderd is in plan STO-2026-0002" in paragraphs[2]
    assert "⟦link:link0000002⟧" in paragraphs[2]


def test_teacher_reads_question_and_last_day() -> None:
    question = replace(event(Action.ASK), step="doelen", text="Hoeveel leerlingen?")

    first = words.teacher_reminder(plan(), question, "Doelen", 1, nine(12, 15))
    second = words.teacher_reminder(plan(), question, "Doelen", 2, nine(12, 15))

    assert "“Hoeveel leerlingen?”" in first
    assert "“Doelen” in je plan STO-2026-0001" in first
    assert "15 december" not in first
    assert "vóór dinsdag 15 december geen antwoord" in second


@pytest.mark.parametrize(
    ("reminders", "then", "said"),
    [
        (
            [nine(12, 1), nine(12, 8)],
            nine(12, 15),
            "De programmamanager heeft tot dinsdag 1 december om te reageren. Daarna stuur ik een "
            "herinnering; reageert er dan nog niemand, dan gaat je plan op dinsdag 15 december "
            "naar de ondersteuner vanuit STO.",
        ),
        (
            [nine(12, 8)],
            nine(12, 15),
            "De programmamanager kreeg al een herinnering, en heeft tot dinsdag 8 december om te "
            "reageren. Dan stuur ik een tweede herinnering; reageert er dan nog niemand, dan gaat "
            "je plan op dinsdag 15 december naar de ondersteuner vanuit STO.",
        ),
        (
            [],
            nine(12, 15),
            "De programmamanager kreeg twee herinneringen. Reageert er niemand, dan gaat je plan "
            "op dinsdag 15 december naar de ondersteuner vanuit STO.",
        ),
        (
            [nine(12, 1), nine(12, 8)],
            None,
            "De programmamanager heeft tot dinsdag 1 december om te reageren. Daarna stuur ik een "
            "herinnering.",
        ),
        (
            [],
            None,
            "De programmamanager kreeg twee herinneringen en is de laatste op de route. Wil je "
            "niet langer wachten? Typ dan “ik wil een mens spreken”.",
        ),
    ],
)
def test_teacher_sees_the_clock(
    reminders: list[datetime], then: datetime | None, said: str
) -> None:
    to = "de ondersteuner vanuit STO"

    assert words.region_clock("de programmamanager", reminders, then, to) == said


def test_teacher_sees_own_deadline() -> None:
    assert words.teacher_clock([nine(12, 1), nine(12, 8)], nine(12, 15)) == (
        "Jij bent aan zet: er wacht een vraag bij een antwoord. Ik herinner je eraan op dinsdag "
        "1 december. Komt er vóór dinsdag 15 december geen antwoord, dan gaat je plan verder "
        "zoals het was."
    )
