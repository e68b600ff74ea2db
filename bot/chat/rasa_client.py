"""Talks to Rasa: one turn is one request to our own channel."""

from __future__ import annotations

from typing import Any

import httpx

from bot.domain.conversation import InboxRow


class RasaUnavailableError(Exception):
    """Rasa cannot be reached; the message is not to blame."""


class RasaFailedError(Exception):
    """Rasa answered that this turn failed, or did not answer in time."""


class RasaClient:
    """The client of our channel in Rasa."""

    def __init__(self, url: str, token: str, timeout: float) -> None:
        """Reach Rasa at `url`; a turn may take `timeout` seconds."""
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/") + "/webhooks/wegwijzer",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(timeout, connect=3),
            trust_env=False,
        )

    async def turn(self, row: InboxRow) -> None:
        """Have a turn answered; when this returns, an action has run for it.

        Raises RasaUnavailableError or RasaFailedError; in the last case the action may have run,
        or may still run: only the saved turn tells.
        """
        try:
            answer = await self._client.post("/turn", json=turn_body(row))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise RasaUnavailableError from error
        except httpx.HTTPError as error:
            raise RasaFailedError(type(error).__name__) from error
        if answer.status_code != httpx.codes.OK:
            raise RasaFailedError(f"status_{answer.status_code}")

    async def is_ready(self) -> bool:
        """Say whether Rasa has its model loaded and answers."""
        try:
            answer = await self._client.get("/", timeout=3)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def turn_body(row: InboxRow) -> dict[str, Any]:
    """Give the request for a message: a press as an intent, so that no text can forge one."""
    metadata = {
        "turn": row.id,
        "attempt": row.attempt,
        "text": row.text,
        "open": row.open.kind.value,
        "step": row.open.step,
    }
    body: dict[str, Any] = {"sender": row.conversation_id, "metadata": metadata}
    if row.pressed:
        metadata["text"] = ""
        metadata["value"] = row.pressed.value
        body["intent"] = row.pressed.intent
    else:
        body["text"] = row.text
    return body
