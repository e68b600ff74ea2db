"""Plans that were handed over, stored directly: for lists of many plans."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.inbox import Channel
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.plans import QUESTIONS
from tests.summaries import IDEA, make_answer, make_summary


@dataclass(frozen=True)
class Sent:
    """One plan as a test wants it; `days` ago it was handed over."""

    number: int
    region: str | None = "assen"
    school: str | None = "Dr. Nassau College"
    title: str = "Drones in de zorg"
    status: PlanStatus = PlanStatus.SUBMITTED
    holder: str | None = "manager"
    days: float = 0
    waited: float | None = None
    is_released: bool = False
    resources: str | None = "8 drones van 450 euro"
    #: fields of the summary that are otherwise as usual
    more: Mapping[str, Any] = field(default_factory=dict)
    #: (days after the hand-over, role, action, contact)
    events: tuple[tuple[float, Role, Action, str | None], ...] = ()

    @property
    def reference(self) -> str:
        return f"STO-2026-{self.number:04d}"


async def store(uow: SqlUnitOfWork, now: datetime, *wanted: Sent) -> None:
    """Store plans as they would be after a hand-over and what followed."""
    await uow.questions.keep(QUESTIONS)
    for sent in wanted:
        talk = await uow.conversations.of(Channel.WEB, f"teacher-{sent.number}")
        submitted = now - timedelta(days=sent.days)
        plan = Plan(
            id=str(uuid.uuid4()),
            person_id=talk.person_id,
            questions_version=QUESTIONS.version,
            open_step="confirm",
            created_at=submitted,
            status=sent.status,
            reference=sent.reference,
            submitted_at=submitted,
        )
        await uow.plans.add(plan)
        await uow.reviews.add_version(plan.id, 1, _summary(sent), submitted)
        await uow.reviews.add(_review(sent, plan.id, submitted, now))
        await uow.reviews.add_event(_event(plan.id, submitted, Role.TEACHER, Action.SUBMIT, None))
        for days, role, action, contact in sent.events:
            at = submitted + timedelta(days=days)
            await uow.reviews.add_event(_event(plan.id, at, role, action, contact))


def _summary(sent: Sent) -> dict[str, object]:
    made = make_summary(
        reference=sent.reference,
        title=sent.title,
        school=sent.school,
        region_id=sent.region,
        idea=(*IDEA, make_answer("Technisch keuzevak", key="vorm")),
        answers=(make_answer(sent.resources, key="middelen"),),
        **sent.more,
    )
    return made.to_dict()


def _review(sent: Sent, plan_id: str, submitted: datetime, now: datetime) -> Review:
    review = Review(
        plan_id=plan_id,
        region_id=sent.region,
        school=sent.school,
        holder_role=Role.PROGRAMME_MANAGER,
        holder_id=sent.holder,
        waiting_since=submitted,
        is_released=sent.is_released,
    )
    if sent.waited is None:
        return review
    return replace(review, waiting_since=now - timedelta(days=sent.waited))


def _event(
    plan_id: str, at: datetime, role: Role, action: Action, contact: str | None
) -> PlanEvent:
    to = contact if action is Action.FORWARD else None
    return PlanEvent(
        plan_id=plan_id,
        at=at,
        role=role,
        name="iemand",
        action=action,
        before=PlanStatus.SUBMITTED,
        after=PlanStatus.SUBMITTED,
        version=1,
        contact_id=None if to else contact,
        text="geheime notitie" if action is Action.NOTE else "",
        data={"to": to} if to else {},
    )
