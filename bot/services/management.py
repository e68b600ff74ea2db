"""The school's management reads a plan while it is written, and says what it thinks of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.access import Link
from bot.domain.errors import NotAllowedError
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, idea_mark
from bot.domain.plan_questions import QuestionSet
from bot.domain.plan_states import Action, next_status
from bot.domain.roles import Actor
from bot.domain.summary import PlanSummary, Via
from bot.domain.text import shortened
from bot.domain.turn import Choice, Reply
from bot.services.access import Access, Visit
from bot.services.hand_over_summary import SummaryMaker
from bot.services.mail_limits import MailLimits
from bot.services.management_input import Verdict, checked
from bot.services.management_view import ManagementView, view_of
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.services.review_ports import DueKind
from bot.texts import management as words
from bot.texts.notices import without_addresses
from bot.texts.plan_intake import GO_ON

#: Somebody changes their mind a few times at most; each time the teacher hears of it.
MOST_WORDS_A_DAY = 10
_DAY = timedelta(days=1)
#: A title on a button, with words before it.
_LONGEST_LABEL = 60


class Management:
    """The use cases of who came in by a link of the management, wherever that was."""

    def __init__(
        self, access: Access, summaries: SummaryMaker, notices: Notices, limits: MailLimits
    ) -> None:
        """Check authority with `access`; tell the teacher by `notices`, within `limits`."""
        self._access = access
        self._summaries = summaries
        self._notices = notices
        self._limits = limits

    async def view(self, uow: UnitOfWork, actor: Actor, now: datetime) -> ManagementView:
        """Give what the management sees; raises NotFoundError where there is no plan for `actor`.

        While the plan is written this is the plan of this moment, later as it was handed over.
        """
        seen = await self._access.seen(uow, actor, actor.plan_id or "")
        stored = await uow.plans.summary(seen.plan.id)
        if stored:
            return view_of(seen, PlanSummary.from_dict(stored))
        questions = await uow.questions.get(seen.plan.questions_version)
        draft = await self._summaries.preview(uow, seen.plan, questions, now)
        return view_of(seen, draft.summary)

    async def say(
        self,
        uow: UnitOfWork,
        visit: Visit,
        verdict: Verdict,
        now: datetime,
        *,
        is_telegram: bool = False,
    ) -> PlanEvent | None:
        """Store what the management says and give the event; None when this form was sent before.

        The last word counts: who changes their mind says it again, until the plan is handed over.
        Raises NotFoundError where there is no plan for this visit; NotAllowedError with a Dutch
        sentence once the plan was handed over; BadInputError with a Dutch sentence for what was
        filled in. The plan itself does not change, so the teacher's open question stays open.
        """
        actor, link = visit.actor, visit.link
        seen = await self._access.seen(uow, actor, actor.plan_id or "", to_change=True)
        plan = seen.plan
        if verdict.mark and await uow.reviews.has_mark(verdict.mark):
            return None
        if closed := words.closed_text(plan):
            raise NotAllowedError(closed)
        await _enough_room(uow, plan, link, now)
        questions = await uow.questions.get(plan.questions_version)
        given = checked(verdict, questions)
        via = Via.MAIL if link.email else Via.LINK
        event = PlanEvent(
            plan_id=plan.id,
            at=now,
            role=actor.role,
            name=f"{given.name} ({given.function})",
            action=given.action,
            before=plan.status,
            after=next_status(plan.status, given.action, actor.role),
            text=given.text,
            data={
                "name": given.name,
                "function": given.function,
                "via": (Via.TELEGRAM if is_telegram else via).value,
                "remarks": dict(given.remarks),
                "link_id": link.id,
                "seen": given.seen or idea_mark(plan),
            },
        )
        event = replace(event, id=await uow.reviews.add_event(event, given.mark))
        await uow.due.cancel(plan.id, DueKind.MANAGEMENT_NUDGE)
        await self._tell_teacher(uow, now, plan, questions, event, link.email)
        return event

    async def _tell_teacher(
        self,
        uow: UnitOfWork,
        now: datetime,
        plan: Plan,
        questions: QuestionSet,
        event: PlanEvent,
        email: str | None,
    ) -> None:
        titles = {question.key: question.title for question in questions.questions}
        reply = Reply(words.heard_text(plan, event, titles), _choices(plan, event, titles))
        key = f"event:{event.id}"
        await self._notices.to_teacher(
            uow,
            now,
            plan,
            key,
            reply,
            from_email=email,
            mailed=without_addresses(reply.text),
            limits=self._limits,
        )


async def _enough_room(uow: UnitOfWork, plan: Plan, link: Link, now: datetime) -> None:
    """Raise NotAllowedError where the holder of this link said much on this day already."""
    events = await uow.reviews.events(plan.id)
    said = [one for one in events if one.data.get("link_id") == link.id and one.at > now - _DAY]
    if len(said) >= MOST_WORDS_A_DAY:
        raise NotAllowedError(words.TOO_MANY_WORDS.format(limit=MOST_WORDS_A_DAY))


def _choices(plan: Plan, event: PlanEvent, titles: dict[str, str]) -> tuple[Choice, ...]:
    """Give what the teacher can do now; nothing has to be done."""
    go_on = Choice(GO_ON, "pick_plan", plan.id)
    if event.action is Action.ENDORSE:
        return (go_on,)
    labels = {step: shortened(titles[step], _LONGEST_LABEL) for step in event.data["remarks"]}
    changes = [
        Choice(words.CHANGE.format(title=label), "management_change", f"{plan.id}|{step}")
        for step, label in labels.items()
    ]
    again = Choice(words.ASK_AGAIN, "management_offer", plan.id)
    return (*changes, go_on, again, Choice(words.STOP, "management_stop", plan.id))
