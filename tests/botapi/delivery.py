"""The methods by which a bot takes its updates: getUpdates and the webhook's settings."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.botapi.errors import bad_request, conflict, too_many_requests
from tests.botapi.params import Params
from tests.botapi.webhook import Webhook, checked_webhook, webhook_is_active
from tests.botapi.world import TelegramWorld

JSON = dict[str, Any]
INT32 = 2**31 - 1
MAX_LONG_POLL = 50


@dataclass
class Pace:
    """When getUpdates and setWebhook were last called, for Telegram's own brakes."""

    offset: int | None = None
    polled_at: float = float("-inf")
    webhook_set_at: float = float("-inf")


class Delivery:
    """One server's getUpdates and webhook methods; `close` ends the long poll that waits."""

    def __init__(self, world: TelegramWorld) -> None:
        self._world = world
        self._pace = Pace()
        self._is_closing = False

    def close(self) -> None:
        """Answer the long poll that waits, and let none wait any more."""
        self._is_closing = True
        self._world.arrivals.tell()

    async def get_updates(self, params: Params, is_gone: Callable[[], bool]) -> list[JSON]:
        """Answer getUpdates; `is_gone` tells whether the caller still listens."""
        world = self._world
        offset = params.integer("offset", 0, -INT32, INT32)
        limit = params.integer("limit", 100, 1, 100)
        timeout = params.integer("timeout", 0, 0, MAX_LONG_POLL)
        with world.lock:
            if world.webhook.url:
                raise webhook_is_active()
            self._allow(params)
            limit, timeout = self._braked(offset, limit, timeout)
            found = self._fetch(offset, limit)
            if found or not timeout:
                return found
            # Only a call that has to wait ends the one that waits already, as in Telegram.
            world.poll_number += 1
            mine = world.poll_number
            world.tell_all()

        def look() -> list[JSON] | None:
            if self._is_closing or is_gone():
                return []
            if world.webhook.url:
                raise conflict("terminated by setWebhook request")
            if world.poll_number != mine:
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance "
                    "is running"
                )
            return self._fetch(offset, limit) or None

        return await world.arrivals.until(look, timeout) or []

    def set_webhook(self, params: Params) -> bool:
        """Answer setWebhook; an empty url deletes it."""
        url = params.text("url")
        if not url:
            return self.delete_webhook(params)
        now = time.monotonic()
        if self._world.strict_pace and now < self._pace.webhook_set_at + 1:
            raise too_many_requests(1)
        self._pace.webhook_set_at = now
        secret = params.text("secret_token")
        webhook = checked_webhook(url, secret, params.integer("max_connections", 40, 1, 100))
        self._allow(params)
        return self._change_webhook(webhook, params)

    def delete_webhook(self, params: Params) -> bool:
        """Answer deleteWebhook."""
        return self._change_webhook(Webhook(), params)

    def get_webhook_info(self, params: Params) -> JSON:
        """Answer getWebhookInfo."""
        world = self._world
        return world.webhook.to_json(len(world.queue.pending), world.allowed_updates)

    def _change_webhook(self, webhook: Webhook, params: Params) -> bool:
        if params.flag("drop_pending_updates"):
            self._world.queue.forget_all_but(0)
        self._world.webhook = webhook
        self._world.tell_all()
        return True

    def _fetch(self, offset: int, limit: int) -> list[JSON]:
        pending = len(self._world.queue.pending)
        found = [update.to_json() for update in self._world.queue.fetch(offset, limit)]
        if len(self._world.queue.pending) != pending:
            self._world.changes.tell()
        return found

    def _allow(self, params: Params) -> None:
        kinds = params.decoded("allowed_updates")
        if kinds is None:
            return
        if not isinstance(kinds, list):
            raise bad_request("expected Array of Strings as allowed_updates")
        self._world.allowed_updates = {str(kind) for kind in kinds} or None

    def _braked(self, offset: int, limit: int, timeout: int) -> tuple[int, int]:
        now, pace = time.monotonic(), self._pace
        if self._world.strict_pace and offset == pace.offset:
            if timeout < 3 and now < pace.polled_at + 3:
                timeout = 3
            if now < pace.polled_at + 0.5:
                limit = 1
        pace.offset, pace.polled_at = offset, now
        return limit, timeout
