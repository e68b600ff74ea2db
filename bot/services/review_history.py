"""What happened to a plan, in plain words, for those who review it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.contacts import Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.services.clock import dutch_date
from bot.texts import review_page as words
from bot.texts.review import moment_label
from bot.texts.summary import dutch_date as date_in_words


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened; `said` is verbatim, `is_internal` when the teacher never sees it."""

    at: str
    when: str
    who: str
    what: str
    said: str
    is_internal: bool


def history(
    events: Iterable[PlanEvent],
    titles: Mapping[str, str],
    contacts: Mapping[str, Contact],
    own_id: str | None,
) -> tuple[HistoryLine, ...]:
    """Give what happened, the newest first; `titles` name the questions, `own_id` who looks."""
    lines = [
        HistoryLine(
            at=event.at.isoformat(),
            when=f"{date_in_words(dutch_date(event.at))}, {clock_time(event.at)}",
            who=words.who_acted(event, own_id),
            what=words.history_text(
                event,
                titles.get(event.step or "", ""),
                _name(contacts, event.data.get("to")),
                moment_labels(event),
            ),
            said="" if event.action in words.UNSAID else event.text,
            is_internal=event.action is Action.NOTE
            or (event.action in words.INTERNAL and bool(event.text)),
        )
        for event in events
        if event.action not in words.BEFORE_HAND_OVER
    ]
    return tuple(reversed(lines))


def moment_labels(event: PlanEvent) -> tuple[str, ...]:
    """Give the moments of an event, in the time of the Netherlands."""
    moments = event.data.get("moments") or [event.data.get("moment")]
    return tuple(
        moment_label(datetime.fromisoformat(text).astimezone(AMSTERDAM)) for text in moments if text
    )


def clock_time(moment: datetime) -> str:
    """Give the time of day in the Netherlands."""
    return moment.astimezone(AMSTERDAM).strftime("%H:%M")


def _name(contacts: Mapping[str, Contact], contact_id: str | None) -> str:
    contact = contacts.get(contact_id or "")
    return words.contact_label(contact) if contact else words.NO_LONGER_THERE
