"""The webhook: its settings, and the pusher that POSTs updates in order within each chat."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx

from tests.botapi.errors import ApiError, bad_request

if TYPE_CHECKING:
    from tests.botapi.updates import Update
    from tests.botapi.world import TelegramWorld

SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
URL = re.compile(r"https?://[^/\s]+(/\S*)?")
MAX_BACK_OFF = 60
MAX_RETRY_AFTER = 3600


@dataclass(frozen=True)
class Webhook:
    """Where updates are pushed to; without a url they wait for getUpdates.

    As in Telegram's own server in local mode, plain http and any port are accepted.
    """

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""

    def to_json(self, pending: int, allowed: set[str] | None) -> dict[str, Any]:
        """Give a WebhookInfo."""
        info: dict[str, Any] = {"url": self.url, "has_custom_certificate": False}
        info["pending_update_count"] = pending
        if self.last_error_date:
            info["last_error_date"] = self.last_error_date
            info["last_error_message"] = self.last_error_message
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        return info | ({"allowed_updates": sorted(allowed)} if allowed else {})


def checked_webhook(url: str, secret_token: str, max_connections: int) -> Webhook:
    """Give the webhook as asked, or refuse it."""
    if not URL.fullmatch(url):
        raise bad_request("invalid webhook URL specified")
    if len(secret_token) > 256:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret_token):
        raise bad_request("secret token contains unallowed characters")
    return Webhook(url, secret_token, max_connections)


class WebhookPusher:
    """Delivers updates while a webhook is set; one at a time per chat, chats beside each other."""

    def __init__(self, world: TelegramWorld) -> None:
        self._world = world
        self._busy: set[int] = set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        # Loopback needs no certificates, and loading them takes most of a client's start.
        client = httpx.AsyncClient(verify=False, trust_env=False, timeout=10)
        async with client, asyncio.TaskGroup() as lanes:
            while True:
                for lane in await self._world.arrivals.until(self._startable, None) or ():
                    lanes.create_task(self._drain(client, lane))

    def _startable(self) -> set[int] | None:
        webhook = self._world.webhook
        if not webhook.url:
            return None
        room = webhook.max_connections - len(self._busy)
        waiting = {update.lane for update in self._world.queue.pending.values()} - self._busy
        started = set(sorted(waiting)[: max(0, room)])
        self._busy |= started
        return started or None

    async def _drain(self, client: httpx.AsyncClient, lane: int) -> None:
        fails = 0
        while update := self._next_of(lane):
            webhook = self._world.webhook
            retry_after = await self._deliver(client, webhook, update)
            if retry_after is None:
                fails = 0
                continue
            fails += 1
            pause = retry_after or (min(2 ** (fails - 1), MAX_BACK_OFF) if fails > 1 else 0)
            await self._pause(webhook.url, pause * self._world.webhook_second)

    async def _pause(self, url: str, seconds: float) -> None:
        def has_moved() -> bool | None:
            return self._world.webhook.url != url or None

        await self._world.arrivals.until(has_moved, seconds)

    def _next_of(self, lane: int) -> Update | None:
        with self._world.lock:
            pending = self._world.queue.pending.values()
            update = next((known for known in pending if known.lane == lane), None)
            if update is None or not self._world.webhook.url:
                self._busy.discard(lane)
                # Another chat may have waited for this connection.
                self._world.arrivals.tell()
                return None
            update.deliveries += 1
            return update

    async def _deliver(
        self, client: httpx.AsyncClient, webhook: Webhook, update: Update
    ) -> int | None:
        """Give None when the bot took the update, else the seconds that it asks to wait."""
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        try:
            body = json.dumps(update.to_json())
            answer = await client.post(webhook.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return self._note_error(f"Connection failed: {type(error).__name__}", 0)
        if answer.is_success:
            self._take(update)
            return None
        asked = answer.headers.get("retry-after", "0")
        reason = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        return self._note_error(reason, int(asked) if asked.isdecimal() else 0)

    def _take(self, update: Update) -> None:
        with self._world.lock:
            if update.again:
                update.again -= 1
            else:
                self._world.queue.confirm(update)
            self._world.tell_all()

    def _note_error(self, reason: str, retry_after: int) -> int:
        with self._world.lock:
            self._world.webhook = replace(
                self._world.webhook,
                last_error_date=self._world.now(),
                last_error_message=reason,
            )
            self._world.changes.tell()
        return min(retry_after, MAX_RETRY_AFTER)


def webhook_is_active() -> ApiError:
    """Refuse getUpdates while a webhook is set."""
    reason = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
    return ApiError(409, f"Conflict: {reason} webhook first")
