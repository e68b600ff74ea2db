"""The road through the questions: steps that depend on answers, and moving about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain import plan_intake
from bot.domain.errors import NotADraftError, NotReadyToSendError, UnknownStepError
from bot.domain.escalation import NO_REGION, Pick
from bot.domain.plan import CONFIRM, Answer, Plan, PlanStatus
from tests.plans import QUESTIONS, answered, fresh_plan

ASSEN = Pick("assen", "Dr. Nassau College").encode()
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_plan_begins_at_the_school() -> None:
    assert fresh_plan().open_step == "school"


def test_known_school_is_not_asked_whether_it_takes_part() -> None:
    plan = answered(fresh_plan(), school=("nassau", ASSEN), school_region=("Dr. Nassau", ASSEN))

    assert plan.open_step == "contact_known"


def test_unknown_school_leads_along_place_and_province() -> None:
    plan = answered(fresh_plan(), school=("hogwarts", None))
    assert plan.open_step == "place"

    plan = answered(plan, place=("nergenshuizen", None))
    assert plan.open_step == "province"

    plan = answered(plan, province=("Drenthe", Pick("assen").encode()))
    assert plan.open_step == "province_region"

    plan = answered(plan, province_region=("Geen van deze", NO_REGION))
    assert plan.open_step == "takes_part"


def test_none_of_these_leads_to_the_place() -> None:
    plan = answered(fresh_plan(), school=("x", ASSEN), school_region=("Geen", NO_REGION))

    assert plan.open_step == "place"


def test_contact_is_only_asked_at_a_school_that_takes_part() -> None:
    plan = answered(fresh_plan(), school=("x", None), place=("y", None), province=("Drenthe", None))

    assert answered(plan, takes_part=("Nee", "no")).open_step == "contact_failed"
    assert answered(plan, takes_part=("Ja", "yes")).open_step == "contact_known"


def test_who_in_management_is_only_asked_after_a_talk() -> None:
    plan = complete_until("management")

    assert answered(plan, management=("Nee", "not_yet")).open_step == "regiovisie"
    assert answered(plan, management=("Ja", "supports")).open_step == "management_who"


def test_changed_school_asks_for_its_region_again() -> None:
    plan = complete_until(CONFIRM)
    other = Pick("foodvalley", "Ichthus College Veenendaal").encode()

    plan = answered(plan_intake.change(plan, QUESTIONS, "school"), school=("ichthus", other))

    assert plan.open_step == "school_region"
    assert plan.text("doelen") == "antwoord doelen"


def test_answer_goes_on_to_the_first_open_step() -> None:
    plan = plan_intake.go_back(
        plan_intake.go_back(complete_until("mijlpalen"), QUESTIONS), QUESTIONS
    )
    assert plan.open_step == "doelen"

    plan = plan_intake.record(plan, QUESTIONS, Answer("doelen", "nieuw"))

    assert plan.open_step == "mijlpalen"
    assert plan.text("doelen") == "nieuw"


def test_skipping_an_answered_step_keeps_its_answer() -> None:
    plan = plan_intake.change(complete_until(CONFIRM), QUESTIONS, "doelen")

    plan = plan_intake.skip(plan, QUESTIONS)

    assert plan.text("doelen") == "antwoord doelen"
    assert plan.open_step == CONFIRM


def test_skipped_step_is_not_asked_again() -> None:
    plan = plan_intake.skip(complete_until("regiovisie"), QUESTIONS)

    assert plan.open_step == "doelen"
    assert plan.answers["regiovisie"].is_skipped


def test_back_at_the_first_step_stays_there() -> None:
    assert plan_intake.go_back(fresh_plan(), QUESTIONS).open_step == "school"


def test_edit_of_an_earlier_answer_leaves_the_open_step() -> None:
    plan = plan_intake.record(complete_until("mijlpalen"), QUESTIONS, Answer("doelen", "beter"))

    assert plan.open_step == "mijlpalen"


def test_stop_keeps_all_and_resume_goes_on() -> None:
    plan = complete_until("mijlpalen")

    stopped = plan_intake.stop(plan)

    assert stopped.status is PlanStatus.STOPPED
    assert plan_intake.resume(stopped) == plan


def test_change_refuses_a_step_off_the_road() -> None:
    with pytest.raises(UnknownStepError):
        plan_intake.change(complete_until(CONFIRM), QUESTIONS, "place")


def test_plan_without_idea_cannot_be_sent() -> None:
    plan = plan_intake.skip(complete_until("idee"), QUESTIONS)

    assert plan_intake.missing_to_send(plan) == "idee"
    with pytest.raises(NotReadyToSendError):
        plan_intake.submit(plan, "STO-2026-0001", NOW)


def test_sent_plan_no_longer_changes() -> None:
    plan = plan_intake.submit(complete_until(CONFIRM), "STO-2026-0001", NOW)

    for move in (plan_intake.go_back, plan_intake.skip, plan_intake.keep):
        with pytest.raises(NotADraftError):
            move(plan, QUESTIONS)
    with pytest.raises(NotADraftError):
        plan_intake.submit(plan, "STO-2026-0002", NOW)


def complete_until(step: str) -> Plan:
    """A plan of a known school, answered in order up to `step`."""
    plan = answered(
        fresh_plan(),
        school=("nassau", ASSEN),
        school_region=("Dr. Nassau College", ASSEN),
        contact_known=("Nee", "no"),
        contact_failed=("Nee", "no"),
    )
    while plan.open_step not in (step, CONFIRM):
        values = {"management": "supports"}
        key = plan.open_step
        plan = answered(plan, **{key: (f"antwoord {key}", values.get(key))})
    assert plan.open_step == step
    return plan
