"""Who hears what when something was done to a plan."""

from __future__ import annotations

from datetime import datetime

from bot.domain.access import Purpose
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.notices import Attachment, Notice
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import DECISIONS, Action
from bot.domain.roles import Role
from bot.domain.summary import PlanSummary
from bot.domain.turn import Choice, Reply
from bot.services.access import Access
from bot.services.hearers import Hearer, asker_of, hearers, is_same_address
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.services.review_choices import review_choices
from bot.services.review_input import askable
from bot.services.review_ports import Due, DueKind
from bot.texts import review as words
from bot.texts.contact_notices import decided_text, holder_text
from bot.texts.plan_intake import title_of
from bot.texts.review_chat import new_plan_text
from bot.texts.review_page import who_acted

#: What the teacher hears at once; a decision follows when it can no longer be undone.
_TEACHER_HEARS = frozenset(
    {
        Action.RECEIVE,
        Action.ASK,
        Action.TAKE_BACK,
        Action.INVITE,
        Action.FORWARD,
        Action.ESCALATE,
        Action.LAPSE,
    }
)
_WITH_PLAN = (Attachment.PLAN_PDF, Attachment.PLAN_JSON)


class ReviewEffects:
    """Tells the teacher and the one who has the plan."""

    def __init__(self, access: Access, notices: Notices) -> None:
        """Find people by `access`; tell them by `notices`."""
        self._access = access
        self._notices = notices

    async def tell(
        self, uow: UnitOfWork, now: datetime, plan: Plan, review: Review, event: PlanEvent
    ) -> None:
        """Tell everybody who has to know of an event, in the transaction in which it happens."""
        if event.action in DECISIONS and review.leaves_at:
            release = Due(f"release:{event.id}", DueKind.RELEASE, review.leaves_at, plan.id)
            await uow.due.add(release)
        if event.action is Action.UNDO:
            await uow.due.cancel(plan.id, DueKind.RELEASE)
        if event.action in _TEACHER_HEARS:
            await self.tell_teacher(uow, now, plan, event)
        holder = await self.holder(uow, review)
        for hearer in await hearers(uow, self._access, plan, review, event, holder):
            await self._tell_contact(uow, now, plan, review, event, hearer)

    async def tell_decided(
        self, uow: UnitOfWork, now: datetime, plan: Plan, review: Review, decision: PlanEvent
    ) -> None:
        """Say to who has the plan what another decided, once the teacher is told."""
        holder = await self.holder(uow, review)
        decider = await self._access.contact(uow, decision.contact_id)
        if decision.contact_id == holder.id or (decider and is_same_address(decider, holder)):
            return
        subject, paragraphs = decided_text(plan, decision, who_acted(decision, None))
        notice = Notice(
            subject=subject,
            paragraphs=paragraphs,
            link_id=await self.review_link(uow, now, plan, holder),
            link_label=words.LOOK,
            reply_to=decider.email if decider else None,
        )
        key = f"event:{decision.id}:decided"
        await self._notices.to_contact(uow, now, holder, key, notice, plan_id=plan.id)

    async def announce(
        self, uow: UnitOfWork, plan: Plan, review: Review, holder: Contact, seen: int
    ) -> None:
        """Say in a coupled chat that a plan was handed over; the mail brings it in full."""
        text = new_plan_text(plan.reference or "", title_of(plan), review.school)
        offered = review_choices(plan, review, Role(holder.role.value), seen)
        await self._notices.to_chat(uow, holder, f"new:{plan.id}", Reply(text, offered))

    async def tell_teacher(
        self, uow: UnitOfWork, now: datetime, plan: Plan, event: PlanEvent
    ) -> None:
        """Say to the teacher what was done."""
        summary = await uow.plans.summary(plan.id) or {}
        title = askable(summary).get(event.step or "", "")
        to = await self._access.contact(uow, event.data.get("to"))
        moments = [datetime.fromisoformat(text) for text in event.data.get("moments", ())]
        labels = [words.moment_label(moment.astimezone(AMSTERDAM)) for moment in moments]
        text = words.teacher_text(plan, event, title, words.contact_name(to) if to else "", labels)
        by = await self._access.contact(uow, event.contact_id)
        await self._notices.to_teacher(
            uow,
            now,
            plan,
            f"event:{event.id}",
            Reply(text, _choices(plan, event, labels)),
            from_email=by.email if by else None,
        )

    async def holder(self, uow: UnitOfWork, review: Review) -> Contact:
        """Give who has the plan; the operator where the contact is gone."""
        found = await self._access.contact(uow, review.holder_id)
        return found or self._access.operator

    async def who_asked(
        self, uow: UnitOfWork, plan: Plan, review: Review, action: Action
    ) -> Contact:
        """Give who asked the teacher for an action; who has the plan where that one is gone."""
        asker = await asker_of(uow, self._access, plan, review, action)
        return asker or await self.holder(uow, review)

    async def review_link(
        self, uow: UnitOfWork, now: datetime, plan: Plan, contact: Contact
    ) -> str:
        """Give the id of the contact's link to a plan."""
        link = await self._access.book.give(
            uow,
            now,
            Purpose.REVIEW,
            plan_id=plan.id,
            contact_id=contact.id,
            email=contact.email,
        )
        return link.id

    async def _tell_contact(
        self,
        uow: UnitOfWork,
        now: datetime,
        plan: Plan,
        review: Review,
        event: PlanEvent,
        hearer: Hearer,
    ) -> None:
        summary = await uow.plans.summary(plan.id) or {}
        title = askable(summary).get(event.step or "", "")
        said = holder_text(plan, event, title, hearer.asker, hearer.holder)
        if said is None:
            return
        # A plan that is taken back is not there any more for who had it.
        is_there = event.action is not Action.WITHDRAW
        contact = hearer.contact
        notice = Notice(
            subject=said[0],
            paragraphs=said[1],
            link_id=await self.review_link(uow, now, plan, contact) if is_there else None,
            link_label=words.LOOK if is_there else "",
            reply_to=plan.text("email"),
            attachments=_attachments(event, hearer),
        )
        offered: tuple[Choice, ...] = ()
        if is_there:
            offered = review_choices(plan, review, Role(contact.role.value), event.id)
        key = f"event:{event.id}:{hearer.key}"
        await self._notices.to_contact(
            uow, now, contact, key, notice, plan_id=plan.id, choices=offered
        )


def _attachments(event: PlanEvent, hearer: Hearer) -> tuple[Attachment, ...]:
    if event.action in (Action.FORWARD, Action.ESCALATE, Action.REVISE):
        return _WITH_PLAN
    # The talk stands in the calendar of who has it.
    if event.action is Action.CHOOSE_MOMENT and event.data.get("moment") and not hearer.asker:
        return (Attachment.INVITATION,)
    return ()


def _choices(plan: Plan, event: PlanEvent, labels: list[str]) -> tuple[Choice, ...]:
    if event.action is Action.ASK:
        return (Choice(words.REVISE, "revise", plan.id),)
    if event.action is Action.INVITE:
        moments = zip(labels, event.data["moments"], strict=True)
        chosen = [
            Choice(label, "choose_moment", f"{plan.id}|{moment}") for label, moment in moments
        ]
        return (*chosen, Choice(words.NO_MOMENT, "choose_moment", f"{plan.id}|"))
    return ()


def first_review(plan: Plan, holder: Contact, summary: PlanSummary, now: datetime) -> Review:
    """Give the review of a plan that is handed over now to `holder`."""
    return Review(
        plan_id=plan.id,
        region_id=summary.region_id,
        school=summary.school,
        holder_role=Role(holder.role.value),
        holder_id=holder.id,
        waiting_since=now,
        is_last_station=holder.id == OPERATOR_ID,
    )
