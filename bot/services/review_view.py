"""One plan as those who review it see it: what is asked of them, the plan, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.authority import events_for, knows_held_back
from bot.domain.contacts import Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import NotFoundError
from bot.domain.hints import hints
from bot.domain.plan import DECIDED, WAITING_FOR_REGION, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review, last_change, last_of, open_question
from bot.domain.plan_states import Action, allowed_actions
from bot.domain.roles import Actor, Role
from bot.domain.summary import PlanSummary
from bot.services.access import Access, Seen
from bot.services.clock import dutch_date
from bot.services.moments import agreed_talk
from bot.services.plan_versions import ShownVersion, shown_version
from bot.services.ports import UnitOfWork
from bot.services.review_history import HistoryLine, clock_time, history, moment_labels
from bot.services.review_input import askable
from bot.services.review_ports import DueKind, Version
from bot.services.review_targets import targets
from bot.services.teacher_reach import Reach, reach_of
from bot.texts import review as words
from bot.texts import review_page as page_words
from bot.texts.hints import manager_hints
from bot.texts.moments import moment_of
from bot.texts.summary import Fact, shown_title, summary_page
from bot.texts.summary import dutch_date as date_in_words

_READS_LATER = {
    Reach.IN_OPEN_CHAT: page_words.READS_LATER,
    Reach.CLOSED: page_words.READS_AFTER_CLOSED,
}
#: The one who has the plan is to do something with it.
_ACT_NOW = frozenset({PlanStatus.SUBMITTED, PlanStatus.RECEIVED, PlanStatus.REVISED})


@dataclass(frozen=True)
class Target:
    """Somebody to whom a plan can be passed on; `note` tells of an absence."""

    id: str
    label: str
    note: str


@dataclass(frozen=True)
class Decision:
    """A decision that the teacher does not know yet; `until` is a time of day, None when over."""

    text: str
    reason: str
    until: str | None


@dataclass(frozen=True)
class PlanView:
    """Everything that the page of a plan shows; texts are Dutch, answers verbatim.

    `seen` and `version` go with every order that is given from this page. `actions` are those that
    can be done now; `asked` is the question that waits for the teacher, by title and text.
    """

    plan_id: str
    reference: str
    title: str
    state: str
    ask: str
    deadline: str
    decision: Decision | None
    asked: tuple[str, str] | None
    facts: tuple[Fact, ...]
    open_points: tuple[str, ...]
    shown: ShownVersion
    actions: tuple[Action, ...]
    askable: Mapping[str, str]
    targets: tuple[Target, ...]
    history: tuple[HistoryLine, ...]
    #: says that the teacher reads later what is sent now; empty when at once
    reads_later: str
    #: says to the operator whom to enter first, when there is nobody to pass the plan on to
    enter_first: str
    seen: int
    version: int


class ReviewViews:
    """Gives the page of a plan to who may see it."""

    def __init__(self, access: Access) -> None:
        """Check authority with `access`."""
        self._access = access

    async def view(
        self,
        uow: UnitOfWork,
        actor: Actor,
        plan_id: str,
        now: datetime,
        version: int | None = None,
    ) -> PlanView:
        """Give a plan, with one of its versions; raises NotFoundError where there is none."""
        seen = await self._access.seen(uow, actor, plan_id)
        if seen.review is None:
            raise NotFoundError
        review = seen.review
        is_held_back = _is_held_back(seen.plan, review) and not knows_held_back(actor.role)
        # An order is held against all that happened, also what this role does not see.
        last = last_change(seen.events)
        seen = replace(seen, events=events_for(seen.events, actor.role, review))
        if is_held_back:
            seen = replace(seen, plan=replace(seen.plan, status=PlanStatus.RECEIVED))
        shown = shown_version(await _versions(uow, seen), version)
        contacts = {contact.id: contact for contact in await uow.contacts.all()}
        operator = self._access.operator
        contacts[operator.id] = operator
        holder = contacts.get(review.holder_id or "", operator)
        titles = askable(await uow.plans.summary(plan_id) or {})
        question = open_question(seen.events)
        found = await targets(uow, self._access, review)
        reach = await reach_of(uow, seen.plan)
        today = now.astimezone(AMSTERDAM).date()
        return PlanView(
            plan_id=plan_id,
            reference=shown.summary.reference,
            title=shown_title(shown.summary),
            state=words.STATES[seen.plan.status],
            ask=page_words.NOTHING_NOW
            if is_held_back
            else _ask(seen, review, actor, holder, is_heard=reach is Reach.AT_ONCE),
            deadline=await _deadline(uow, seen, is_holder=holder.id == actor.contact_id),
            decision=_decision(seen.plan, review, seen.events, now),
            asked=(titles.get(question.step or "", ""), question.text) if question else None,
            facts=(*_facts(shown.summary, holder, actor), *_talk_facts(seen, now)),
            open_points=_open_points(shown.summary),
            shown=shown,
            actions=(Action.NOTE,)
            if is_held_back
            else _actions(seen.plan, review, actor, now, has_targets=bool(found)),
            askable=titles,
            targets=tuple(
                _target(one, contacts, today, is_lost=review.region_id is None) for one in found
            ),
            history=history(seen.events, titles, contacts, actor.contact_id),
            reads_later=_READS_LATER.get(reach, ""),
            enter_first=page_words.ENTER_FIRST if actor.role is Role.OPERATOR and not found else "",
            seen=last,
            version=review.version,
        )


def _is_held_back(plan: Plan, review: Review) -> bool:
    return plan.status in DECIDED and not review.is_released


async def _versions(uow: UnitOfWork, seen: Seen) -> list[Version]:
    stored = await uow.reviews.versions(seen.plan.id)
    if stored:
        return stored
    # Handed over when versions were not kept yet.
    summary = await uow.plans.summary(seen.plan.id)
    if summary is None:
        raise NotFoundError
    return [Version(1, summary, seen.plan.submitted_at or seen.plan.created_at)]


def _ask(seen: Seen, review: Review, actor: Actor, holder: Contact, *, is_heard: bool) -> str:
    status = seen.plan.status
    is_waiting = status in WAITING_FOR_REGION
    if is_waiting and holder.id != actor.contact_id:
        return page_words.ask_of_others(page_words.contact_label(holder))
    choice = last_of(seen.events, Action.INVITE, Action.CHOOSE_MOMENT)
    if status is PlanStatus.INVITED and choice and choice.action is Action.CHOOSE_MOMENT:
        return page_words.ask_after_choice(next(iter(moment_labels(choice)), None))
    return page_words.ask_of_holder(status, is_released=review.is_released, is_heard=is_heard)


async def _deadline(uow: UnitOfWork, seen: Seen, *, is_holder: bool) -> str:
    """Say until when the one who is to act has the time; empty when no clock runs."""
    is_asked = seen.plan.status is PlanStatus.ASKED
    if not is_asked and seen.plan.status not in _ACT_NOW:
        return ""
    kind = DueKind.LAPSE if is_asked else DueKind.ESCALATE
    for due in await uow.due.of_plan(seen.plan.id):
        if due.kind is kind:
            day = date_in_words(dutch_date(due.due_at))
            return page_words.deadline(day, is_asked=is_asked, is_holder=is_holder)
    return ""


def _decision(
    plan: Plan, review: Review, events: tuple[PlanEvent, ...], now: datetime
) -> Decision | None:
    if plan.status not in DECIDED or review.is_released or review.leaves_at is None:
        return None
    event = last_of(events, Action.APPROVE, Action.APPROVE_WITH_CONDITIONS, Action.NOT_NOW)
    until = clock_time(review.leaves_at) if now < review.leaves_at else None
    return Decision(words.STATES[plan.status], event.text if event else "", until)


def _actions(
    plan: Plan, review: Review, actor: Actor, now: datetime, *, has_targets: bool
) -> tuple[Action, ...]:
    can_undo = not review.is_released and review.leaves_at is not None and now < review.leaves_at
    lacking = set() if can_undo else {Action.UNDO}
    if not has_targets:
        lacking.add(Action.FORWARD)
    return tuple(one for one in allowed_actions(plan.status, actor.role) if one not in lacking)


def _facts(summary: PlanSummary, holder: Contact, actor: Actor) -> tuple[Fact, ...]:
    is_own = holder.id == actor.contact_id
    label = page_words.HOLDER_IS_YOU if is_own else page_words.contact_label(holder)
    facts = [fact for fact in summary_page(summary).facts if fact.label != page_words.FIRST_HOLDER]
    return (Fact(page_words.HOLDER, label), *facts)


def _talk_facts(seen: Seen, now: datetime) -> tuple[Fact, ...]:
    """Give the talk that is agreed and not over yet, in whatever state the plan is."""
    talk = agreed_talk(seen.events, now)
    if talk is None or seen.plan.status is PlanStatus.WITHDRAWN:
        return ()
    moment, place = talk
    return (Fact(page_words.TALK, ", ".join(filter(None, (moment_of(moment), place)))),)


def _open_points(summary: PlanSummary) -> tuple[str, ...]:
    """Give what has no answer yet, and the hints about what has."""
    found = hints({answer.key: answer.text for answer in summary.answers})
    return (*summary.open_titles, *manager_hints(found))


def _target(
    contact: Contact, contacts: Mapping[str, Contact], day: date, *, is_lost: bool
) -> Target:
    note = ""
    if contact.is_absent(day):
        note = page_words.absence_text(contact, contacts.get(contact.stand_in_id or ""))
    label = page_words.contact_label(contact)
    # Among the contacts of every region, its id tells which one it is.
    region = f", regio {contact.region_id}" if is_lost and contact.region_id else ""
    return Target(contact.id, label + region, note)
