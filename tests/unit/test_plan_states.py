"""The table of states over its full product: every cell that is not allowed is refused."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain import plan_intake
from bot.domain.errors import NotAllowedError
from bot.domain.plan import DECIDED, WAITING_FOR_REGION, WRITING, Answer, PlanStatus
from bot.domain.plan_events import PlanEvent, decided_from
from bot.domain.plan_questions import Part, Question, QuestionSet
from bot.domain.plan_states import DECISIONS, TRANSITIONS, Action, allowed_actions, next_status
from bot.domain.roles import REVIEWERS, Role
from bot.texts.plan_states import states_page

ROOT = Path(__file__).parents[2]
PRODUCT = list(itertools.product(PlanStatus, Action, Role))
AT_REGION = WAITING_FOR_REGION | {PlanStatus.ASKED}


def reachable() -> set[PlanStatus]:
    found = {PlanStatus.DRAFT}
    while True:
        more = {after for (before, _, _), after in TRANSITIONS.items() if before in found} - found
        if not more:
            return found
        found |= more


@pytest.mark.parametrize("cell", PRODUCT, ids=lambda cell: "-".join(part.value for part in cell))
def test_cell_is_a_transition_or_refused(cell: tuple[PlanStatus, Action, Role]) -> None:
    if cell in TRANSITIONS:
        assert next_status(*cell) is TRANSITIONS[cell]
        assert cell[1] in allowed_actions(cell[0], cell[2])
    else:
        with pytest.raises(NotAllowedError):
            next_status(*cell)
        assert cell[1] not in allowed_actions(cell[0], cell[2])


def test_every_state_is_reached_and_every_action_used() -> None:
    assert reachable() == set(PlanStatus)
    assert {action for _, action, _ in TRANSITIONS} == set(Action)


@pytest.mark.parametrize("status", PlanStatus)
def test_states_form_three_groups_and_withdrawn(status: PlanStatus) -> None:
    groups = [WRITING, AT_REGION, DECIDED, {PlanStatus.WITHDRAWN}]

    assert sum(status in group for group in groups) == 1


@pytest.mark.parametrize("status", sorted(WAITING_FOR_REGION))
def test_undone_decision_leads_back_to_where_it_was_taken(status: PlanStatus) -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    role = Role.PROGRAMME_MANAGER
    decision = PlanEvent(
        "p", moment, role, "x", Action.APPROVE, before=status, after=PlanStatus.APPROVED
    )

    assert decided_from((decision,)) is status
    assert decided_from(()) is TRANSITIONS[PlanStatus.APPROVED, Action.UNDO, role]


def test_only_the_programme_manager_decides() -> None:
    deciding = {role for (_, action, role) in TRANSITIONS if action in {*DECISIONS, Action.UNDO}}

    assert deciding == {Role.PROGRAMME_MANAGER}


def test_only_the_teacher_writes_sends_and_takes_back() -> None:
    own = {Action.ANSWER, Action.STOP, Action.RESUME, Action.SUBMIT, Action.REVISE, Action.WITHDRAW}

    assert {role for (_, action, role) in TRANSITIONS if action in own} == {Role.TEACHER}


def test_management_speaks_only_before_the_hand_over() -> None:
    states = {status for (status, _, role) in TRANSITIONS if role is Role.MANAGEMENT}

    assert states == WRITING


def test_no_reviewer_touches_what_is_being_written() -> None:
    touched = {status for (status, _, role) in TRANSITIONS if role in REVIEWERS}

    assert not touched & WRITING


def test_what_was_withdrawn_stays_so() -> None:
    assert [cell for cell in TRANSITIONS if cell[0] is PlanStatus.WITHDRAWN] == []


def test_the_clock_never_decides_or_sends() -> None:
    moves = {
        (before, after)
        for (before, _, role), after in TRANSITIONS.items()
        if role is Role.CLOCK and before is not after
    }

    assert moves == {
        *((status, PlanStatus.SUBMITTED) for status in WAITING_FOR_REGION - {PlanStatus.SUBMITTED}),
        (PlanStatus.ASKED, PlanStatus.RECEIVED),
    }


def test_what_the_teacher_does_moves_a_plan_as_the_table_says() -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    questions = QuestionSet("1", (Question("idee", Part.IDEA, "Idee", "Wat?"),))
    draft = plan_intake.start("p", "t", questions, moment)
    answered = plan_intake.record(draft, questions, Answer("idee", "Drones"))
    stopped = plan_intake.stop(answered)
    moves = [
        (draft, Action.ANSWER, answered),
        (stopped, Action.ANSWER, plan_intake.record(stopped, questions, Answer("idee", "Meer"))),
        (answered, Action.STOP, stopped),
        (stopped, Action.STOP, plan_intake.stop(stopped)),
        (stopped, Action.RESUME, plan_intake.resume(stopped)),
        (answered, Action.SUBMIT, plan_intake.submit(answered, "STO-2026-0001", moment)),
    ]

    for before, action, after in moves:
        assert after.status is next_status(before.status, action, Role.TEACHER)


@pytest.mark.house
def test_document_shows_this_table() -> None:
    assert (ROOT / "docs/plan-states.md").read_text() == states_page()
