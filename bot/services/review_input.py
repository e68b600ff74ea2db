"""Checks what was filled in for an action, and says in Dutch what lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.domain.errors import BadInputError
from bot.domain.plan_states import Action
from bot.domain.text import clean, is_blank
from bot.texts import review as words

#: A question, a reason, a note; far above what anybody types.
MAX_LENGTH = 4_000
MOST_MOMENTS = 3
_TEXT_LACKS = {
    Action.ASK: words.QUESTION_LACKS,
    Action.NOTE: words.NOTE_LACKS,
    Action.APPROVE_WITH_CONDITIONS: words.CONDITIONS_LACK,
    Action.NOT_NOW: words.REASON_LACKS,
}


@dataclass(frozen=True)
class Order:
    """What somebody wants to do with a plan.

    `seen` is the last change and `version` the version that was on the page; `mark` names the form,
    so that sending it twice does it once. `step` is the answer that a question is about, `to` the
    contact that a plan is passed on to, `moments` (aware) and `place` belong to an invitation.
    """

    action: Action
    seen: int = 0
    version: int = 0
    mark: str | None = None
    step: str | None = None
    text: str = ""
    moments: tuple[datetime, ...] = ()
    place: str = ""
    to: str | None = None


@dataclass(frozen=True)
class Fields:
    """What goes into the event."""

    text: str
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def checked(order: Order, summary: Mapping[str, Any], now: datetime) -> Fields:
    """Give what was filled in; raises BadInputError where something lacks.

    `summary` is the plan's, as JSON: a question can be asked about each of its answers.
    """
    text = clean(order.text).strip()
    if len(text) > MAX_LENGTH:
        raise BadInputError(words.TEXT_TOO_LONG.format(length=len(text), limit=MAX_LENGTH))
    if order.action in _TEXT_LACKS and is_blank(text):
        raise BadInputError(_TEXT_LACKS[order.action])
    if order.action is Action.ASK and order.step not in askable(summary):
        raise BadInputError(words.CHOOSE_ANSWER)
    if order.action is Action.FORWARD:
        return Fields(text, {"to": order.to})
    if order.action is Action.INVITE:
        return Fields(text, _invitation(order, now))
    return Fields(text)


def askable(summary: Mapping[str, Any]) -> dict[str, str]:
    """Give the answers that can be asked about, by key, with their titles."""
    return {
        answer["key"]: answer["title"]
        for part in ("idea", "answers")
        for answer in summary.get(part, ())
    }


def _invitation(order: Order, now: datetime) -> Mapping[str, Any]:
    moments = sorted(set(order.moments))
    if not moments:
        raise BadInputError(words.MOMENT_LACKS)
    if len(moments) > MOST_MOMENTS:
        raise BadInputError(words.TOO_MANY_MOMENTS.format(limit=MOST_MOMENTS))
    if any(moment <= now for moment in moments):
        raise BadInputError(words.MOMENT_IS_OVER)
    place = " ".join(clean(order.place).split())
    if len(place) > MAX_LENGTH:
        raise BadInputError(words.TEXT_TOO_LONG.format(length=len(place), limit=MAX_LENGTH))
    return {"moments": [moment.isoformat() for moment in moments], "place": place}
