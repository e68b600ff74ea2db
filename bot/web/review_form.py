"""Reads the forms of a plan's page, and keeps what was typed when one is not taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import BadInputError
from bot.domain.moments import read_moments
from bot.domain.plan_states import DECISIONS, Action
from bot.services.review_input import MAX_LENGTH, MOST_MOMENTS, Order
from bot.texts import review as words
from bot.web.posted import Posted

#: The form of a decision; which one it is, is chosen in it.
DECIDE = "decide"
CHOOSE_DECISION = "Kies een besluit."
UNKNOWN_FORM = "Dit formulier kan ik niet lezen. Open de pagina opnieuw en probeer het daar."
MOMENT_UNREAD = (
    "“{text}” kan ik niet lezen als moment. Schrijf dag en tijd, bijvoorbeeld zo: 2026-12-01 15:30."
)
MOMENT_TOO_FAR = "Dat moment ligt te ver weg. Kijk of het jaar klopt."
_CALENDAR = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
#: More than this ahead is a slip of the keyboard.
_YEARS_AHEAD = 3
#: What can be done with a form of its own; a decision has one for all three.
_OWN_FORM = frozenset(
    {
        Action.RECEIVE,
        Action.ASK,
        Action.TAKE_BACK,
        Action.INVITE,
        Action.FORWARD,
        Action.NOTE,
        Action.UNDO,
    }
)
MOMENT_FIELDS = tuple(f"moment{number}" for number in range(1, MOST_MOMENTS + 1))
#: Which field of the form a sentence of the service is about; else it is the text.
_FIELDS = {
    words.CHOOSE_ANSWER: "step",
    words.CHOOSE_TARGET: "to",
    words.MOMENT_LACKS: MOMENT_FIELDS[0],
}


class FieldError(BadInputError):
    """What was filled in cannot be read; `field` names where."""

    def __init__(self, message: str, field_name: str) -> None:
        super().__init__(message)
        self.field = field_name


@dataclass(frozen=True)
class Refilled:
    """A form as it goes back to who sent it: what was typed, and what lacks in which field."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    problem: str = ""
    field: str = ""

    def value(self, form: str, name: str) -> str:
        """Give what was typed in a field of a form."""
        return self.values.get(name, "") if form == self.form else ""

    def problem_of(self, form: str, name: str) -> str:
        """Say what is wrong with a field of a form; empty when nothing is."""
        return self.problem if (form, name) == (self.form, self.field) else ""

    def moment_kind(self, form: str, name: str) -> str:
        """Give the kind of a field for a moment: a browser's calendar drops what it cannot read."""
        value = self.value(form, name)
        return "text" if value and not _CALENDAR.fullmatch(value) else "datetime-local"

    @property
    def typed(self) -> str:
        """Give all that was typed, as one text to copy."""
        return Posted(self.values).typed


def read_order(form: Posted, now: datetime) -> Order:
    """Give what a form asks for; raises FieldError where it cannot be read."""
    action = _action(form)
    return Order(
        action=action,
        seen=form.number("seen"),
        version=form.number("version"),
        mark=form.mark,
        step=form.text("step") or None,
        text=form.text("text"),
        moments=_moments(form, now) if action is Action.INVITE else (),
        place=form.text("place"),
        to=form.text("to") or None,
    )


def refilled(form: Posted, problem: str = "", field_name: str = "") -> Refilled:
    """Give a form back with everything that was typed in it."""
    return Refilled(form.text("form"), form.fields, problem, field_name)


def field_of(error: BadInputError, form: Posted) -> str:
    """Name the field that an error is about."""
    if isinstance(error, FieldError):
        return error.field
    if len(form.text("place")) > MAX_LENGTH:
        return "place"
    return _FIELDS.get(str(error), "text")


def _action(form: Posted) -> Action:
    name = form.text("form")
    if name == DECIDE:
        for decision in DECISIONS:
            if form.text("decision") == decision.value:
                return decision
        raise FieldError(CHOOSE_DECISION, "decision")
    for action in _OWN_FORM:
        if name == action.value:
            return action
    raise FieldError(UNKNOWN_FORM, "")


def _moments(form: Posted, now: datetime) -> tuple[datetime, ...]:
    """Read the moments, in Dutch time; browsers without a calendar send what was typed."""
    given = ((name, form.text(name)) for name in MOMENT_FIELDS)
    return tuple(_moment(name, text, now) for name, text in given if text)


def _moment(name: str, text: str, now: datetime) -> datetime:
    here = now.astimezone(AMSTERDAM)
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        read = read_moments(text, here)
        if len(read.found) != 1 or read.unread:
            raise FieldError(MOMENT_UNREAD.format(text=text), name) from None
        exact = read.found[0]
    if len(text) <= len("2026-12-01"):
        # A day without a time reads as midnight.
        raise FieldError(MOMENT_UNREAD.format(text=text), name)
    if exact.year > here.year + _YEARS_AHEAD:
        raise FieldError(MOMENT_TOO_FAR, name)
    if exact.replace(tzinfo=None) <= here.replace(tzinfo=None):
        raise FieldError(words.MOMENT_IS_OVER, name)
    return exact.replace(tzinfo=AMSTERDAM)
