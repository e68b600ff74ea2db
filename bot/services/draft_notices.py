"""Tells a teacher some weeks before that a draft is going to be cleared away; then it may go."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.keeping import Keep
from bot.domain.plan import Plan
from bot.domain.turn import Choice, Reply
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.services.review_ports import Due, DueKind
from bot.services.teacher_reach import Reach, reach_of
from bot.texts import reminders as words
from bot.texts.plan_intake import GO_ON, title_of


class IdleDrafts(Protocol):
    """Finds drafts that nobody works on."""

    async def idle_drafts(self, before: datetime) -> list[str]:
        """Give the ids of the drafts that were changed before this moment for the last time."""
        ...


class DraftNotices:
    """Sees to it that a draft goes only after its teacher, if within reach, heard of it."""

    def __init__(self, notices: Notices, keep: Keep) -> None:
        """Tell by `notices`; a draft stays for as long as `keep` says."""
        self._notices = notices
        self._keep = keep

    async def announce(
        self, uow: UnitOfWork, drafts: IdleDrafts, now: datetime
    ) -> tuple[int, frozenset[str]]:
        """Set a notice for each draft that goes soon; give how many are new, and what must wait.

        A draft waits until its notice was out long enough. Who cannot be reached gets none: a chat
        on the web shows nothing until it is opened.
        """
        notice, wait = self._keep.draft_notice
        if not notice:
            return 0, frozenset()
        fresh, waiting = 0, set()
        for plan_id in await drafts.idle_drafts(self._keep.before(now).drafts + notice):
            plan = await uow.plans.find(plan_id)
            if plan is None or await reach_of(uow, plan) is not Reach.AT_ONCE:
                continue
            key = await _key(uow, plan)
            fresh += await uow.due.add(Due(key, DueKind.DRAFT_ENDS, now, plan.id))
            told_at = await uow.due.done_at(key)
            if told_at is None or told_at > now - wait:
                waiting.add(plan.id)
        return fresh, frozenset(waiting)

    async def fire(self, uow: UnitOfWork, plan: Plan, due: Due, now: datetime) -> None:
        """Say when the draft goes, unless it was changed or sent since the notice was set."""
        if not plan.is_open or due.key != await _key(uow, plan):
            return
        _, wait = self._keep.draft_notice
        text = words.DRAFT_ENDS.format(title=title_of(plan), date=words.day_of(now + wait))
        reply = Reply(text, (Choice(GO_ON, "pick_plan", plan.id),))
        await self._notices.to_teacher(uow, now, plan, due.key, reply)


async def _key(uow: UnitOfWork, plan: Plan) -> str:
    """Give a key that is another one as soon as anything is done to the plan."""
    changed_at = await uow.plans.changed_at(plan.id)
    return f"draft_ends:{plan.id}:{changed_at.isoformat()}"
