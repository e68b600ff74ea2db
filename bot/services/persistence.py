"""Storing what has happened outside already, however long the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.services.backoff import Backoff

log = structlog.get_logger()

_FIRST_WAIT = 0.1
_LAST_WAIT = 5.0


async def until_stored(store: Callable[[], Awaitable[None]], failed: str) -> None:
    """Call `store` until it succeeds; each failure is logged as the event `failed`.

    For what cannot be taken back, as a message that has left: forgetting it would send it again.
    `store` may have committed before its failure, so doing it twice has to be as good as once.
    """
    wait = Backoff(_FIRST_WAIT, _LAST_WAIT)
    while True:
        try:
            await store()
            return
        except Exception as error:
            log.exception(failed, error=type(error).__name__)
            await asyncio.sleep(wait.next())
