"""Who may know of which decision."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.authority import events_for
from bot.domain.plan import PlanStatus
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import DECISIONS, Action
from bot.domain.roles import REVIEWERS, Role

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DECIDERS = (Role.PROGRAMME_MANAGER, Role.OPERATOR)
BEFORE = (Action.SUBMIT, Action.FORWARD, Action.NOTE)


def made(*actions: Action) -> tuple[PlanEvent, ...]:
    status = PlanStatus.SUBMITTED
    return tuple(
        PlanEvent("p", NOW, Role.CLOCK, "x", action, status, status, id=number)
        for number, action in enumerate(actions, 1)
    )


def known(role: Role, *actions: Action, is_released: bool) -> list[int]:
    review = Review("p", "assen", None, role, "x", NOW, is_released=is_released)
    return [event.id for event in events_for(made(*actions), role, review)]


@pytest.mark.parametrize("role", [role for role in REVIEWERS if role not in DECIDERS])
@pytest.mark.parametrize("decision", DECISIONS)
def test_only_the_decision_that_left_is_known(role: Role, decision: Action) -> None:
    undone = (*BEFORE, decision, Action.UNDO)

    assert known(role, *BEFORE, decision, is_released=False) == [1, 2, 3]
    assert known(role, *undone, is_released=False) == [1, 2, 3]
    assert known(role, *undone, Action.RECEIVE, is_released=False) == [1, 2, 3, 6]
    again = (*undone, decision, Action.RELEASE)
    assert known(role, *again, is_released=True) == [1, 2, 3, 6, 7]


@pytest.mark.parametrize("role", DECIDERS)
def test_who_decides_knows_all(role: Role) -> None:
    undone = (*BEFORE, Action.APPROVE, Action.UNDO, Action.NOT_NOW)

    assert known(role, *undone, is_released=False) == [1, 2, 3, 4, 5, 6]
