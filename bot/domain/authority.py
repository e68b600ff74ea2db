"""For whom a plan exists: by role, region and school, and by the link that they came in with."""

from __future__ import annotations

from bot.domain.plan_events import PlanEvent, Review, known_decision
from bot.domain.plan_states import DECISIONS, Action
from bot.domain.roles import REVIEWERS, Actor, Role
from bot.domain.text import folded


def may_see(actor: Actor, plan_id: str, review: Review | None, was_involved: bool) -> bool:
    """Say whether a plan exists for this actor at all; where not, nothing about it is told.

    A link to one plan opens that plan alone. The programme manager sees the region, a contact at a
    school the plans of that school, the ondersteuner what came to them; the operator sees all that
    was handed over. The management sees the one plan that it was asked about.
    """
    if actor.plan_id is not None and actor.plan_id != plan_id:
        return False
    if actor.role is Role.MANAGEMENT:
        return actor.plan_id == plan_id
    if review is None or actor.role not in REVIEWERS:
        return False
    if actor.role is Role.OPERATOR:
        return True
    is_in_region = actor.region_id is not None and review.region_id == actor.region_id
    if actor.role is Role.PROGRAMME_MANAGER:
        return is_in_region
    is_holder = actor.contact_id is not None and review.holder_id == actor.contact_id
    if actor.role is Role.SCHOOL_CONTACT:
        is_at_school = bool(actor.school) and folded(review.school or "") == folded(
            actor.school or ""
        )
        return is_in_region and (is_at_school or is_holder)
    return is_holder or was_involved


def knows_held_back(role: Role) -> bool:
    """Say whether a role sees a decision that can still be undone.

    Who speaks with the teacher every day is told when the teacher is.
    """
    return role in (Role.PROGRAMME_MANAGER, Role.OPERATOR)


def events_for(
    events: tuple[PlanEvent, ...], role: Role, review: Review | None
) -> tuple[PlanEvent, ...]:
    """Give what happened to a plan as a role may know it.

    For who does not know what is held back there is no decision but the one that the teacher
    knows, also when it was undone.
    """
    if knows_held_back(role):
        return events
    known = known_decision(events, review)
    return tuple(
        event
        for event in events
        if event.action is not Action.UNDO and (event.action not in DECISIONS or event is known)
    )
