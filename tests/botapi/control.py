"""A small HTTP API through which another process or a person acts as the users."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.botapi.chats import Received
from tests.botapi.people import User
from tests.botapi.world import TelegramWorld

JSON = dict[str, Any]
Act = Callable[[User, JSON], JSON]


def control_routes(world: TelegramWorld) -> list[Route]:
    """Give the routes under /control; loopback only, they ask for no password.

    POST send {user_id, text}, edit {user_id, message_id, text}, press {user_id, label};
    GET received?user_id=&after=<message_id>&wait=<seconds>, which waits for a newer message.
    """

    def send(user: User, body: JSON) -> JSON:
        return {"message_id": user.send_text(body["text"])}

    def edit(user: User, body: JSON) -> JSON:
        user.edit(body["message_id"], body["text"])
        return {"message_id": body["message_id"]}

    def press(user: User, body: JSON) -> JSON:
        return {"callback_query_id": user.press(body["label"])}

    async def received(request: Request) -> JSONResponse:
        query = request.query_params
        try:
            user = world.user(int(query["user_id"]))
            after, wait = int(query.get("after", 0)), float(query.get("wait", 0))
        except (LookupError, ValueError) as error:
            return _refused(error)
        messages = await user.chat.changes.until(lambda: _newer(user, after) or None, wait)
        return JSONResponse({"messages": [_shown(message) for message in messages or []]})

    posts = {"send": send, "edit": edit, "press": press}
    routes = [
        Route(f"/control/{name}", _endpoint(world, act), methods=["POST"])
        for name, act in posts.items()
    ]
    return [*routes, Route("/control/received", received, methods=["GET"])]


def _endpoint(world: TelegramWorld, act: Act) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(request: Request) -> JSONResponse:
        try:
            body = await request.json()
            return JSONResponse(act(world.user(body["user_id"]), body))
        except (LookupError, TypeError, ValueError) as error:
            return _refused(error)

    return endpoint


def _refused(error: Exception) -> JSONResponse:
    return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)


def _newer(user: User, after: int) -> list[Received]:
    return [message for message in user.received if message.message_id > after]


def _shown(message: Received) -> JSON:
    document = message.document
    return {
        "message_id": message.message_id,
        "text": message.text,
        "labels": message.labels,
        "at": message.at,
        "document": document
        and {"name": document.name, "content": base64.b64encode(document.content).decode()},
    }
