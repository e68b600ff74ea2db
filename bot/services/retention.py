"""Clears away what is kept long enough; run every day."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from bot.domain.keeping import Keep, Limits
from bot.services.clock import Clock
from bot.services.draft_notices import announce_drafts
from bot.services.ports import UnitOfWork

log = structlog.get_logger()

_HOUR = 3600.0
_DAY = 24 * _HOUR


@dataclass(frozen=True)
class Swept:
    """How many rows of each kind went, or would go."""

    drafts: int = 0
    plans: int = 0
    withdrawn: int = 0
    messages: int = 0
    mails: int = 0
    questions: int = 0
    traces: int = 0
    people: int = 0
    #: drafts that go soon, of which the teacher is told now
    notices: int = 0

    @property
    def is_nothing(self) -> bool:
        """Say whether there was nothing to clear away."""
        return self == Swept()


class SweptUnit(UnitOfWork, Protocol):
    """What a sweep needs of a transaction."""

    @property
    def retention(self) -> Sweeper:
        """Give what clears away."""
        ...


class Sweeper(Protocol):
    """Clears away in a transaction."""

    async def idle_drafts(self, before: datetime) -> list[str]:
        """Give the ids of the drafts that were changed before this moment for the last time."""
        ...

    async def sweep(self, limits: Limits, waiting: Collection[str]) -> Swept:
        """Delete what is older than `limits`, with all that hangs on it, but no draft `waiting`."""
        ...


class SweptStore(Protocol):
    """Opens transactions."""

    def write(self) -> AbstractAsyncContextManager[SweptUnit]:
        """Open a transaction that may change things."""
        ...


class _Trial(Exception):
    """Ends a transaction so that nothing of it stays."""


class Retention:
    """Clears away every day what is kept long enough."""

    def __init__(self, store: SweptStore, clock: Clock, keep: Keep) -> None:
        """Keep everything in `store` as long as `keep` says."""
        self._store = store
        self._clock = clock
        self._keep = keep

    async def sweep(self, *, is_trial: bool = False) -> Swept:
        """Clear away what is old enough, and count it; a trial only counts.

        Of a draft that goes soon its teacher is told first.
        """
        now = self._clock.now()
        limits = self._keep.before(now)
        swept = Swept()
        try:
            async with self._store.write() as uow:
                told, waiting = await announce_drafts(uow, uow.retention, self._keep, now)
                swept = replace(await uow.retention.sweep(limits, waiting), notices=told)
                if is_trial:
                    raise _Trial
        except _Trial:
            log.info("retention_tried")
        return swept

    async def run(self) -> None:
        """Sweep at the start and then every day, until cancelled; an error waits for an hour."""
        while True:
            try:
                swept = await self.sweep()
                log.info("retention_done", **vars(swept))
                await asyncio.sleep(_DAY)
            except Exception as error:
                log.exception("retention_failed", error=type(error).__name__)
                await asyncio.sleep(_HOUR)
