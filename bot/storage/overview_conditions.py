"""Whose plans, which of them and in which order: the conditions of the overview's queries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, true

from bot.domain.plan import DECIDED, WAITING_FOR_REGION, PlanStatus
from bot.domain.plan_states import DECISIONS, Action
from bot.domain.roles import Actor, Role
from bot.services.overview_ports import Scope, Sorting, WaitsFor, Wanted
from bot.storage.review_tables import plan_event, review
from bot.storage.tables import contact, plan

#: A decision that can still be undone; the teacher does not know of it.
IS_HELD_BACK = and_(plan.c.status.in_([status.value for status in DECIDED]), ~review.c.is_released)
#: What a teacher hears of, and so counts as a reaction.
_REACTIONS = [
    action.value for action in (Action.RECEIVE, Action.ASK, Action.INVITE, Action.FORWARD)
]
_DECISIONS = [action.value for action in DECISIONS]
_WAITING = [status.value for status in WAITING_FOR_REGION]


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Say the same as `may_see`, as a condition; a test holds them side by side."""
    actor = scope.actor
    found = _of_role(scope)
    return and_(found, review.c.plan_id == actor.plan_id) if actor.plan_id else found


def _of_role(scope: Scope) -> ColumnElement[bool]:
    actor = scope.actor
    is_holder = review.c.holder_id == actor.contact_id if actor.contact_id else false()
    match actor.role:
        case Role.OPERATOR:
            return true()
        case Role.PROGRAMME_MANAGER:
            return in_region(actor)
        case Role.SCHOOL_CONTACT:
            return and_(in_region(actor), or_(review.c.school.in_(scope.schools), is_holder))
        case Role.SUPPORT if actor.contact_id:
            was_involved = exists().where(
                plan_event.c.plan_id == review.c.plan_id,
                or_(
                    plan_event.c.contact_id == actor.contact_id,
                    plan_event.c.data["to"].as_string() == actor.contact_id,
                ),
            )
            return or_(is_holder, was_involved)
    return false()


def in_region(actor: Actor) -> ColumnElement[bool]:
    return review.c.region_id == actor.region_id if actor.region_id else false()


def shown_status(scope: Scope) -> ColumnElement[Any]:
    """Give the stage that the actor may know."""
    if scope.knows_decisions:
        return plan.c.status
    return case((IS_HELD_BACK, PlanStatus.RECEIVED.value), else_=plan.c.status)


def held_back(scope: Scope) -> ColumnElement[bool]:
    return IS_HELD_BACK if scope.knows_decisions else false()


def is_reaction(scope: Scope) -> ColumnElement[bool]:
    """Say whether an event counts as a reaction for the actor."""
    is_decision: ColumnElement[bool] = plan_event.c.action.in_(_DECISIONS)
    if not scope.knows_decisions:
        later = plan_event.alias()
        is_undone = exists().where(
            later.c.plan_id == plan_event.c.plan_id,
            later.c.action == Action.UNDO.value,
            later.c.id > plan_event.c.id,
        )
        is_decision = and_(is_decision, review.c.is_released, ~is_undone)
    return or_(plan_event.c.action.in_(_REACTIONS), is_decision)


def wanted_ones(scope: Scope, wanted: Wanted) -> list[ColumnElement[bool]]:
    status = shown_status(scope)
    found = []
    if wanted.stage:
        found.append(status == wanted.stage.value)
    if wanted.school:
        found.append(review.c.school == wanted.school)
    if wanted.plan_ids is not None:
        found.append(review.c.plan_id.in_(wanted.plan_ids))
    match wanted.waits_for:
        case WaitsFor.TEACHER:
            found.append(status == PlanStatus.ASKED.value)
        case WaitsFor.REGION:
            found.append(status.in_(_WAITING))
        case WaitsFor.ME:
            # With a decision that is held back nothing can be done, whoever knows of it.
            found += [plan.c.status.in_(_WAITING), _is_with(scope.actor)]
    return found


def _is_with(actor: Actor) -> ColumnElement[bool]:
    if actor.role is Role.OPERATOR:
        # What lay with a contact who is gone lies here.
        return contact.c.id.is_(None)
    return review.c.holder_id == actor.contact_id if actor.contact_id else false()


def ordered(order: Sorting, status: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    match order:
        case Sorting.OLDEST:
            return [plan.c.submitted_at.asc()]
        case Sorting.WAITING:
            return [review.c.waiting_since.asc()]
        case Sorting.STAGE:
            places = {stage.value: place for place, stage in enumerate(PlanStatus)}
            return [case(places, value=status), plan.c.submitted_at.desc()]
    return [plan.c.submitted_at.desc()]
