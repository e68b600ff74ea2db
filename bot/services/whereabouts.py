"""Tells a teacher where one plan is: who has it, until when, what is asked, what happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.plan import DECIDED, Plan, PlanStatus
from bot.domain.plan_events import (
    PlanEvent,
    Review,
    is_overtaken,
    last_of,
    management_word,
    open_question,
)
from bot.domain.plan_states import Action
from bot.domain.teacher_view import shown_events, shown_status
from bot.domain.turn import Choice
from bot.services.access import Access
from bot.services.asked_answer import revise_choices
from bot.services.moments import agreed_talk, chosen_moment, is_choosable
from bot.services.reminders import Reminders
from bot.services.turns import Work
from bot.services.withdrawal import is_withdrawable
from bot.texts import my_plans as words
from bot.texts import withdrawal as withdrawal_words
from bot.texts.escalation import ROLE_NAMES
from bot.texts.moments import moment_of
from bot.texts.review import NO_MOMENT, contact_name

#: More of what happened than this nobody reads on a phone.
_LAST_EVENTS = 6
#: With these the plan is known to have reached somebody, whatever became of the first e-mail.
_REACHED = (Action.RECEIVE, Action.ASK, Action.INVITE, Action.FORWARD, Action.ESCALATE)


@dataclass(frozen=True)
class Place:
    """A plan with everything that its place is read from, as its teacher may know it."""

    plan: Plan
    review: Review | None
    status: PlanStatus
    events: tuple[PlanEvent, ...]


class Whereabouts:
    """Words and buttons about one plan at a time."""

    def __init__(self, access: Access, reminders: Reminders, *, mail_stays_here: bool) -> None:
        """Name people by `access`; `mail_stays_here` tells what a sent e-mail really means."""
        self._access = access
        self._reminders = reminders
        self._mail_stays_here = mail_stays_here

    async def line(self, work: Work, plan: Plan) -> str:
        """Give the plan in one line."""
        place = await _place(work, plan)
        state = words.state_text(place.status, await self._delivery(work, place))
        word = management_word(place.events) if plan.is_open else None
        said = ""
        if word:
            said = words.management_text(word, is_overtaken=is_overtaken(word, plan))
        return words.line(plan, state, said)

    async def tell(
        self, work: Work, plan: Plan, *, is_only: bool
    ) -> tuple[str, tuple[Choice, ...]]:
        """Give all there is to know of a plan that was sent, and what can be done with it.

        Where the plan is not the only one that is shown, its buttons name it.
        """
        place = await _place(work, plan)
        asked, choices = await self._asked(work, place, is_only=is_only)
        state = words.state_text(place.status, await self._delivery(work, place))
        facts = [words.head(plan, state)]
        if place.review and place.status not in (*DECIDED, PlanStatus.WITHDRAWN):
            facts.append(words.now_with(await self._holder(work, place.review)))
        clock = await self._reminders.clock_words(work.uow, plan, place.review, work.now)
        parts = ("\n".join(facts), clock, asked, await self._history(work, place))
        # Whether there is a decision that did not leave yet may not show.
        if is_withdrawable(replace(plan, status=place.status)):
            more = withdrawal_words.WITHDRAW_ONE.format(reference=plan.reference)
            label = withdrawal_words.WITHDRAW if is_only else more
            choices = (*choices, Choice(label, "withdraw", plan.id))
        return "\n\n".join(filter(None, parts)), choices

    async def _asked(
        self, work: Work, place: Place, *, is_only: bool
    ) -> tuple[str, tuple[Choice, ...]]:
        """Give what the teacher is asked for now, and the talk that is agreed, with buttons."""
        plan = place.plan
        talk, moments = _talk(work, place)
        question = open_question(place.events)
        if place.status is PlanStatus.ASKED and question:
            title = (await _titles(work, plan)).get(question.step or "", "")
            said = "\n\n".join(filter(None, (words.asked(question, title), talk)))
            return said, (*revise_choices([plan], is_named=not is_only), *moments)
        return talk, moments

    async def _delivery(self, work: Work, place: Place) -> str | None:
        """Say how far the e-mail of the hand-over is, while it is not known to have arrived."""
        is_waiting = place.status is PlanStatus.SUBMITTED and not last_of(place.events, *_REACHED)
        state = await work.uow.outbox.state_of_plan(place.plan.id) if is_waiting else None
        if state == "sent" and self._mail_stays_here:
            state = "local"
        return words.DELIVERY_STATES[state] if state else None

    async def _holder(self, work: Work, review: Review) -> str:
        found = await self._access.contact(work.uow, review.holder_id)
        holder = found or self._access.operator
        role = ROLE_NAMES[holder.role]
        return f"{holder.name}, {role}" if holder.name else role

    async def _history(self, work: Work, place: Place) -> str:
        titles = await _titles(work, place.plan)
        told = []
        for event in place.events[-_LAST_EVENTS:]:
            to = await self._access.contact(work.uow, event.data.get("to"))
            to_whom = contact_name(to) if to else words.NO_LONGER_THERE
            told.append((event, titles.get(event.step or "", ""), to_whom))
        return words.history(told)


async def _place(work: Work, plan: Plan) -> Place:
    review = await work.uow.reviews.get(plan.id)
    events = await work.uow.reviews.events(plan.id)
    return Place(plan, review, shown_status(plan, review, events), shown_events(events, review))


def _talk(work: Work, place: Place) -> tuple[str, tuple[Choice, ...]]:
    """Say what is agreed about a talk, or still to be chosen, with the buttons of its moments.

    What else is done to a plan does not end a talk; taking the plan back does.
    """
    invitation = last_of(place.events, Action.INVITE)
    if invitation is None or place.status is PlanStatus.WITHDRAWN:
        return "", ()
    chosen = chosen_moment(place.events)
    is_agreed = agreed_talk(place.events, work.now) is not None
    is_open = is_choosable(place.status, invitation, work.now)
    if not is_agreed and (not is_open or (chosen and place.status is not PlanStatus.INVITED)):
        return "", ()
    proposed = invitation.data["moments"]
    moments = [moment for moment in proposed if datetime.fromisoformat(moment) > work.now]
    said = words.invited(chosen, invitation.data.get("place", ""), moments)
    others = [moment for moment in moments if moment != chosen]
    return said, _moment_choices(place.plan, others, chosen) if is_open else ()


async def _titles(work: Work, plan: Plan) -> dict[str, str]:
    questions = await work.uow.questions.get(plan.questions_version)
    return {question.key: question.title for question in questions.questions}


def _moment_choices(plan: Plan, moments: list[str], chosen: str | None) -> tuple[Choice, ...]:
    none = Choice(NO_MOMENT, "choose_moment", f"{plan.id}|")
    others = tuple(
        Choice(moment_of(moment), "choose_moment", f"{plan.id}|{moment}") for moment in moments
    )
    return others if chosen == "" else (*others, none)
