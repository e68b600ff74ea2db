"""The door for Telegram's webhook: 200 only after what was brought is committed."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.guard import BodyTooLargeError, read_body

log = structlog.get_logger()

PATH = "/telegram"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LIMIT = 1_000_000
_RETRY_AFTER = "5"

Receive = Callable[[dict[str, Any]], Awaitable[None]]


def webhook_routes(receive: Receive, secret: str) -> list[Route]:
    """Give the route that Telegram posts updates to."""

    async def webhook(request: Request) -> Response:
        given = request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        try:
            update = json.loads(await read_body(request, _LIMIT))
        except BodyTooLargeError:
            return Response(status_code=413)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(update, dict) or "update_id" not in update:
            return Response(status_code=400)
        try:
            await receive(update)
        except Exception as error:
            # Not stored, so not confirmed: Telegram brings it again.
            log.exception("update_not_stored", error=type(error).__name__)
            return Response(status_code=503, headers={"Retry-After": _RETRY_AFTER})
        return Response(status_code=200)

    return [Route(PATH, webhook, methods=["POST"])]
