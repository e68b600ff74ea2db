"""What happened to a plan: who did what, when, and what it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.domain.plan import WAITING_FOR_REGION, Plan, PlanStatus
from bot.domain.plan_states import DECISIONS, MANAGEMENT_ACTIONS, Action
from bot.domain.roles import Role

#: These change nothing that a decision rests on.
_QUIET = frozenset({Action.NOTE, Action.REMIND, Action.RELEASE})


@dataclass(frozen=True)
class PlanEvent:
    """One thing that was done to a plan; `id` is given by the database and grows.

    `step` names the answer that it is about, `text` what was said (a question, a reason, a remark,
    a note); `data` holds the rest as JSON: `moments`, `remarks` by step, `to` of a forwarding,
    `via` and `seen` (see `idea_mark`) of an endorsement. `version` is the version of the plan that
    was seen.
    """

    plan_id: str
    at: datetime
    role: Role
    name: str
    action: Action
    before: PlanStatus
    after: PlanStatus
    version: int = 0
    contact_id: str | None = None
    step: str | None = None
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    id: int = 0


@dataclass(frozen=True)
class Review:
    """What a plan that was handed over needs besides its answers.

    The one who has it now is `holder_role` with `holder_id` (a contact; None for the operator).
    `version` counts hand-overs and new answers from 1. `waiting_since` is when the one who is to
    act became so. `is_released` says that the teacher knows of the decision, if there is one;
    until `leaves_at` it can be undone. `is_last_station` when silence can go no further.
    """

    plan_id: str
    region_id: str | None
    school: str | None
    holder_role: Role
    holder_id: str | None
    waiting_since: datetime
    version: int = 1
    leaves_at: datetime | None = None
    is_released: bool = False
    is_last_station: bool = False


def last_change(events: tuple[PlanEvent, ...]) -> int:
    """Give the id of the last event that a decision rests on; 0 when there is none."""
    return max((event.id for event in events if event.action not in _QUIET), default=0)


def management_word(events: tuple[PlanEvent, ...]) -> PlanEvent | None:
    """Give what management said last, or None."""
    said = [event for event in events if event.action in MANAGEMENT_ACTIONS]
    return said[-1] if said else None


def idea_mark(plan: Plan) -> str:
    """Give what names the title and the idea as they are, to see later whether they changed."""
    seen = json.dumps([plan.text("titel"), plan.text("idee")])
    return hashlib.sha256(seen.encode()).hexdigest()


def is_overtaken(word: PlanEvent, plan: Plan) -> bool:
    """Say whether the idea changed since management's word; False where that was not kept."""
    seen = word.data.get("seen")
    return seen is not None and seen != idea_mark(plan)


def open_question(events: tuple[PlanEvent, ...]) -> PlanEvent | None:
    """Give the question that waits for the teacher's answer, or None."""
    closing = {Action.REVISE, Action.TAKE_BACK, Action.LAPSE, Action.WITHDRAW}
    for event in reversed(events):
        if event.action in closing:
            return None
        if event.action is Action.ASK:
            return event
    return None


def last_of(events: tuple[PlanEvent, ...], *actions: Action) -> PlanEvent | None:
    """Give the last event with one of these actions, or None."""
    return next((event for event in reversed(events) if event.action in actions), None)


def known_decision(events: tuple[PlanEvent, ...], review: Review | None) -> PlanEvent | None:
    """Give the decision that the teacher knows of, or None; what is released is never undone."""
    return last_of(events, *DECISIONS) if review and review.is_released else None


def decided_from(events: tuple[PlanEvent, ...]) -> PlanStatus:
    """Give the state in which the last decision was taken: there it goes when that is undone."""
    decision = last_of(events, *DECISIONS)
    if decision and decision.before in WAITING_FOR_REGION:
        return decision.before
    return PlanStatus.RECEIVED
