"""Reads plans that were handed over as lists and numbers; every method is one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.contacts import OPERATOR_ID
from bot.domain.figures import Timing
from bot.domain.plan import DECIDED, PlanStatus
from bot.domain.plan_states import DECISIONS
from bot.domain.roles import REVIEWERS, Role
from bot.services.overview_ports import Findable, ListedPlan, OverviewRow, Scope, Wanted
from bot.storage.overview_conditions import (
    held_back,
    in_region,
    in_scope,
    is_reaction,
    ordered,
    shown_status,
    wanted_ones,
)
from bot.storage.review_tables import plan_event, review
from bot.storage.tables import contact, plan

_DECIDED = [status.value for status in DECIDED]
_ENDED = [*_DECIDED, PlanStatus.WITHDRAWN.value]
_REVIEWERS = [role.value for role in REVIEWERS]


class SqlOverviews:
    """The plans of a region in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def rows(
        self, scope: Scope, wanted: Wanted, limit: int | None = None, offset: int = 0
    ) -> tuple[list[OverviewRow], int]:
        """Give a page of plans, and how many there are in all (0 past the last page)."""
        status = shown_status(scope)
        query = (
            select(
                plan.c.reference,
                plan.c.summary,
                plan.c.submitted_at,
                plan.c.changed_at,
                *(column for column in review.c if column.name != "holder_role"),
                status.label("status"),
                held_back(scope).label("is_held_back"),
                *_HOLDER,
                _first_reaction(scope).label("reacted_at"),
                _decision().label("decided_at"),
                func.count().over().label("total"),
            )
            .select_from(_plans_with_holder())
            .where(in_scope(scope), *wanted_ones(scope, wanted))
            .order_by(*ordered(wanted.order, status), plan.c.reference.desc())
            .limit(limit)
            .offset(offset)
        )
        found = (await self._connection.execute(query)).all()
        return [_row(row) for row in found], found[0].total if found else 0

    async def findable(self, scope: Scope) -> list[Findable]:
        """Give what each plan of a scope can be found by, the newest first."""
        query = (
            select(
                review.c.plan_id,
                plan.c.reference,
                plan.c.summary["title"].as_string().label("title"),
                review.c.school,
            )
            .select_from(_plans())
            .where(in_scope(scope))
            .order_by(plan.c.submitted_at.desc())
        )
        rows = (await self._connection.execute(query)).all()
        return [Findable(row[0], row[1], row[2] or "", row[3] or "") for row in rows]

    async def schools(self, scope: Scope) -> list[str]:
        """Give the names of schools in a scope; of a contact at a school, those of the region."""
        is_at_school = scope.actor.role is Role.SCHOOL_CONTACT
        within = in_region(scope.actor) if is_at_school else in_scope(scope)
        query = (
            select(review.c.school)
            .distinct()
            .select_from(_plans())
            .where(within, review.c.school.is_not(None))
            .order_by(review.c.school)
        )
        return list((await self._connection.execute(query)).scalars())

    async def stages(self, scope: Scope) -> dict[tuple[PlanStatus, bool], int]:
        """Count the plans of a scope by stage, apart where the decision has not left yet."""
        # Grouped by what is stored: PostgreSQL does not see that two equal CASEs are one.
        query = (
            select(plan.c.status, review.c.is_released, func.count())
            .select_from(_plans())
            .where(in_scope(scope))
            .group_by(plan.c.status, review.c.is_released)
        )
        counts: dict[tuple[PlanStatus, bool], int] = {}
        for status, is_released, count in (await self._connection.execute(query)).all():
            is_held_back = status in DECIDED and not is_released
            shown = status if scope.knows_decisions or not is_held_back else PlanStatus.RECEIVED
            stage = PlanStatus(shown), is_held_back and scope.knows_decisions
            counts[stage] = counts.get(stage, 0) + int(count)
        return counts

    async def timings(self, scope: Scope, since: datetime) -> list[Timing]:
        """Give when plans that were handed over from `since` on got a reaction and a decision."""
        query = (
            select(plan.c.submitted_at, _first_reaction(scope), _decision())
            .select_from(_plans())
            .where(in_scope(scope), plan.c.submitted_at >= since)
        )
        return [Timing(*row) for row in (await self._connection.execute(query)).all()]

    async def listed(self) -> list[ListedPlan]:
        """Give every plan there is, the newest first: for the beheerder."""
        query = (
            select(
                plan.c.reference,
                plan.c.summary["title"].as_string().label("title"),
                plan.c.summary["region"].as_string().label("region"),
                plan.c.status,
                plan.c.created_at,
                plan.c.submitted_at,
                review.c.holder_id,
                and_(plan.c.status.in_(_DECIDED), review.c.is_released.is_(False)).label("held"),
                *_HOLDER,
            )
            .select_from(
                plan.outerjoin(review, review.c.plan_id == plan.c.id).outerjoin(
                    contact, contact.c.id == review.c.holder_id
                )
            )
            .order_by(plan.c.created_at.desc(), plan.c.id)
        )
        return [
            ListedPlan(
                reference=row.reference,
                title=row.title,
                status=PlanStatus(row.status),
                created_at=row.created_at,
                submitted_at=row.submitted_at,
                region=row.region,
                is_held_back=bool(row.held),
                holder_id=row.holder_id,
                holder_role=_role(row),
                holder_name=row.contact_name,
            )
            for row in (await self._connection.execute(query)).all()
        ]

    async def summaries(self) -> list[dict[str, Any]]:
        """Give the summary of every plan that was handed over, the newest first."""
        query = (
            select(plan.c.summary)
            .where(plan.c.reference.is_not(None), plan.c.submitted_at.is_not(None))
            .order_by(plan.c.created_at.desc(), plan.c.id)
        )
        found = (await self._connection.execute(query)).scalars()
        return [dict(summary) for summary in found if summary]

    async def held_by(self, contact_id: str) -> list[str]:
        """Give the references of the plans that a contact has and that are not at an end."""
        query = (
            select(plan.c.reference)
            .select_from(_plans())
            .where(review.c.holder_id == contact_id, plan.c.status.not_in(_ENDED))
            .order_by(plan.c.reference)
        )
        return list((await self._connection.execute(query)).scalars())


_HOLDER = (contact.c.role.label("contact_role"), contact.c.name.label("contact_name"))


def _plans() -> FromClause:
    return review.join(plan, plan.c.id == review.c.plan_id)


def _plans_with_holder() -> FromClause:
    return _plans().outerjoin(contact, contact.c.id == review.c.holder_id)


def _first_reaction(scope: Scope) -> ScalarSelect[Any]:
    return _at(select(func.min(plan_event.c.at)), is_reaction(scope))


def _decision() -> ColumnElement[Any]:
    # A decision that was undone, or can be, is none.
    has_left = and_(plan.c.status.in_(_DECIDED), review.c.is_released)
    is_decision = plan_event.c.action.in_([action.value for action in DECISIONS])
    return case((has_left, _at(select(func.max(plan_event.c.at)), is_decision)))


def _at(chosen: Select[Any], is_wanted: ColumnElement[bool]) -> ScalarSelect[Any]:
    return (
        chosen.where(
            plan_event.c.plan_id == review.c.plan_id,
            is_wanted,
            plan_event.c.role.in_(_REVIEWERS),
        )
        .correlate(review)
        .scalar_subquery()
    )


def _row(row: Row[*tuple[Any, ...]]) -> OverviewRow:
    return OverviewRow(
        plan_id=row.plan_id,
        reference=row.reference,
        status=PlanStatus(row.status),
        is_held_back=bool(row.is_held_back),
        region_id=row.region_id,
        school=row.school,
        version=row.version,
        summary=row.summary or {},
        submitted_at=row.submitted_at,
        changed_at=row.changed_at,
        waiting_since=row.waiting_since,
        holder_id=row.holder_id,
        holder_role=_role(row),
        holder_name=row.contact_name,
        reacted_at=row.reacted_at,
        decided_at=row.decided_at,
    )


def _role(row: Row[*tuple[Any, ...]]) -> Role | None:
    if row.holder_id == OPERATOR_ID:
        return Role.OPERATOR
    return Role(row.contact_role) if row.contact_role else None
