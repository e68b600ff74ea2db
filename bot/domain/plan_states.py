"""The one table of a plan's states: (state, action, role) gives the next state, or is forbidden.

UNDO is the one action whose next state is not known here: a plan goes back to the state in which it
was decided (`plan_events.decided_from`). The table gives where it goes when that is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.domain.errors import NotAllowedError
from bot.domain.plan import DECIDED, WAITING_FOR_REGION, WRITING, PlanStatus
from bot.domain.roles import REVIEWERS, Role


class Action(StrEnum):
    """Everything that can be done to a plan; each leaves an event."""

    ANSWER = "answer"
    STOP = "stop"
    RESUME = "resume"
    SUBMIT = "submit"
    REVISE = "revise"
    CHOOSE_MOMENT = "choose_moment"
    WITHDRAW = "withdraw"
    #: the school's management supports the idea, returns it with remarks, or declines
    ENDORSE = "endorse"
    RETURN = "return"
    DECLINE = "decline"
    RECEIVE = "receive"
    ASK = "ask"
    #: the question is taken back
    TAKE_BACK = "take_back"
    INVITE = "invite"
    FORWARD = "forward"
    NOTE = "note"
    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    NOT_NOW = "not_now"
    UNDO = "undo"
    #: the decision leaves for the teacher
    RELEASE = "release"
    REMIND = "remind"
    #: silence: one step up the route
    ESCALATE = "escalate"
    #: silence of the teacher: the question is closed
    LAPSE = "lapse"


#: What management says; the last one counts, until the plan is handed over.
MANAGEMENT_ACTIONS = (Action.ENDORSE, Action.RETURN, Action.DECLINE)
DECISIONS: Mapping[Action, PlanStatus] = MappingProxyType(
    {
        Action.APPROVE: PlanStatus.APPROVED,
        Action.APPROVE_WITH_CONDITIONS: PlanStatus.CONDITIONAL,
        Action.NOT_NOW: PlanStatus.NOT_NOW,
    }
)
#: Handed over and not taken back.
_AT_REGION = WAITING_FOR_REGION | {PlanStatus.ASKED}
#: The operator is the last station: receives and passes on, but speaks for no region.
_TALKERS = (Role.SCHOOL_CONTACT, Role.PROGRAMME_MANAGER, Role.SUPPORT)
#: The region decides, nobody else.
_DECIDERS = (Role.PROGRAMME_MANAGER,)

Cell = tuple[PlanStatus, Action, Role]


def _cells(
    states: Iterable[PlanStatus],
    action: Action,
    roles: Iterable[Role],
    to: PlanStatus | None = None,
) -> dict[Cell, PlanStatus]:
    """Give a cell for each state and role; without `to` the state stays as it is."""
    return {(state, action, role): to or state for state in states for role in roles}


TRANSITIONS: Mapping[Cell, PlanStatus] = MappingProxyType(
    {
        **_cells(WRITING, Action.ANSWER, [Role.TEACHER], PlanStatus.DRAFT),
        **_cells(WRITING, Action.STOP, [Role.TEACHER], PlanStatus.STOPPED),
        **_cells(WRITING, Action.RESUME, [Role.TEACHER], PlanStatus.DRAFT),
        **_cells([PlanStatus.DRAFT], Action.SUBMIT, [Role.TEACHER], PlanStatus.SUBMITTED),
        **_cells([PlanStatus.ASKED], Action.REVISE, [Role.TEACHER], PlanStatus.REVISED),
        # A talk is agreed apart from all else that is done. After a decision only until it leaves:
        # the teacher may not notice that there is one.
        **_cells(_AT_REGION | DECIDED, Action.CHOOSE_MOMENT, [Role.TEACHER]),
        **_cells(_AT_REGION, Action.WITHDRAW, [Role.TEACHER], PlanStatus.WITHDRAWN),
        **_cells(WRITING, Action.ENDORSE, [Role.MANAGEMENT]),
        **_cells(WRITING, Action.RETURN, [Role.MANAGEMENT]),
        **_cells(WRITING, Action.DECLINE, [Role.MANAGEMENT]),
        **_cells(
            [PlanStatus.SUBMITTED, PlanStatus.REVISED],
            Action.RECEIVE,
            REVIEWERS,
            PlanStatus.RECEIVED,
        ),
        **_cells(WAITING_FOR_REGION, Action.ASK, _TALKERS, PlanStatus.ASKED),
        **_cells([PlanStatus.ASKED], Action.TAKE_BACK, _TALKERS, PlanStatus.RECEIVED),
        **_cells(WAITING_FOR_REGION, Action.INVITE, _TALKERS, PlanStatus.INVITED),
        **_cells(WAITING_FOR_REGION, Action.FORWARD, REVIEWERS, PlanStatus.SUBMITTED),
        **_cells([PlanStatus.ASKED], Action.FORWARD, REVIEWERS),
        **_cells(_AT_REGION | DECIDED, Action.NOTE, REVIEWERS),
        **_cells(WAITING_FOR_REGION, Action.APPROVE, _DECIDERS, PlanStatus.APPROVED),
        **_cells(
            WAITING_FOR_REGION,
            Action.APPROVE_WITH_CONDITIONS,
            _DECIDERS,
            PlanStatus.CONDITIONAL,
        ),
        **_cells(WAITING_FOR_REGION, Action.NOT_NOW, _DECIDERS, PlanStatus.NOT_NOW),
        **_cells(DECIDED, Action.UNDO, _DECIDERS, PlanStatus.RECEIVED),
        **_cells(DECIDED, Action.RELEASE, [Role.CLOCK]),
        **_cells(_AT_REGION, Action.REMIND, [Role.CLOCK]),
        **_cells(WAITING_FOR_REGION, Action.ESCALATE, [Role.CLOCK], PlanStatus.SUBMITTED),
        **_cells([PlanStatus.ASKED], Action.ESCALATE, [Role.CLOCK]),
        **_cells([PlanStatus.ASKED], Action.LAPSE, [Role.CLOCK], PlanStatus.RECEIVED),
    }
)


def next_status(status: PlanStatus, action: Action, role: Role) -> PlanStatus:
    """Give the state after an action; raises NotAllowedError where the table has no cell."""
    try:
        return TRANSITIONS[status, action, role]
    except KeyError:
        raise NotAllowedError from None


def allowed_actions(status: PlanStatus, role: Role) -> tuple[Action, ...]:
    """Give what a role may do in a state, in the order of the actions."""
    return tuple(action for action in Action if (status, action, role) in TRANSITIONS)
