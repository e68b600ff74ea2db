"""The door for Rasa: runs our custom actions."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.guard import BodyTooLargeError, has_bearer, read_body

log = structlog.get_logger()

#: A call holds the tracker of one turn and the domain: far below this.
_LIMIT = 4_000_000

#: Runs one action call of Rasa's protocol and gives the answer for Rasa.
RunAction = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]


def action_routes(run_action: RunAction, token: str) -> list[Route]:
    """Give the route that Rasa calls with its token."""

    async def actions(request: Request) -> Response:
        if not has_bearer(request, token):
            return Response(status_code=401)
        try:
            call = json.loads(await read_body(request, _LIMIT))
        except BodyTooLargeError:
            return Response(status_code=413)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(call, dict):
            return Response(status_code=400)
        try:
            result = await run_action(call)
        except Exception as error:
            # Rasa hears nothing but that it failed: no text of a person in an error.
            name = call.get("next_action")
            log.exception("action_failed", action=name, error=type(error).__name__)
            return JSONResponse({"error": "failed", "action_name": name}, status_code=500)
        return JSONResponse(result)

    return [Route("/rasa/actions", actions, methods=["POST"])]
