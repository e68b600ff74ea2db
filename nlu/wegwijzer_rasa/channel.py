"""The one way in: a turn or a text to understand, from the app and from nobody else."""

from __future__ import annotations

import hmac
import logging
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from wegwijzer_rasa.wire import (
    BadBodyError,
    Incoming,
    harmless,
    open_entity,
    read_parse,
    read_turn,
)

logger = logging.getLogger(__name__)


_PARTS = ("text", "buttons", "custom", "attachment", "image", "elements")


class WholeMessages(CollectingOutputChannel):
    """Collects each message as the action made it; Rasa's own collector splits at blank lines."""

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Keep the message's parts that hold something, without Rasa's own remarks."""
        self.messages.append({part: message[part] for part in _PARTS if message.get(part)})


class WegwijzerInput(InputChannel):
    """Serves /webhooks/wegwijzer/: a bearer token guards all but the readiness check."""

    def __init__(self, token: Text) -> None:
        self._authorization = f"Bearer {token}".encode()

    @classmethod
    def name(cls) -> Text:
        """Name the channel in its address."""
        return "wegwijzer"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> WegwijzerInput:
        """Take the token from the credentials file; there is no channel without one."""
        token = (credentials or {}).get("token")
        if not token:
            cls.raise_missing_credentials_exception()
        return cls(str(token))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """List the addresses of the channel; Sanic wants functions there, not methods."""
        blueprint = Blueprint("wegwijzer")

        @blueprint.get("/")
        async def ready(request: Request) -> HTTPResponse:
            is_ready = request.app.ctx.agent.is_ready()
            return response.json({"ready": is_ready}, status=200 if is_ready else 503)

        @blueprint.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._checked(request, read_turn, _run_turn)

        @blueprint.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return await self._checked(request, read_parse, _understand)

        return blueprint

    async def _checked(
        self,
        request: Request,
        read: Callable[[Any], Incoming],
        handle: Callable[[Agent, Incoming], Awaitable[HTTPResponse]],
    ) -> HTTPResponse:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, self._authorization):
            return _error(401, "unauthorized")
        try:
            incoming = read(request.json)
        except InvalidUsage:
            return _error(400, "body must be JSON")
        except BadBodyError as error:
            return _error(400, str(error))
        agent = request.app.ctx.agent
        if not agent.is_ready():
            return _error(503, "no model is loaded")
        return await handle(agent, incoming)


async def _run_turn(agent: Agent, incoming: Incoming) -> HTTPResponse:
    if incoming.intent is not None and incoming.intent not in agent.domain.intents:
        return _error(400, "intent is not known")
    output = WholeMessages()
    try:
        await agent.handle_message(_message(incoming, output))
    except Exception:
        # Any failure means the same to the app: the turn is not known to be saved, ask again.
        logger.exception("turn_failed")
        return _error(502, "the turn failed")
    messages: List[Dict[Text, Any]] = output.messages
    return response.json(messages) if messages else _error(502, "no action answered")


async def _understand(agent: Agent, incoming: Incoming) -> HTTPResponse:
    return response.json(await agent.processor.parse_message(_message(incoming)))


def _message(incoming: Incoming, output: Optional[WholeMessages] = None) -> UserMessage:
    parse_data = None
    text = harmless(incoming.text or "")
    if incoming.intent is not None:
        text = f"/{incoming.intent}"
        intent = {"name": incoming.intent, "confidence": 1.0}
        parse_data = {
            "text": text,
            "intent": intent,
            "intent_ranking": [intent],
            "entities": [open_entity(incoming.metadata["open"])],
        }
    return UserMessage(
        text=text,
        output_channel=output,
        sender_id=incoming.sender,
        parse_data=parse_data,
        input_channel=WegwijzerInput.name(),
        metadata=incoming.metadata,
    )


def _error(status: int, reason: Text) -> HTTPResponse:
    return response.json({"error": reason}, status=status)
