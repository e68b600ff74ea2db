"""The loop of a worker: look for what waits, at every ring and now and then by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.services.bell import Bell

log = structlog.get_logger()

#: Another process may have stored something, and does not ring here.
LOOK_SECONDS = 1.0


async def keep_looking(look: Callable[[], Awaitable[None]], bell: Bell, failed: str) -> None:
    """Call `look` until cancelled; an error is logged as the event `failed`, and ends nothing.

    What waits is stored, so the next look finds it.
    """
    while True:
        try:
            await look()
        except Exception as error:
            log.exception(failed, error=type(error).__name__)
        await bell.wait(LOOK_SECONDS)
