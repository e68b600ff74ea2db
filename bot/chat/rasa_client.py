"""Talks to Rasa: one turn is one request to our own channel."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from bot.domain.conversation import InboxRow
from bot.domain.pasted_plan import is_whole_plan
from bot.domain.turn import Open

#: Understanding takes milliseconds; on a busy machine more, but not this long.
_SOON = 3.0


class RasaUnavailableError(Exception):
    """Rasa cannot be reached; the message is not to blame."""


class RasaFailedError(Exception):
    """Rasa answered that this turn failed, or did not answer in time."""


class RasaClient:
    """The client of our channel in Rasa."""

    def __init__(self, url: str, token: str, timeout: float) -> None:
        """Reach Rasa at `url`; a turn may take `timeout` seconds."""
        self._soon = min(_SOON, timeout)
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/") + "/webhooks/wegwijzer",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(timeout, connect=3),
            trust_env=False,
        )

    async def turn(self, row: InboxRow) -> None:
        """Have a turn answered; when this returns, Rasa says that an action has run for it.

        Raises RasaUnavailableError or RasaFailedError; in the last case the action may have run,
        or may still run: only the saved turn tells.
        """
        answer = await self._post("/turn", turn_body(row))
        messages = _json(answer)
        if not messages or not isinstance(messages, list):
            raise RasaFailedError("no_messages")

    async def understand(self, text: str, open_: Open) -> dict[str, Any]:
        """Give how Rasa understands a text while something is open; nothing is answered.

        Raises RasaUnavailableError or RasaFailedError.
        """
        metadata = {
            "open": open_.for_rasa,
            "step": open_.step,
            "text": text,
            "is_choice": open_.is_choice,
            "only_choices": open_.only_choices,
            "whole_plan": is_whole_plan(text),
        }
        answer = await self._post("/parse", {"text": text, "metadata": metadata})
        understood = _json(answer)
        if not isinstance(understood, dict) or "intent" not in understood:
            raise RasaFailedError("not_understood")
        return understood

    async def is_able(self) -> bool:
        """Say whether Rasa knows us and understands a text, soon."""
        try:
            async with asyncio.timeout(self._soon):
                await self.understand("hallo", Open())
        except (RasaUnavailableError, RasaFailedError, TimeoutError):
            return False
        return True

    async def is_ready(self) -> bool:
        """Say whether Rasa has its model loaded and answers."""
        try:
            answer = await self._client.get("/", timeout=3)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK

    async def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        try:
            answer = await self._client.post(path, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise RasaUnavailableError from error
        except httpx.HTTPError as error:
            raise RasaFailedError(type(error).__name__) from error
        if answer.status_code != httpx.codes.OK:
            raise RasaFailedError(f"status_{answer.status_code}")
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise RasaFailedError("no_json") from error


def turn_body(row: InboxRow) -> dict[str, Any]:
    """Give the request for a message: a press as an intent, so that no text can forge one."""
    metadata = {
        "turn": row.id,
        "attempt": row.attempt,
        "text": row.text,
        "open": row.open.for_rasa,
        "step": row.open.step,
        "is_choice": row.open.is_choice,
        "only_choices": row.open.only_choices,
        "whole_plan": is_whole_plan(row.text),
    }
    body: dict[str, Any] = {"sender": row.conversation_id, "metadata": metadata}
    if row.pressed:
        metadata["text"] = ""
        metadata["value"] = row.pressed.value
        body["intent"] = row.pressed.intent
    else:
        body["text"] = row.text
    return body
