"""A teacher's own plans: which there are, and where each one stands."""

from __future__ import annotations

from bot.domain.plan import PlanStatus
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.asked_answer import revise_choices
from bot.services.asking import MENU, Asker
from bot.services.turns import Work
from bot.services.whereabouts import Whereabouts
from bot.texts import my_plans as words
from bot.texts.plan_intake import title_of

#: Enough to choose from on a phone; the rest stays in the list.
_MOST_BUTTONS = 6
#: Each is a message of its own.
_MOST_TOLD = 5


class MyPlans:
    """Lists plans and tells where they are."""

    def __init__(self, asker: Asker, whereabouts: Whereabouts) -> None:
        """Ask again with `asker`; word where a plan is with `whereabouts`."""
        self._asker = asker
        self._whereabouts = whereabouts

    async def show(self, work: Work) -> list[Reply]:
        """List the teacher's plans; a draft, or an answer that was asked for, can be taken up."""
        plans = await work.uow.plans.of(work.turn.person_id)
        if not plans:
            return await self._asker.again(work, first=words.NO_PLANS)
        lines = [await self._whereabouts.line(work, plan) for plan in plans]
        drafts = [plan for plan in plans if plan.is_open]
        asked = [plan for plan in plans if plan.status is PlanStatus.ASKED]
        choices = [
            Choice(words.GO_ON.format(title=title_of(plan)[:40]), "pick_plan", plan.id)
            for plan in drafts
        ]
        choices = [*revise_choices(asked), *choices][:_MOST_BUTTONS]
        if len(drafts) < len(plans):
            choices.append(Choice(words.WHERE, "status"))
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
        told = [
            await self._whereabouts.tell(work, plan, is_only=len(sent) == 1)
            for plan in sent[:_MOST_TOLD]
        ]
        drafts = [await self._whereabouts.line(work, plan) for plan in plans if plan.is_open]
        *others, (text, choices) = told
        rest = words.THE_REST if len(sent) > _MOST_TOLD else ""
        last = "\n\n".join(filter(None, (text, "\n".join(drafts), rest)))
        replies = [Reply(*other) for other in others]
        return [*replies, *await self._asker.again(work, first=last, before=choices)]
