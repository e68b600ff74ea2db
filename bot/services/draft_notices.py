"""Tells a teacher some weeks before that a draft is going to be cleared away; then it may go."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.keeping import Keep
from bot.domain.plan import Plan
from bot.domain.turn import Choice, Reply
from bot.services.mail_limits import MailLimits
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
    """Tells teachers of the drafts that go soon."""

    def __init__(self, notices: Notices, keep: Keep, limits: MailLimits) -> None:
        """Tell by `notices`, within `limits`; a draft stays for as long as `keep` says."""
        self._notices = notices
        self._keep = keep
        self._limits = limits

    async def fire(self, uow: UnitOfWork, plan: Plan, due: Due, now: datetime) -> None:
        """Say when the draft goes, unless it was changed or sent since the notice was set."""
        if not plan.is_open or due.key != await _key(uow, plan):
            return
        if later := await self._limits.later(uow, plan.text("email"), now):
            # The draft stays until this was said.
            await uow.due.put_back(due.key, later)
            return
        _, wait = self._keep.draft_notice
        text = words.DRAFT_ENDS.format(title=title_of(plan), date=words.day_of(now + wait))
        reply = Reply(text, (Choice(GO_ON, "pick_plan", plan.id),))
        await self._notices.to_teacher(uow, now, plan, due.key, reply, limits=self._limits)


async def announce_drafts(
    uow: UnitOfWork, drafts: IdleDrafts, keep: Keep, now: datetime
) -> tuple[int, frozenset[str]]:
    """Set a notice for each draft that goes soon by `keep`.

    Give how many are new, and what must wait: a draft does, until its notice was out long enough.
    Who cannot be reached gets none: a chat on the web shows nothing until it is opened.
    """
    notice, wait = keep.draft_notice
    if not notice:
        return 0, frozenset()
    fresh, waiting = 0, set()
    for plan_id in await drafts.idle_drafts(keep.before(now).drafts + notice):
        plan = await uow.plans.find(plan_id)
        if plan is None or await reach_of(uow, plan) is not Reach.AT_ONCE:
            continue
        key = await _key(uow, plan)
        fresh += await uow.due.add(Due(key, DueKind.DRAFT_ENDS, now, plan.id))
        told_at = await uow.due.done_at(key)
        if told_at is None or told_at > now - wait:
            waiting.add(plan.id)
    return fresh, frozenset(waiting)


async def _key(uow: UnitOfWork, plan: Plan) -> str:
    """Give a key that is another one as soon as anything is done to the plan."""
    changed_at = await uow.plans.changed_at(plan.id)
    return f"draft_ends:{plan.id}:{changed_at.isoformat()}"
