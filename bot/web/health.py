"""Says whether the process lives, and whether it can answer people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


def health_routes(
    database_answers: Callable[[], Awaitable[bool]], rasa_is_ready: Callable[[], bool]
) -> list[Route]:
    """Give /healthz (the process lives) and /readyz (database and Rasa can be used)."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        state = {"database": await database_answers(), "rasa": rasa_is_ready()}
        return JSONResponse(state, status_code=200 if all(state.values()) else 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
