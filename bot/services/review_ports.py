"""What the services need from storage once a plan is handed over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.access import Link, Purpose
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review


class Links(Protocol):
    """The links that were given out."""

    async def add(self, link: Link) -> None:
        """Store a link."""
        ...

    async def get(self, link_id: str) -> Link | None:
        """Give a link, whatever its state, or None."""
        ...

    async def find(
        self, purpose: Purpose, plan_id: str | None, contact_id: str | None, email: str | None
    ) -> list[Link]:
        """Give the links with exactly this purpose, plan, contact and address, the newest first."""
        ...

    async def of_plan(self, purpose: Purpose, plan_id: str) -> list[Link]:
        """Give the links of a plan with this purpose, whatever their state, the newest first."""
        ...

    async def revoke(self, *, plan_id: str | None = None, contact_id: str | None = None) -> None:
        """Let no link of this plan, or of this contact, open anything any more."""
        ...

    async def use(self, link_id: str, now: datetime) -> bool:
        """Use a link up; False when that was done before."""
        ...


@dataclass(frozen=True)
class Version:
    """One version of a plan, as its summary."""

    number: int
    summary: dict[str, Any]
    made_at: datetime


class Reviews(Protocol):
    """What happened to plans."""

    async def add(self, review: Review) -> None:
        """Store the review of a plan that is handed over."""
        ...

    async def get(self, plan_id: str) -> Review | None:
        """Give the review of a plan, None while it is not handed over."""
        ...

    async def save(self, review: Review) -> None:
        """Store what changed."""
        ...

    async def add_event(self, event: PlanEvent, mark: str | None = None) -> int:
        """Store an event; give its id. A mark is stored once (else the database refuses)."""
        ...

    async def has_mark(self, mark: str) -> bool:
        """Say whether an event with this mark was stored before: the same form, sent again."""
        ...

    async def events(self, plan_id: str) -> tuple[PlanEvent, ...]:
        """Give what happened to a plan, the oldest first."""
        ...

    async def add_version(
        self, plan_id: str, number: int, summary: dict[str, Any], now: datetime
    ) -> None:
        """Store the summary of a version; it is the plan's summary from here."""
        ...

    async def versions(self, plan_id: str) -> list[Version]:
        """Give all versions, the oldest first."""
        ...

    async def handed_over(self, region_id: str | None = None) -> list[tuple[Plan, Review]]:
        """Give the plans that were handed over, the newest first; with a region only its plans."""
        ...

    async def by_reference(self, reference: str) -> tuple[Plan, Review] | None:
        """Find a plan that was handed over by its reference."""
        ...


class DueKind(StrEnum):
    """What may be due."""

    REMIND = "remind"
    ESCALATE = "escalate"
    LAPSE = "lapse"
    RELEASE = "release"
    DRAFT_NUDGE = "draft_nudge"
    MANAGEMENT_NUDGE = "management_nudge"
    ABSENCE = "absence"
    #: a draft is going to be cleared away
    DRAFT_ENDS = "draft_ends"


@dataclass(frozen=True)
class Due:
    """Something that is to happen at a moment, once: `key` is unique for ever."""

    key: str
    kind: DueKind
    due_at: datetime
    plan_id: str | None = None
    contact_id: str | None = None


class DueMoments(Protocol):
    """What is to happen later."""

    async def add(self, due: Due) -> bool:
        """Store a moment; False when its key was stored before."""
        ...

    async def cancel(self, plan_id: str, *kinds: DueKind, but: Collection[str] = ()) -> None:
        """Let nothing of these kinds happen any more for a plan; without kinds nothing at all.

        What has a key in `but` stays as it is.
        """
        ...

    async def take(self, now: datetime, limit: int) -> list[Due]:
        """Take what is due, the earliest first; when this transaction commits, it is done.

        Nobody else can change the plans it is about until then; what is due for a plan that
        somebody is changing right now is left. Who is to be reminded of one of these is reminded of
        everything in one go, above `limit` if need be. While another process takes, there is
        nothing to take.
        """
        ...

    async def put_back(self, key: str, due_at: datetime) -> None:
        """Let something that was taken, or is still due, happen at another moment."""
        ...

    async def done_at(self, key: str) -> datetime | None:
        """Give when something was done; None when it was not, or is not known."""
        ...

    async def next_at(self) -> datetime | None:
        """Give the first moment at which something is due, or None."""
        ...

    async def of_plan(self, plan_id: str) -> list[Due]:
        """Give what is still to happen for a plan, the earliest first."""
        ...
