"""Reminds people: everything that waits for one person in one message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from bot.domain.contacts import Contact
from bot.domain.notices import Notice
from bot.domain.plan import PlanStatus
from bot.domain.plan_events import last_change, open_question
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.turn import Choice, Reply
from bot.services.escalation_step import Case
from bot.services.notices import Notices
from bot.services.ports import UnitOfWork
from bot.services.reminders import Reminders, number_of
from bot.services.review_choices import BOARD, review_choices
from bot.services.review_effects import ReviewEffects
from bot.services.review_input import askable
from bot.services.review_ports import Due, DueKind
from bot.texts import reminders as words
from bot.texts.review import LOOK, REVISE
from bot.texts.review_chat import BOARD as BOARD_LABEL


@dataclass(frozen=True)
class Reminder:
    """A reminder that is due, and the plan that it is about."""

    due: Due
    case: Case
    holder: Contact

    @property
    def is_for_teacher(self) -> bool:
        """Say whether the teacher is to act, not the one who has the plan."""
        return self.case.plan.status is PlanStatus.ASKED

    @property
    def recipient(self) -> str:
        """Name who is reminded: reminders with the same recipient go in one message."""
        plan = self.case.plan
        if self.is_for_teacher:
            return f"teacher:{plan.person_id}:{plan.text('email')}"
        # One person may be several contacts, such as that of two schools.
        return f"contact:{self.holder.email.casefold()}"


#: Opens the part of a transaction in which one reminder may fail by itself.
Attempt = Callable[[Due], AbstractAsyncContextManager[None]]


class Reminding:
    """Reminds contacts and teachers, and stores that it was done."""

    def __init__(self, notices: Notices, effects: ReviewEffects, reminders: Reminders) -> None:
        """Tell by `notices`; find holders and links by `effects`, what follows by `reminders`."""
        self._notices = notices
        self._effects = effects
        self._reminders = reminders

    async def reminder(self, uow: UnitOfWork, due: Due, case: Case) -> Reminder:
        """Give the reminder that is due for a plan, to be sent with others."""
        return Reminder(due, case, await self._effects.holder(uow, case.review))

    async def remind(
        self, uow: UnitOfWork, group: Sequence[Reminder], now: datetime, attempt: Attempt
    ) -> None:
        """Remind the one person that a group of reminders is for; one that fails is left out."""
        if group[0].is_for_teacher:
            await self._remind_teacher(uow, group, now, attempt)
        else:
            await self._remind_holder(uow, group, now, attempt)

    async def _remind_holder(
        self, uow: UnitOfWork, group: Sequence[Reminder], now: datetime, attempt: Attempt
    ) -> None:
        done: dict[str, words.Reminded] = {}
        for reminder in group:
            async with attempt(reminder.due):
                done[reminder.due.key] = await self._reminded(uow, reminder, now)
        if not done:
            return
        items = list(done.values())
        holders = [reminder.holder for reminder in group]
        holder = next((one for one in holders if one.conversation_id), holders[0])
        is_one = len(items) == 1
        subject, paragraphs = words.reminder(items[0]) if is_one else words.digest(items)
        notice = Notice(
            subject=subject,
            paragraphs=paragraphs,
            link_id=items[0].link_id if is_one else None,
            link_label=LOOK if is_one else "",
            reply_to=items[0].plan.text("email") if is_one else None,
        )
        plan_id = items[0].plan.id if is_one else None
        key = f"remind:{next(iter(done))}"
        offered = _offered(next(one for one in group if one.case.plan.id == items[0].plan.id))
        if not is_one:
            offered = (Choice(BOARD_LABEL, BOARD),)
        await self._notices.to_contact(
            uow, now, holder, key, notice, plan_id=plan_id, choices=offered
        )

    async def _remind_teacher(
        self, uow: UnitOfWork, group: Sequence[Reminder], now: datetime, attempt: Attempt
    ) -> None:
        said: list[tuple[Reminder, str]] = []
        for reminder in group:
            async with attempt(reminder.due):
                said.append((reminder, await self._question_again(uow, reminder, now)))
        if not said:
            return
        choices = [
            Choice(REVISE if len(said) == 1 else f"{REVISE}: {plan.reference}", "revise", plan.id)
            for plan in (reminder.case.plan for reminder, _ in said)
        ]
        first = said[0][0]
        await self._notices.to_teacher(
            uow,
            now,
            first.case.plan,
            f"remind:{first.due.key}",
            Reply("\n\n".join(text for _, text in said), tuple(choices)),
            from_email=first.holder.email,
        )

    async def _reminded(self, uow: UnitOfWork, reminder: Reminder, now: datetime) -> words.Reminded:
        plan, review = reminder.case.plan, reminder.case.review
        following = await self._store(uow, reminder, now, reminder.holder.id)
        goes_on = following is not None and following.kind is DueKind.ESCALATE
        return words.Reminded(
            plan=plan,
            number=number_of(reminder.due),
            since=review.waiting_since,
            link_id=await self._effects.review_link(uow, now, plan, reminder.holder),
            school=review.school,
            next_at=following.due_at if following else None,
            next_to=await self._reminders.next_name(uow, review, now, reminder.case.events)
            if goes_on
            else None,
        )

    async def _question_again(self, uow: UnitOfWork, reminder: Reminder, now: datetime) -> str:
        plan = reminder.case.plan
        question = open_question(reminder.case.events)
        if question is None:
            raise ValueError("a plan that is asked about has no open question")
        following = await self._store(uow, reminder, now, "teacher")
        title = askable(await uow.plans.summary(plan.id) or {}).get(question.step or "", "")
        lapses_at = following.due_at if following else None
        return words.teacher_reminder(plan, question, title, number_of(reminder.due), lapses_at)

    async def _store(
        self, uow: UnitOfWork, reminder: Reminder, now: datetime, to: str
    ) -> Due | None:
        """Store that somebody was reminded; give what follows when that does not help."""
        case, due = reminder.case, reminder.due
        data = {"number": number_of(due), "to": to}
        await uow.reviews.add_event(case.event(Action.REMIND, now, data))
        return await self._reminders.keep_apart(uow, case.plan, case.review, due, now)


def _offered(reminder: Reminder) -> tuple[Choice, ...]:
    """Give the buttons under a reminder in the chat of the one who has the plan."""
    case = reminder.case
    role = Role(reminder.holder.role.value)
    return review_choices(case.plan, case.review, role, last_change(case.events))
