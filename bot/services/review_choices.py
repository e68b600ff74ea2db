"""The buttons under a plan in the chat of who receives plans; each carries what it was shown on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.plan import Plan
from bot.domain.plan_events import Review
from bot.domain.plan_states import DECISIONS, Action, allowed_actions
from bot.domain.roles import Role
from bot.domain.turn import Choice
from bot.texts import review_chat as words

VIEW = "desk_view"
BOARD = "desk_board"
#: The three decisions are behind one button.
DECIDE = "desk_decide"
FORWARD = "desk_forward"
#: In the order in which they stand under a plan.
_BUTTONS = {
    Action.RECEIVE: (words.RECEIVE, "desk_receive"),
    Action.ASK: (words.ASK, "desk_ask"),
    Action.TAKE_BACK: (words.TAKE_BACK, "desk_take_back"),
    Action.INVITE: (words.INVITE, "desk_invite"),
    Action.FORWARD: (words.FORWARD, FORWARD),
    Action.APPROVE: (words.DECIDE, DECIDE),
    Action.UNDO: (words.UNDO, "desk_undo"),
    Action.NOTE: (words.NOTE, "desk_note"),
}
#: What each button may come to.
ACTIONS_OF = {
    **{intent: (action,) for action, (_, intent) in _BUTTONS.items()},
    DECIDE: tuple(DECISIONS),
}
INTENTS = (*ACTIONS_OF, VIEW)
_VALUE = re.compile(r"(?P<plan_id>[^|]{1,64})\|(?P<version>\d{1,9})\|(?P<seen>\d{1,18})")


@dataclass(frozen=True)
class Shown:
    """What was on the screen: a plan, its version and the last change."""

    plan_id: str
    version: int = 0
    seen: int = 0

    @property
    def value(self) -> str:
        """Give it as a button carries it."""
        return f"{self.plan_id}|{self.version}|{self.seen}"

    @classmethod
    def read(cls, value: str | None) -> Shown | None:
        """Read what a button carries; None for anything else."""
        match = _VALUE.fullmatch(value or "")
        return cls(match["plan_id"], int(match["version"]), int(match["seen"])) if match else None


def buttons(shown: Shown, actions: Iterable[Action]) -> tuple[Choice, ...]:
    """Give the buttons for these actions, and the one that shows the plan."""
    can = set(actions)
    offered = [
        Choice(label, intent, shown.value)
        for action, (label, intent) in _BUTTONS.items()
        if action in can
    ]
    return (*offered, Choice(words.VIEW, VIEW, shown.value))


def review_choices(plan: Plan, review: Review, role: Role, seen: int) -> tuple[Choice, ...]:
    """Give the buttons that go with a message about a plan to somebody in `role`.

    `seen` is the last change that the message tells of, as `last_change` gives it.
    """
    can = set(allowed_actions(plan.status, role))
    if review.is_released or review.leaves_at is None:
        can.discard(Action.UNDO)
    return buttons(Shown(plan.id, review.version, seen), can)
