"""Plans and every version of their answers."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.plan import Answer, Plan, PlanStatus
from bot.domain.turn import Turn
from bot.storage.insert_once import insert_once
from bot.storage.tables import answer, plan, reference_counter


class SqlPlans:
    """The plans in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def get(self, plan_id: str) -> Plan:
        """Give a plan by its id."""
        row = (await self._connection.execute(select(plan).where(plan.c.id == plan_id))).one()
        return await self._plan(row)

    async def find(self, plan_id: str) -> Plan | None:
        """Give a plan by its id, None when it is gone."""
        row = (await self._connection.execute(select(plan).where(plan.c.id == plan_id))).first()
        return await self._plan(row) if row else None

    async def lock(self, plan_id: str) -> Plan | None:
        """Give a plan that nobody else can change until this transaction ends; None when gone."""
        query = select(plan).where(plan.c.id == plan_id).with_for_update()
        row = (await self._connection.execute(query)).first()
        return await self._plan(row) if row else None

    async def move(self, after: Plan, now: datetime) -> None:
        """Store where a plan stands; its answers stay."""
        await self._connection.execute(
            update(plan).where(plan.c.id == after.id).values(changed_at=now, **_state(after))
        )

    async def changed_at(self, plan_id: str) -> datetime:
        """Give when something was last done to a plan."""
        query = select(plan.c.changed_at).where(plan.c.id == plan_id)
        found: datetime = (await self._connection.execute(query)).scalar_one()
        return found

    async def of(self, person_id: str) -> list[Plan]:
        """Give a person's plans, the one last worked on first."""
        query = select(plan).where(plan.c.person_id == person_id).order_by(plan.c.changed_at.desc())
        return [await self._plan(row) for row in (await self._connection.execute(query)).all()]

    async def all(self) -> list[Plan]:
        """Give every plan, the newest first."""
        query = select(plan).order_by(plan.c.created_at.desc())
        return [await self._plan(row) for row in (await self._connection.execute(query)).all()]

    async def add(self, new: Plan) -> None:
        """Store a new plan."""
        await self._connection.execute(
            insert(plan).values(
                id=new.id,
                person_id=new.person_id,
                questions_version=new.questions_version,
                created_at=new.created_at,
                changed_at=new.created_at,
                **_state(new),
            )
        )

    async def save(self, before: Plan, after: Plan, turn: Turn, now: datetime) -> None:
        """Store what changed; an answer that no longer counts stays as history."""
        for step in {*before.answers, *after.answers}:
            old, new = before.answers.get(step), after.answers.get(step)
            if old == new:
                continue
            await self._retire(after.id, step)
            if new:
                await self._insert(after.id, new, turn, now)
        await self._connection.execute(
            update(plan).where(plan.c.id == after.id).values(changed_at=now, **_state(after))
        )

    async def _retire(self, plan_id: str, step: str) -> None:
        await self._connection.execute(
            update(answer)
            .where(answer.c.plan_id == plan_id, answer.c.step == step)
            .values(is_current=False)
        )

    async def _insert(self, plan_id: str, new: Answer, turn: Turn, now: datetime) -> None:
        last = select(func.max(answer.c.version)).where(
            answer.c.plan_id == plan_id, answer.c.step == new.step
        )
        version = (await self._connection.execute(last)).scalar() or 0
        await self._connection.execute(
            insert(answer).values(
                plan_id=plan_id,
                step=new.step,
                version=version + 1,
                text=new.text,
                value=new.value,
                is_current=True,
                turn_id=turn.id,
                source=turn.source,
                given_at=now,
            )
        )

    async def answer_from(self, person_id: str, source: str) -> tuple[str, Answer] | None:
        """Find the plan id and answer that a message of this person gave, if it still counts."""
        query = (
            select(answer)
            .join(plan, plan.c.id == answer.c.plan_id)
            .where(answer.c.source == source, answer.c.is_current, plan.c.person_id == person_id)
            .order_by(answer.c.id.desc())
        )
        row = (await self._connection.execute(query)).first()
        return (row.plan_id, Answer(row.step, row.text, row.value)) if row else None

    async def answer_of_turn(
        self, person_id: str, turn_id: int
    ) -> tuple[str, Answer, Answer | None] | None:
        """Find the plan id, the answer that a turn gave, if it still counts, and the one before."""
        query = (
            select(answer)
            .join(plan, plan.c.id == answer.c.plan_id)
            .where(answer.c.turn_id == turn_id, answer.c.is_current, plan.c.person_id == person_id)
            .order_by(answer.c.id)
        )
        row = (await self._connection.execute(query)).first()
        if not row:
            return None
        earlier = select(answer).where(
            answer.c.plan_id == row.plan_id,
            answer.c.step == row.step,
            answer.c.version == row.version - 1,
        )
        old = (await self._connection.execute(earlier)).first()
        before = Answer(old.step, old.text, old.value) if old else None
        return row.plan_id, Answer(row.step, row.text, row.value), before

    async def next_reference(self, year: int) -> int:
        """Take the next number of this year; no two plans get the same."""
        await insert_once(self._connection, reference_counter, "year", year=year, last=0)
        taken = (
            update(reference_counter)
            .where(reference_counter.c.year == year)
            .values(last=reference_counter.c.last + 1)
            .returning(reference_counter.c.last)
        )
        return int((await self._connection.execute(taken)).scalar_one())

    async def save_summary(self, plan_id: str, summary: dict[str, Any]) -> None:
        """Store the summary as it was handed over."""
        await self._connection.execute(
            update(plan).where(plan.c.id == plan_id).values(summary=summary)
        )

    async def summary(self, plan_id: str) -> dict[str, Any] | None:
        """Give the summary as it was handed over, or None."""
        found = (
            await self._connection.execute(select(plan.c.summary).where(plan.c.id == plan_id))
        ).scalar()
        return None if found is None else dict(found)

    async def _plan(self, row: Row[Any]) -> Plan:
        query = select(answer).where(answer.c.plan_id == row.id, answer.c.is_current)
        answers = {
            given.step: Answer(given.step, given.text, given.value)
            for given in (await self._connection.execute(query)).all()
        }
        return Plan(
            id=row.id,
            person_id=row.person_id,
            questions_version=row.questions_version,
            open_step=row.open_step,
            created_at=row.created_at,
            status=PlanStatus(row.status),
            answers=MappingProxyType(answers),
            reference=row.reference,
            submitted_at=row.submitted_at,
        )


def _state(current: Plan) -> dict[str, Any]:
    return {
        "status": current.status.value,
        "open_step": current.open_step,
        "reference": current.reference,
        "submitted_at": current.submitted_at,
    }
