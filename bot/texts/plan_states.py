"""The states of a plan as a page for developers: a diagram and a table, from the code."""

from __future__ import annotations

from collections import defaultdict

from bot.domain.plan import PlanStatus
from bot.domain.plan_states import TRANSITIONS, Action
from bot.domain.roles import Role
from bot.texts.review import STATES

_HEAD = """# The states of a plan

Made from the one table in `bot/domain/plan_states.py` by `make docs`; a test compares the two. A
cell that is not here is refused, for every role. Each transition leaves an event: who, when, what.
Undoing a decision goes back to the state in which it was taken; the table gives where it goes when
that is not known. Choosing a moment needs an invitation that is not over, and no decision that the
teacher knows.

"""


def states_page() -> str:
    """Give the page as Markdown."""
    return _HEAD + "\n".join([*_diagram(), "", *_table(), ""])


def _diagram() -> list[str]:
    arrows: dict[tuple[PlanStatus, PlanStatus], list[Action]] = defaultdict(list)
    for before, action, role in sorted(TRANSITIONS, key=_place):
        after = TRANSITIONS[before, action, role]
        if before is not after and action not in arrows[before, after]:
            arrows[before, after].append(action)
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {before.value} --> {after.value}: {', '.join(_words(action) for action in actions)}"
        for (before, after), actions in arrows.items()
    ]
    ends = {before for before, _ in arrows}
    lines += [f"    {status.value} --> [*]" for status in PlanStatus if status not in ends]
    return [*lines, "```"]


def _table() -> list[str]:
    rows = ["| State | People read | Action | Who may | Next state |", "|---|---|---|---|---|"]
    who: dict[tuple[PlanStatus, Action, PlanStatus], list[Role]] = defaultdict(list)
    for before, action, role in sorted(TRANSITIONS, key=_place):
        who[before, action, TRANSITIONS[before, action, role]].append(role)
    for before, action, after in who:
        roles = ", ".join(_words(role) for role in who[before, action, after])
        to = "the same" if after is before else f"`{after.value}`"
        rows.append(f"| `{before.value}` | {STATES[before]} | {_words(action)} | {roles} | {to} |")
    return rows


def _place(cell: tuple[PlanStatus, Action, Role]) -> tuple[int, int, int]:
    return list(PlanStatus).index(cell[0]), list(Action).index(cell[1]), list(Role).index(cell[2])


def _words(name: Action | Role) -> str:
    return name.value.replace("_", " ")
