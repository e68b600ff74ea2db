"""One gentle push about a plan that lies still, only for a teacher who asked for it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from bot.domain.inbox import Channel
from bot.domain.plan import Plan
from bot.domain.turn import Choice, Reply
from bot.services.asking import Asker
from bot.services.mail_limits import MailLimits
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.services.reminders import Reminders, dutch_day
from bot.services.review_ports import Due, DueKind
from bot.services.turns import Work
from bot.texts import reminders as words
from bot.texts.plan_intake import GO_ON, title_of


class Nudges:
    """The use case behind “Herinner me over een week”, and what comes of it."""

    def __init__(
        self, asker: Asker, notices: Notices, reminders: Reminders, limits: MailLimits
    ) -> None:
        """Say when it comes by the school days of `reminders`; tell by `notices` in `limits`."""
        self._asker = asker
        self._notices = notices
        self._reminders = reminders
        self._limits = limits

    async def nudge_me(self, work: Work) -> list[Reply]:
        """Promise one reminder of the plan on the button; asked again, the last one counts."""
        plan = await work.uow.plans.find(work.turn.value or "")
        if plan is None or plan.person_id != work.turn.person_id or not plan.is_open:
            return await self._asker.again(work, first=words.NOTHING_TO_NUDGE)
        days = self._reminders.rhythm.draft_nudge
        due_at = self._reminders.clock_of(plan, None).moment(dutch_day(work.now), days)
        await work.uow.due.cancel(plan.id, DueKind.DRAFT_NUDGE)
        key = f"nudge:{plan.id}:{work.turn.id}:{_likeness(plan)}"
        await work.uow.due.add(Due(key, DueKind.DRAFT_NUDGE, due_at, plan.id))
        said = words.NUDGE_AT.format(date=words.day_of(due_at), title=title_of(plan))
        talk = work.conversation
        if talk.channel is not Channel.TELEGRAM and not plan.text("email"):
            said += f"\n{words.NUDGE_ONLY_HERE}"
        return [Reply(said, (_go_on(plan),))]

    async def fire(self, uow: UnitOfWork, plan: Plan, due: Due, now: datetime) -> None:
        """Push, unless the plan was changed or sent since it was asked for."""
        if not due.key.endswith(f":{_likeness(plan)}"):
            return
        if later := await self._limits.later(uow, plan.text("email"), now):
            await uow.due.put_back(due.key, later)
            return
        text = words.NUDGE.format(title=title_of(plan))
        reply = Reply(text, (_go_on(plan),))
        await self._notices.to_teacher(uow, now, plan, due.key, reply, limits=self._limits)


def when_it_rests(plan: Plan) -> tuple[Choice, ...]:
    """Give the ways on from a plan that is paused or put aside."""
    return (_go_on(plan), Choice(words.NUDGE_ME, "nudge_me", plan.id))


def _go_on(plan: Plan) -> Choice:
    return Choice(GO_ON, "pick_plan", plan.id)


def _likeness(plan: Plan) -> str:
    """Give a short text that is another one as soon as anything about the plan changed."""
    answers = sorted((step, given.text, given.value) for step, given in plan.answers.items())
    whole = json.dumps([plan.status.value, plan.open_step, answers])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
