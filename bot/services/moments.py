"""The teacher chooses one of the moments that were proposed to talk about a plan, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.plan import WAITING_FOR_REGION, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review, last_of
from bot.domain.plan_states import Action, next_status
from bot.domain.roles import Role
from bot.domain.teacher_view import shown_status
from bot.domain.turn import Document, DocumentKind, Reply
from bot.services.asking import Asker
from bot.services.teacher_acts import Act, TeacherActs
from bot.services.turns import Work
from bot.texts import moments as words
from bot.texts import plan_intake as plan_words
from bot.texts.review import NO_MOMENT, contact_name


class Moments:
    """The use case behind the moments of an invitation."""

    def __init__(self, asker: Asker, acts: TeacherActs) -> None:
        """Store choices by `acts`."""
        self._asker = asker
        self._acts = acts

    async def choose(self, work: Work) -> list[Reply]:
        """Choose the moment of the pressed button; another one may be chosen later."""
        plan_id, _, moment = (work.turn.value or "").partition("|")
        plan = await work.own_plan(plan_id)
        if plan is None:
            return await self._asker.again(work, first=plan_words.EXPIRED)
        events = await work.uow.reviews.events(plan.id)
        invitation = last_of(events, Action.INVITE)
        review = await work.uow.reviews.get(plan.id)
        shown = shown_status(plan, review, events)
        if review is None or invitation is None or not is_choosable(shown, invitation, work.now):
            return await self._asker.again(work, first=words.NOT_INVITED)
        if moment and moment not in invitation.data["moments"]:
            return await self._asker.again(work, first=words.NOT_PROPOSED)
        if moment and datetime.fromisoformat(moment) <= work.now:
            over = words.IS_OVER.format(none=NO_MOMENT)
            return await self._asker.again(work, first=over)
        place = invitation.data.get("place", "")
        before = last_of(events, Action.INVITE, Action.CHOOSE_MOMENT)
        if before and before.data.get("moment") == moment:
            return await self._again(work, plan, moment, place)
        return await self._store(work, plan, review, moment, place)

    async def _again(self, work: Work, plan: Plan, moment: str, place: str) -> list[Reply]:
        if not moment:
            return await self._asker.again(work, first=words.NONE_BEFORE)
        return await self._with_file(work, plan, words.chosen_before(moment, place))

    async def _store(
        self, work: Work, plan: Plan, review: Review, moment: str, place: str
    ) -> list[Reply]:
        after = replace(plan, status=next_status(plan.status, Action.CHOOSE_MOMENT, Role.TEACHER))
        act = Act(Action.CHOOSE_MOMENT, data={"moment": moment, "place": place})
        await self._acts.store(work, plan, after, review, act)
        inviter = await self._acts.who_asked(work, plan, review, Action.CHOOSE_MOMENT)
        who = contact_name(inviter)
        if not moment:
            return await self._asker.again(work, first=words.none_text(who))
        return await self._with_file(work, plan, words.chosen_text(moment, place, who))

    async def _with_file(self, work: Work, plan: Plan, said: str) -> list[Reply]:
        """Say it with the calendar file, which is made from what is stored then."""
        document = Document(DocumentKind.INVITATION, plan.id, f"{plan.reference}.ics")
        *rest, last = await self._asker.again(work, first=said)
        return [*rest, replace(last, document=document)]


def chosen_moment(events: tuple[PlanEvent, ...]) -> str | None:
    """Give the moment that was chosen of the last invitation; "" for none, None while not said."""
    last = last_of(events, Action.INVITE, Action.CHOOSE_MOMENT)
    return last.data["moment"] if last and last.action is Action.CHOOSE_MOMENT else None


def agreed_talk(events: tuple[PlanEvent, ...], now: datetime) -> tuple[str, str] | None:
    """Give the moment and place of a talk that is agreed and not over yet; None where none is."""
    last = last_of(events, Action.INVITE, Action.CHOOSE_MOMENT)
    moment = last.data.get("moment") if last else None
    if last is None or not moment or datetime.fromisoformat(moment) <= now:
        return None
    return moment, last.data.get("place", "")


def is_choosable(status: PlanStatus, invitation: PlanEvent, now: datetime) -> bool:
    """Say whether a moment can be chosen in a state, as the teacher knows it.

    What else is done to a plan does not end an invitation; that it is over, or a decision, does.
    """
    if status is PlanStatus.INVITED:
        return True
    ahead = any(datetime.fromisoformat(moment) > now for moment in invitation.data["moments"])
    return ahead and status in WAITING_FOR_REGION | {PlanStatus.ASKED}
