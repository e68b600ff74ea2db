"""What a teacher may know of a plan: no notes of others, and no decision that can be undone."""

from __future__ import annotations

from bot.domain.plan import DECIDED, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review, decided_from, known_decision
from bot.domain.plan_states import DECISIONS, Action

_NEVER_SHOWN = frozenset({Action.NOTE, Action.RELEASE, Action.UNDO})
#: What those who receive plans write to each other.
WRITTEN_TO_OTHERS = frozenset({Action.NOTE, Action.FORWARD})


def shown_status(plan: Plan, review: Review | None, events: tuple[PlanEvent, ...]) -> PlanStatus:
    """Give where a plan stands for its teacher; until a decision leaves, where it stood before.

    `events` are all that happened, also what the teacher may not know.
    """
    has_left = review is None or review.is_released
    return plan.status if has_left or plan.status not in DECIDED else decided_from(events)


def shown_events(events: tuple[PlanEvent, ...], review: Review | None) -> tuple[PlanEvent, ...]:
    """Give what happened as the teacher may know it; of the decisions only the one that left."""
    left = known_decision(events, review)
    return tuple(
        event
        for event in events
        if event.action not in _NEVER_SHOWN and (event.action not in DECISIONS or event is left)
    )
