"""What happened to plans: reviews, events and versions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.services.review_ports import Version
from bot.storage.plans import SqlPlans
from bot.storage.review_tables import plan_event, plan_version, review
from bot.storage.tables import plan


class SqlReviews:
    """The reviews in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection
        self._plans = SqlPlans(connection)

    async def add(self, new: Review) -> None:
        """Store the review of a plan that is handed over."""
        await self._connection.execute(insert(review).values(**_columns(new)))

    async def get(self, plan_id: str) -> Review | None:
        """Give the review of a plan, None while it is not handed over."""
        query = select(review).where(review.c.plan_id == plan_id)
        row = (await self._connection.execute(query)).first()
        return _review(row) if row else None

    async def save(self, changed: Review) -> None:
        """Store what changed."""
        await self._connection.execute(
            update(review).where(review.c.plan_id == changed.plan_id).values(**_columns(changed))
        )

    async def has_mark(self, mark: str) -> bool:
        """Say whether an event with this mark was stored before: the same form, sent again."""
        query = select(plan_event.c.id).where(plan_event.c.mark == mark)
        return (await self._connection.execute(query)).first() is not None

    async def add_event(self, event: PlanEvent, mark: str | None = None) -> int:
        """Store an event; give its id. A mark is stored once (else the database refuses)."""
        values = {
            "plan_id": event.plan_id,
            "at": event.at,
            "role": event.role.value,
            "name": event.name,
            "contact_id": event.contact_id,
            "action": event.action.value,
            "before": event.before.value,
            "after": event.after.value,
            "version": event.version,
            "step": event.step,
            "text": event.text,
            "data": dict(event.data),
            "mark": mark,
        }
        stored = insert(plan_event).values(**values).returning(plan_event.c.id)
        return int((await self._connection.execute(stored)).scalar_one())

    async def events(self, plan_id: str) -> tuple[PlanEvent, ...]:
        """Give what happened to a plan, the oldest first."""
        query = select(plan_event).where(plan_event.c.plan_id == plan_id).order_by(plan_event.c.id)
        return tuple(_event(row) for row in (await self._connection.execute(query)).all())

    async def add_version(
        self, plan_id: str, number: int, summary: dict[str, Any], now: datetime
    ) -> None:
        """Store the summary of a version; it is the plan's summary from here."""
        await self._connection.execute(
            insert(plan_version).values(
                plan_id=plan_id, number=number, summary=summary, made_at=now
            )
        )
        await self._plans.save_summary(plan_id, summary)

    async def versions(self, plan_id: str) -> list[Version]:
        """Give all versions, the oldest first."""
        query = (
            select(plan_version)
            .where(plan_version.c.plan_id == plan_id)
            .order_by(plan_version.c.number)
        )
        rows = (await self._connection.execute(query)).all()
        return [Version(row.number, row.summary, row.made_at) for row in rows]

    async def handed_over(self, region_id: str | None = None) -> list[tuple[Plan, Review]]:
        """Give the plans that were handed over, the newest first; with a region only its plans."""
        query = select(review).join(plan, plan.c.id == review.c.plan_id)
        if region_id is not None:
            query = query.where(review.c.region_id == region_id)
        query = query.order_by(plan.c.submitted_at.desc(), plan.c.reference.desc())
        reviews = [_review(row) for row in (await self._connection.execute(query)).all()]
        return [(await self._plans.get(one.plan_id), one) for one in reviews]

    async def by_reference(self, reference: str) -> tuple[Plan, Review] | None:
        """Find a plan that was handed over by its reference."""
        query = (
            select(review)
            .join(plan, plan.c.id == review.c.plan_id)
            .where(plan.c.reference == reference)
        )
        row = (await self._connection.execute(query)).first()
        return (await self._plans.get(row.plan_id), _review(row)) if row else None


def _columns(given: Review) -> dict[str, Any]:
    return {**asdict(given), "holder_role": given.holder_role.value}


def _review(row: Row[Any]) -> Review:
    return Review(**{**row._mapping, "holder_role": Role(row.holder_role)})


def _event(row: Row[Any]) -> PlanEvent:
    return PlanEvent(
        id=row.id,
        plan_id=row.plan_id,
        at=row.at,
        role=Role(row.role),
        name=row.name,
        contact_id=row.contact_id,
        action=Action(row.action),
        before=PlanStatus(row.before),
        after=PlanStatus(row.after),
        version=row.version,
        step=row.step,
        text=row.text,
        data=row.data,
    )
