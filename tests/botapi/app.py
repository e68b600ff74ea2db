"""The HTTP side: /bot<token>/<method> as Telegram answers it, and the control routes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from tests.botapi.control import control_routes
from tests.botapi.delivery import Delivery
from tests.botapi.errors import ApiError
from tests.botapi.faults import Fault
from tests.botapi.methods import METHODS
from tests.botapi.params import Params, read_params
from tests.botapi.records import Call
from tests.botapi.webhook import WebhookPusher
from tests.botapi.world import TelegramWorld

TOKEN_SHAPE = re.compile(r"[1-9]\d*:[A-Za-z0-9_-]{35}")
# api.telegram.org stands behind a proxy, whose own errors are pages and not JSON.
PROXY_ERRORS = {502, 503, 504}


class BotApi:
    """Answers the calls of one world's bot."""

    def __init__(self, world: TelegramWorld) -> None:
        self._world = world
        self.delivery = Delivery(world)
        own = {
            "setWebhook": self.delivery.set_webhook,
            "deleteWebhook": self.delivery.delete_webhook,
            "getWebhookInfo": self.delivery.get_webhook_info,
        }
        self._own = {name.lower(): method for name, method in own.items()}
        self._common = {name.lower(): method for name, method in METHODS.items()}
        self._names = {name.lower(): name for name in [*own, *METHODS, "getUpdates"]}

    async def answer(self, request: Request) -> Response:
        """Answer one request to /bot<token>/<method>."""
        try:
            params = await read_params(request)
        except ClientDisconnect:
            # Whoever asked is gone, so nothing is done and nobody hears.
            return Response()
        refusal = self._refusal(request.path_params["token"])
        asked = request.path_params["method"].lower()
        if refusal is None and asked not in self._names:
            refusal = ApiError(404, "Not Found: method not found")
        if refusal:
            return _json(refusal.code, refusal.to_json())
        return await self._call(request, self._names[asked], params)

    async def _call(self, request: Request, method: str, params: Params) -> Response:
        world = self._world
        call = Call(method, params.to_log(), world.clock())
        with world.lock:
            world.calls.append(call)
        chat_id = params.integer("chat_id", 0, -(2**62), 2**62)
        fault = world.take_fault(method, chat_id) or Fault(method)
        await fault.delay_call()
        if fault.drop == "before":
            return await self._drop(request, call)
        error = fault.refusal()
        answer = _refused(error) if error else await self._act(request, method, params)
        if fault.drop == "after":
            return await self._drop(request, call)
        self._note(call, answer.status_code)
        return answer

    async def _act(self, request: Request, method: str, params: Params) -> Response:
        world = self._world
        try:
            if method == "getUpdates":
                is_gone = request.state.transport.is_closing
                result: Any = await self.delivery.get_updates(params, is_gone)
            else:
                with world.lock:
                    result = self._act_at_once(method.lower(), params)
        except ApiError as error:
            return _refused(error)
        return _json(200, {"ok": True, "result": result})

    def _act_at_once(self, method: str, params: Params) -> Any:
        if method in self._own:
            return self._own[method](params)
        return self._common[method](self._world, params)

    async def _drop(self, request: Request, call: Call) -> Response:
        request.state.transport.abort()
        while (await request.receive())["type"] != "http.disconnect":
            pass
        self._note(call, "dropped")
        return Response()

    def _note(self, call: Call, outcome: int | str) -> None:
        with self._world.lock:
            call.outcome = outcome
            self._world.changes.tell()

    def _refusal(self, token: str) -> ApiError | None:
        if not TOKEN_SHAPE.fullmatch(token):
            return ApiError(404, "Not Found")
        if token != self._world.token or self._world.is_token_revoked:
            return ApiError(401, "Unauthorized")
        return None


def make_app(world: TelegramWorld) -> Starlette:
    """Make the application for one world; `app.state.api` is its `BotApi`."""
    api = BotApi(world)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        pusher = asyncio.create_task(WebhookPusher(world).run())
        yield
        pusher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pusher

    async def not_found(request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else 404
        return _refused(ApiError(code, "Not Found" if code == 404 else "Method Not Allowed"))

    bot_route = Route("/bot{token}/{method}", api.answer, methods=["GET", "POST"])
    app = Starlette(
        routes=[bot_route, *control_routes(world)],
        lifespan=lifespan,
        exception_handlers={HTTPException: not_found},
    )
    app.state.api = api
    return app


def _refused(error: ApiError) -> Response:
    if error.code in PROXY_ERRORS:
        page = f"<html><head><title>{error.code} {error.description}</title></head></html>"
        return Response(page, error.code, media_type="text/html")
    answer = _json(error.code, error.to_json())
    if "retry_after" in error.parameters:
        answer.headers["Retry-After"] = str(error.parameters["retry_after"])
    return answer


def _json(status: int, body: Any) -> Response:
    # Escaped like Telegram's own, so that even half an emoji can be sent.
    return Response(json.dumps(body), status, media_type="application/json")
