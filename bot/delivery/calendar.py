"""Moments to talk about a plan as a calendar file (iCalendar), proposed or chosen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from bot.domain.plan_events import PlanEvent, last_of
from bot.domain.plan_states import Action
from bot.domain.summary import PlanSummary
from bot.domain.text import clean, shortened
from bot.texts import calendar as words
from bot.texts.summary import shown_title

#: How long a talk takes in somebody's calendar; nobody is asked for it.
TALK = timedelta(minutes=45)
_MAX_TITLE = 120


@dataclass(frozen=True)
class Talk:
    """A talk about a plan: one moment that was chosen, or moments that are proposed.

    `made_at` is when that was done and `sequence` how many times it changed since the first
    proposal: a calendar that has an entry replaces it by one with a higher number.
    """

    plan_id: str
    reference: str
    title: str
    moments: tuple[datetime, ...]
    place: str
    is_chosen: bool
    made_at: datetime
    sequence: int = 0


def planned_talk(plan_id: str, summary: PlanSummary, events: tuple[PlanEvent, ...]) -> Talk | None:
    """Give the talk that was last spoken of; None when there is none, or no moment fitted."""
    proposal = last_of(events, Action.INVITE)
    last = last_of(events, Action.INVITE, Action.CHOOSE_MOMENT)
    if proposal is None or last is None:
        return None
    is_chosen = last.action is Action.CHOOSE_MOMENT
    moments = (last.data.get("moment"),) if is_chosen else last.data.get("moments", ())
    known = tuple(datetime.fromisoformat(moment) for moment in moments if moment)
    if not known:
        return None
    steps = [event for event in events if event.action in (Action.INVITE, Action.CHOOSE_MOMENT)]
    return Talk(
        plan_id=plan_id,
        reference=summary.reference,
        title=shown_title(summary),
        moments=known,
        place=proposal.data.get("place", ""),
        is_chosen=is_chosen,
        made_at=last.at,
        sequence=len(steps) - 1,
    )


def invitation(talk: Talk) -> bytes:
    """Give the calendar file: one entry a moment, in UTC, the same bytes at every call.

    It holds no person: title, reference and place are all that is said of a plan. What was typed
    stays on one line, so that it makes no entries or properties of its own.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//STO-wegwijzer//NL")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for moment in talk.moments:
        calendar.add_component(_entry(talk, moment.astimezone(UTC)))
    return bytes(calendar.to_ical())


def _entry(talk: Talk, moment: datetime) -> Event:
    about = {"reference": _line(talk.reference), "title": shortened(_line(talk.title), _MAX_TITLE)}
    said = words.CHOSEN if talk.is_chosen else words.PROPOSED
    entry = Event()
    entry.add("uid", _uid(talk.plan_id, moment))
    entry.add("sequence", talk.sequence)
    entry.add("dtstamp", talk.made_at.astimezone(UTC))
    entry.add("dtstart", moment)
    entry.add("dtend", moment + TALK)
    entry.add("status", "CONFIRMED" if talk.is_chosen else "TENTATIVE")
    entry.add("summary", words.SUMMARY.format(**about))
    entry.add("description", said.format(**about))
    if _line(talk.place):
        entry.add("location", _line(talk.place))
    return entry


def _uid(plan_id: str, moment: datetime) -> str:
    """Name an entry so that the chosen moment replaces its own proposal in a calendar."""
    known = f"{plan_id}|{moment:%Y%m%dT%H%M}"
    return f"{hashlib.sha256(known.encode()).hexdigest()[:32]}@sto-wegwijzer"


def _line(text: str) -> str:
    return " ".join(clean(text).split())
