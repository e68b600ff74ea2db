"""The web side as one list of doors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.web.actions import RunAction, action_routes
from bot.web.chat import chat_routes
from bot.web.desk import desk_routes
from bot.web.health import health_routes
from bot.web.pages import error_handlers
from bot.web.parts import DeskParts, WebParts
from bot.web.postvak import postvak_routes
from bot.web.privacy import privacy_routes
from bot.web.security import SecurityHeaders
from bot.web.telegram_webhook import webhook_routes

log = structlog.get_logger()

Webhook = tuple[Callable[[dict[str, Any]], Awaitable[None]], str]


def make_web_app(
    parts: WebParts,
    desk: DeskParts,
    *,
    run_action: RunAction,
    token: str,
    webhook: Webhook | None,
) -> Starlette:
    """Give the app: web chat, pages behind links, local mailbox, Rasa's and Telegram's doors."""

    async def database_answers() -> bool:
        try:
            async with parts.store.read() as uow:
                await uow.inbox.count_open()
        # Whatever it is: it does not answer.
        except Exception as error:
            log.error("database_does_not_answer", error=type(error).__name__)
            return False
        return parts.can_store()

    app = Starlette(
        routes=[
            *chat_routes(parts),
            *desk_routes(desk),
            *privacy_routes(parts.operator),
            *postvak_routes(parts),
            *action_routes(run_action, token),
            *(webhook_routes(*webhook) if webhook else ()),
            *health_routes(database_answers, parts.is_ready),
        ],
        exception_handlers=error_handlers(),
        middleware=[Middleware(SecurityHeaders)],
    )
    # It would send on to an address that is made of the Host header.
    app.router.redirect_slashes = False
    return app
