"""A teacher's own plans: which there are, and where each one stands."""

from __future__ import annotations

from bot.domain.plan import Plan
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.asking import MENU, Asker
from bot.services.clock import dutch_date as iso_date
from bot.services.turns import Work
from bot.texts import conversation as words
from bot.texts.plan_intake import title_of
from bot.texts.summary import dutch_date

#: Enough to choose from on a phone; the rest stays in the list.
_MOST_BUTTONS = 6


class MyPlans:
    """Lists plans and tells where they are."""

    def __init__(self, asker: Asker, *, mail_stays_here: bool) -> None:
        """Ask again with `asker`; `mail_stays_here` tells what a sent e-mail really means."""
        self._asker = asker
        self._mail_stays_here = mail_stays_here

    async def show(self, work: Work) -> list[Reply]:
        """List the teacher's plans; a draft can be taken up again."""
        plans = await work.uow.plans.of(work.turn.person_id)
        if not plans:
            return await self._asker.again(work, first=words.NO_PLANS)
        lines = [await self._line(work, plan) for plan in plans]
        drafts = [plan for plan in plans if plan.is_open]
        choices = [
            Choice(f"Verder: {title_of(plan)[:40]}", "pick_plan", plan.id)
            for plan in drafts[:_MOST_BUTTONS]
        ]
        work.open(OpenKind.CHOOSE)
        return [Reply("\n".join(lines), (*choices, *MENU[:1]))]

    async def status(self, work: Work) -> list[Reply]:
        """Tell where each plan that was sent is now; without one, list what there is."""
        plans = await work.uow.plans.of(work.turn.person_id)
        sent = [plan for plan in plans if not plan.is_open]
        if not sent and work.conversation.base is OpenKind.NONE:
            return await self.show(work)
        if not sent:
            return await self._asker.again(work, first=words.NOTHING_SENT)
        lines = [await self._line(work, plan) for plan in sent]
        return await self._asker.again(work, first="\n".join(lines))

    async def _line(self, work: Work, plan: Plan) -> str:
        if plan.is_open or not plan.submitted_at:
            return f"• {title_of(plan)}: {words.PLAN_STATES[plan.status.value]}"
        sent_on = dutch_date(iso_date(plan.submitted_at))
        state = await work.uow.outbox.state_of_plan(plan.id)
        if state == "sent" and self._mail_stays_here:
            state = "local"
        delivery = f"; {words.DELIVERY_STATES[state]}" if state else ""
        return f"• {title_of(plan)} ({plan.reference}): verstuurd op {sent_on}{delivery}"
