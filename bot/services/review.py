"""What those who receive a plan can do with it: one action, one transaction, one event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.errors import BadInputError, ChangedMeanwhileError, NotAllowedError
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review, decided_from, last_change, open_question
from bot.domain.plan_states import DECISIONS, Action, next_status
from bot.domain.roles import Actor, Role
from bot.services.access import Access, Seen
from bot.services.ports import UnitOfWork
from bot.services.reminders import Reminders
from bot.services.review_effects import ReviewEffects
from bot.services.review_input import Order, checked
from bot.services.review_targets import targets
from bot.texts import review as words

#: As long as a decision can be undone; only then does the teacher hear of it.
UNDO_TIME = timedelta(minutes=10)
#: What is done here; management, teacher and clock have use cases of their own.
AT_THE_DESK = frozenset(
    {
        Action.RECEIVE,
        Action.ASK,
        Action.TAKE_BACK,
        Action.INVITE,
        Action.FORWARD,
        Action.NOTE,
        Action.UNDO,
        *DECISIONS,
    }
)
#: Who has not seen what the plan is now may not do these.
_NEEDS_TO_HAVE_SEEN = frozenset(
    {Action.ASK, Action.TAKE_BACK, Action.INVITE, Action.FORWARD, Action.UNDO, *DECISIONS}
)


@dataclass(frozen=True)
class Done:
    """What an order came to; `event` is None when this very form was sent before."""

    plan: Plan
    review: Review
    event: PlanEvent | None


class ReviewDesk:
    """The use cases of contacts: receive, ask, invite, forward, note, decide, undo."""

    def __init__(self, access: Access, effects: ReviewEffects, reminders: Reminders) -> None:
        """Check authority with `access`; tell people by `effects`; restart the clock."""
        self._access = access
        self._effects = effects
        self._reminders = reminders

    async def act(
        self, uow: UnitOfWork, actor: Actor, plan_id: str, order: Order, now: datetime
    ) -> Done:
        """Carry out an order.

        Raises NotFoundError where the plan does not exist for `actor`; NotAllowedError where role
        or state forbid it; ChangedMeanwhileError where something happened that was not seen (the
        first wins, the second sees it); BadInputError with a Dutch sentence for what was filled in.
        """
        seen = await self._access.seen(uow, actor, plan_id, to_change=True)
        if seen.review is None or order.action not in AT_THE_DESK:
            raise NotAllowedError
        plan, review = seen.plan, seen.review
        if order.mark and await uow.reviews.has_mark(order.mark):
            return Done(plan, review, None)
        _check_seen(seen, review, order, now)
        after = next_status(plan.status, order.action, actor.role)
        if order.action is Action.UNDO:
            after = decided_from(seen.events)
        event = replace(await self._event(uow, seen, review, actor, order, now), after=after)
        changed = await self._changed(uow, review, order, now)
        # Nothing is stored before everything that can be refused has passed.
        event = replace(event, id=await uow.reviews.add_event(event, order.mark))
        moved = replace(plan, status=after)
        if order.action is Action.ASK and order.step:
            moved = replace(moved, open_step=order.step)
        await uow.plans.move(moved, now)
        await uow.reviews.save(changed)
        await self._effects.tell(uow, now, moved, changed, event)
        if order.action is not Action.NOTE:
            await self._reminders.restart(uow, moved, changed, now)
        return Done(moved, changed, event)

    async def _event(
        self,
        uow: UnitOfWork,
        seen: Seen,
        review: Review,
        actor: Actor,
        order: Order,
        now: datetime,
    ) -> PlanEvent:
        fields = checked(order, await uow.plans.summary(seen.plan.id) or {}, now)
        question = open_question(seen.events) if order.action is Action.TAKE_BACK else None
        return PlanEvent(
            plan_id=seen.plan.id,
            at=now,
            role=actor.role,
            name=actor.name,
            action=order.action,
            before=seen.plan.status,
            after=seen.plan.status,
            version=review.version,
            contact_id=actor.contact_id,
            step=question.step if question else order.step,
            text=fields.text,
            data=fields.data,
        )

    async def _changed(
        self, uow: UnitOfWork, review: Review, order: Order, now: datetime
    ) -> Review:
        if order.action is Action.NOTE:
            return review
        changed = replace(review, waiting_since=now, leaves_at=None, is_released=False)
        if order.action in DECISIONS:
            return replace(changed, leaves_at=now + UNDO_TIME)
        if order.action is Action.FORWARD:
            return await self._passed_on(uow, changed, order)
        return changed

    async def _passed_on(self, uow: UnitOfWork, review: Review, order: Order) -> Review:
        for contact in await targets(uow, self._access, review):
            if contact.id == order.to:
                role = Role(contact.role.value)
                is_last = role is Role.OPERATOR
                return replace(
                    review,
                    holder_role=role,
                    holder_id=contact.id,
                    is_last_station=is_last,
                    region_id=review.region_id or contact.region_id,
                )
        raise BadInputError(words.CHOOSE_TARGET)


def _check_seen(seen: Seen, review: Review, order: Order, now: datetime) -> None:
    is_current = order.seen == last_change(seen.events) and order.version == review.version
    if not is_current and order.action in _NEEDS_TO_HAVE_SEEN:
        raise ChangedMeanwhileError
    leaves_at = review.leaves_at
    has_left = review.is_released or leaves_at is None or now >= leaves_at
    if order.action is Action.UNDO and has_left:
        raise NotAllowedError(words.DECISION_HAS_LEFT)
