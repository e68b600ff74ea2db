"""Fills in one thing of a step, from a button or from what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import BadInputError
from bot.domain.moments import read_moments
from bot.domain.plan_states import DECISIONS, Action
from bot.domain.text import folded
from bot.services.review_chat_steps import NEEDS, Need, Pick, Step
from bot.services.review_choices import Shown
from bot.services.review_input import checked
from bot.texts import review_chat as words

#: Chosen by a button only.
_CHOSEN = frozenset({Need.ABOUT, Need.TO, Need.DECISION, Need.CONFIRM})


def last(step: Step) -> Step:
    """Give a step that was complete as it was before its last answer."""
    return replace(step, at=len(NEEDS[step.intent]) - 1)


def is_behind(step: Step, now: Shown) -> bool:
    """Say whether something happened that was not on the screen; a note minds nothing."""
    return step.action is not Action.NOTE and step.shown != now


def is_leaving(text: str) -> bool:
    """Say whether somebody types that nothing has to be done."""
    return folded(text) in words.LEAVING


def picked(step: Step, need: Need, pick: str) -> Step:
    """Give what comes after a press, also of an earlier question of the same action.

    Raises BadInputError where that button was never there.
    """
    road = NEEDS[step.intent]
    if need not in road[: step.at + 1]:
        raise BadInputError(words.STALE)
    step = replace(step, at=road.index(need), source=None)
    if pick == Pick.BACK and step.at > 0:
        return replace(step, at=step.at - 1)
    if pick == Pick.SKIP and step.is_skippable:
        is_place = need is Need.PLACE
        kept = replace(step, place="") if is_place else replace(step, text="")
        return replace(kept, at=step.at + 1)
    match need:
        case Need.CONFIRM if pick == Pick.SEND:
            return replace(step, at=step.at + 1)
        case Need.DECISION if pick in list(DECISIONS):
            return replace(step, at=step.at + 1, decision=pick)
        case Need.ABOUT:
            return replace(step, at=step.at + 1, about=pick)
        case Need.TO:
            return replace(step, at=step.at + 1, to=pick)
    raise BadInputError(words.STALE)


def typed(
    step: Step, text: str, source: str | None, summary: Mapping[str, Any], now: datetime
) -> Step:
    """Give what comes after a typed message; raises BadInputError with a Dutch sentence.

    A message that was edited counts for the question that it answered.
    """
    if source and source == step.source and step.at > 0:
        step = replace(step, at=step.at - 1)
    if step.need in _CHOSEN:
        raise BadInputError(words.CHOOSE)
    filled = replace(step, source=source, at=step.at + 1)
    match step.need:
        case Need.MOMENTS:
            filled = replace(filled, moments=_moments(text, now))
        case Need.PLACE:
            filled = replace(filled, place=text)
        case _:
            filled = replace(filled, text=text)
    checked(filled.order(), summary, now)
    return filled


def _moments(text: str, now: datetime) -> tuple[str, ...]:
    read = read_moments(text, now.astimezone(AMSTERDAM))
    if read.unread:
        raise BadInputError(words.unread_text(read.unread))
    return tuple(moment.isoformat() for moment in read.found)
