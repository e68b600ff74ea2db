"""What the school's management sees of a plan that it was asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, idea_mark, last_change, management_word
from bot.domain.plan_states import Action
from bot.domain.summary import PlanSummary, SummaryAnswer
from bot.services.access import Seen
from bot.services.clock import dutch_date as iso_date
from bot.texts import management as words
from bot.texts.summary import dutch_date


@dataclass(frozen=True)
class LastWord:
    """What the management said last: as it was filled in, and `sentence` as it reads.

    `remarks` are by the key of the answer.
    """

    action: Action
    name: str
    function: str
    at: datetime
    text: str
    remarks: Mapping[str, str]
    sentence: str


@dataclass(frozen=True)
class ManagementView:
    """A plan as the management sees it.

    `answers` are those that were given, in order, and `still_open` the titles of the others;
    `asked` says in three lines what is asked. `closed` says why nothing can be said (any more),
    None while it can: then `reference` is set if the plan was handed over. `seen` is the last
    change of the plan, as an order on it carries it, and `idea_mark` names the idea that is shown.
    """

    plan_id: str
    title: str
    teacher: str | None
    school: str | None
    region: str | None
    asked: tuple[str, ...]
    answers: tuple[SummaryAnswer, ...]
    still_open: tuple[str, ...]
    word: LastWord | None
    closed: str | None
    reference: str | None
    seen: int
    idea_mark: str

    @property
    def may_change(self) -> bool:
        """Say whether the management can speak, or change its mind."""
        return self.closed is None


def view_of(seen: Seen, summary: PlanSummary) -> ManagementView:
    """Give the view of a plan; `summary` is as it was handed over, else as it would be now."""
    given = (*summary.idea, *summary.answers)
    plan: Plan = seen.plan
    word = management_word(seen.events)
    return ManagementView(
        plan_id=plan.id,
        title=summary.title,
        teacher=summary.teacher_name,
        school=summary.school,
        region=summary.region,
        asked=words.ASKED,
        answers=tuple(answer for answer in given if answer.text is not None),
        still_open=tuple(answer.title for answer in given if answer.text is None),
        word=last_word(word) if word else None,
        closed=words.closed_text(plan),
        reference=plan.reference,
        seen=last_change(seen.events),
        idea_mark=idea_mark(plan),
    )


def last_word(event: PlanEvent) -> LastWord:
    """Give what the management said in an event."""
    return LastWord(
        action=event.action,
        name=event.data["name"],
        function=event.data["function"],
        at=event.at,
        text=event.text,
        remarks=event.data["remarks"],
        sentence=words.last_word(event.name, event.action, dutch_date(iso_date(event.at))),
    )
