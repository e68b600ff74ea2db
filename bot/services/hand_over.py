"""Hands a plan over: reference, summary, delivery and receipt, all in one transaction."""

from __future__ import annotations

from bot.domain import plan_intake
from bot.domain.conversation import Delivery
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.plan import CONFIRM, Plan, PlanStatus, reference
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.turn import Document, DocumentKind, Reply
from bot.services.access import Access
from bot.services.asking import MENU, Asker
from bot.services.hand_over_summary import Draft, SummaryMaker
from bot.services.reminders import Reminders
from bot.services.review_effects import ReviewEffects, first_review
from bot.services.review_targets import present
from bot.services.revision import Revision
from bot.services.turns import Work
from bot.texts import conversation as words
from bot.texts import escalation as route_words
from bot.texts import plan_intake as plan_words
from bot.texts.review import TEACHER


class HandOver:
    """The use case behind *Versturen*."""

    def __init__(
        self,
        asker: Asker,
        summaries: SummaryMaker,
        access: Access,
        effects: ReviewEffects,
        reminders: Reminders,
        revision: Revision,
    ) -> None:
        """Send to the operator, whom `access` knows, what has no contact of its own."""
        self._asker = asker
        self._summaries = summaries
        self._access = access
        self._effects = effects
        self._reminders = reminders
        self._revision = revision

    async def send(self, work: Work) -> list[Reply]:
        """Hand the plan over, once; nothing leaves before this turn is committed."""
        plan = await work.plan_in_hand()
        if not plan:
            return await self._asker.again(work, first=await self._nothing_to_send(work))
        if plan.status is PlanStatus.ASKED:
            return await self._revision.send(work)
        if not plan.is_open:
            work.put_plan_away()
            text = plan_words.ALREADY_SENT.format(reference=plan.reference)
            return await self._asker.again(work, first=text)
        missing = plan_intake.missing_to_send(plan)
        questions = await work.uow.questions.get(plan.questions_version)
        if missing:
            changed = plan_intake.change(plan, questions, missing)
            await work.uow.plans.save(plan, changed, work.turn, work.now)
            return await self._asker.ask(work, changed, first=plan_words.NEEDS_IDEA)
        if work.turn.open.step != CONFIRM:
            # "Versturen" in the middle of the questions: first everything is read back.
            changed = plan_intake.to_read_back(plan)
            await work.uow.plans.save(plan, changed, work.turn, work.now)
            return await self._asker.ask(work, changed)
        return await self._hand_over(work, plan)

    async def _nothing_to_send(self, work: Work) -> str:
        for plan in await work.uow.plans.of(work.turn.person_id):
            if plan.reference:
                return plan_words.ALREADY_SENT.format(reference=plan.reference)
        return plan_words.NO_PLAN_OPEN

    async def _hand_over(self, work: Work, plan: Plan) -> list[Reply]:
        # What the management says from here comes too late; what it said before is in the summary.
        await work.uow.plans.lock(plan.id)
        questions = await work.uow.questions.get(plan.questions_version)
        year = work.now.astimezone(AMSTERDAM).year
        number = reference(year, await work.uow.plans.next_reference(year))
        draft = await self._summaries.make(work.uow, plan, questions, work.now, number)
        submitted = plan_intake.submit(plan, number, work.now)
        await work.uow.plans.save(plan, submitted, work.turn, work.now)
        summary = draft.summary.to_dict()
        await work.uow.reviews.add_version(plan.id, 1, summary, work.now)
        await self._begin_review(work, plan, submitted, draft)
        text = words.SUBMITTED.format(
            reference=number, recipient=route_words.recipient_text(draft.recipient, draft.region)
        )
        document = Document(DocumentKind.PLAN_PDF, plan.id, f"{number}.pdf")
        work.put_plan_away()
        return [Reply(text, MENU, document)]

    async def _begin_review(self, work: Work, before: Plan, plan: Plan, draft: Draft) -> None:
        """Give the plan to whom the route gave, or who stands in; the clock starts."""
        uow, now = work.uow, work.now
        found = draft.recipient.contact or self._access.operator
        holder = await present(uow, self._access, found, now.astimezone(AMSTERDAM).date())
        review = first_review(plan, holder, draft.summary, now)
        await uow.reviews.add(review)
        event_id = await uow.reviews.add_event(
            PlanEvent(
                plan_id=plan.id,
                at=now,
                role=Role.TEACHER,
                name=TEACHER,
                action=Action.SUBMIT,
                before=before.status,
                after=plan.status,
                version=1,
                data={"to": holder.id},
            )
        )
        link_id = await self._effects.review_link(uow, now, plan, holder)
        delivery = Delivery(
            key=f"hand_over:{plan.id}",
            channel="email",
            address=holder.email,
            payload={"kind": "hand_over", "plan_id": plan.id, "link_id": link_id},
            plan_id=plan.id,
        )
        await uow.outbox.add(delivery, now)
        await self._effects.announce(uow, plan, review, holder, event_id)
        await self._reminders.restart(uow, plan, review, now)
