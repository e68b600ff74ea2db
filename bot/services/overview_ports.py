"""What the overview of a region needs from storage: rows that are read, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.authority import knows_held_back
from bot.domain.figures import Timing
from bot.domain.plan import PlanStatus
from bot.domain.roles import Actor, Role


class WaitsFor(StrEnum):
    """Who is to act; the values are what an address carries."""

    ME = "mij"
    REGION = "regio"
    TEACHER = "docent"


class Sorting(StrEnum):
    """In which order plans are listed; the values are what an address carries."""

    NEWEST = "nieuwste"
    OLDEST = "oudste"
    STAGE = "stand"
    #: who has waited longest comes first
    WAITING = "wachttijd"


@dataclass(frozen=True)
class Scope:
    """All plans that exist for an actor.

    `schools` are the names, as they are stored, that mean the actor's own school. `knows_decisions`
    says that a decision is seen before the teacher hears of it; for others the plan is still
    "received" then.
    """

    actor: Actor
    schools: tuple[str, ...] = ()

    @property
    def knows_decisions(self) -> bool:
        """Say whether a decision is seen before it leaves: by who decides, and the operator."""
        return knows_held_back(self.actor.role)


@dataclass(frozen=True)
class Wanted:
    """Which plans of a scope, and in which order; `plan_ids` are what a search found."""

    stage: PlanStatus | None = None
    school: str | None = None
    waits_for: WaitsFor | None = None
    plan_ids: tuple[str, ...] | None = None
    order: Sorting = Sorting.NEWEST


@dataclass(frozen=True)
class OverviewRow:
    """One plan that was handed over; `holder_name` is None for a contact without a name.

    `status` is what the actor may know. `is_held_back` says that it is a decision which has not
    left for the teacher yet. `holder_role` is None when the contact who had the plan is gone.
    """

    plan_id: str
    reference: str
    status: PlanStatus
    is_held_back: bool
    region_id: str | None
    school: str | None
    version: int
    summary: Mapping[str, Any]
    submitted_at: datetime
    changed_at: datetime
    waiting_since: datetime
    holder_id: str | None
    holder_role: Role | None
    holder_name: str | None
    reacted_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Findable:
    """What a plan can be found by."""

    plan_id: str
    reference: str
    title: str
    school: str


@dataclass(frozen=True)
class ListedPlan:
    """One plan in the list of the beheerder, handed over or not."""

    reference: str | None
    title: str | None
    status: PlanStatus
    created_at: datetime
    submitted_at: datetime | None
    region: str | None
    is_held_back: bool
    holder_id: str | None
    holder_role: Role | None
    holder_name: str | None


class Overviews(Protocol):
    """The plans that were handed over, as lists and numbers; each call is one query."""

    async def rows(
        self, scope: Scope, wanted: Wanted, limit: int | None = None, offset: int = 0
    ) -> tuple[list[OverviewRow], int]:
        """Give a page of plans, and how many there are in all (0 past the last page)."""
        ...

    async def findable(self, scope: Scope) -> list[Findable]:
        """Give what each plan of a scope can be found by, the newest first."""
        ...

    async def schools(self, scope: Scope) -> list[str]:
        """Give the names of schools in a scope; of a contact at a school, those of the region."""
        ...

    async def stages(self, scope: Scope) -> dict[tuple[PlanStatus, bool], int]:
        """Count the plans of a scope by stage, apart where the decision has not left yet."""
        ...

    async def timings(self, scope: Scope, since: datetime) -> list[Timing]:
        """Give when plans that were handed over from `since` on got a reaction and a decision."""
        ...

    async def listed(self) -> list[ListedPlan]:
        """Give every plan there is, the newest first: for the beheerder."""
        ...

    async def summaries(self) -> list[dict[str, Any]]:
        """Give the summary of every plan that was handed over, the newest first."""
        ...

    async def held_by(self, contact_id: str) -> list[str]:
        """Give the references of the plans that a contact has and that are not at an end."""
        ...
