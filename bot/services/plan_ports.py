"""What the services need from storage for plans and their questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from bot.domain.plan import Answer, Plan
from bot.domain.plan_questions import QuestionSet
from bot.domain.turn import Turn


class Plans(Protocol):
    """The plans with their answers."""

    async def get(self, plan_id: str) -> Plan:
        """Give a plan by its id."""
        ...

    async def find(self, plan_id: str) -> Plan | None:
        """Give a plan by its id, None when it is gone."""
        ...

    async def changed_at(self, plan_id: str) -> datetime:
        """Give when something was last done to a plan."""
        ...

    async def lock(self, plan_id: str) -> Plan | None:
        """Give a plan that nobody else can change until this transaction ends; None when gone."""
        ...

    async def move(self, after: Plan, now: datetime) -> None:
        """Store where a plan stands; its answers stay."""
        ...

    async def of(self, person_id: str) -> list[Plan]:
        """Give a person's plans, the one last worked on first."""
        ...

    async def add(self, plan: Plan) -> None:
        """Store a new plan."""
        ...

    async def save(self, before: Plan, after: Plan, turn: Turn, now: datetime) -> None:
        """Store what changed; an answer that no longer counts stays as history."""
        ...

    async def answer_from(self, person_id: str, source: str) -> tuple[str, Answer] | None:
        """Find the plan id and answer that a message of this person gave, if it still counts."""
        ...

    async def answer_of_turn(
        self, person_id: str, turn_id: int
    ) -> tuple[str, Answer, Answer | None] | None:
        """Find the plan id, the answer that a turn gave, if it still counts, and the one before."""
        ...

    async def next_reference(self, year: int) -> int:
        """Take the next number of this year; no two plans get the same."""
        ...

    async def save_summary(self, plan_id: str, summary: dict[str, Any]) -> None:
        """Store the summary as it was handed over."""
        ...

    async def summary(self, plan_id: str) -> dict[str, Any] | None:
        """Give the summary as it was handed over, or None."""
        ...


class Questions(Protocol):
    """The question sets that running plans began with."""

    async def keep(self, questions: QuestionSet) -> None:
        """Store a set under its version, once."""
        ...

    async def get(self, version: str) -> QuestionSet:
        """Give the set of a version."""
        ...
