"""The refusals of the Bot API, worded as Telegram words them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """A call that Telegram refuses: answered as JSON, the connection stays open."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def to_json(self) -> dict[str, Any]:
        """Give the body that goes with the refusal."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str) -> ApiError:
    """Refuse what the caller asked for; asking again will not help."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Refuse because the chat is closed to the bot."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Refuse because another call or a webhook takes the updates."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """Refuse for `retry_after` seconds."""
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}
    )


def by_status(status: int) -> ApiError:
    """Give the refusal that is usual with a status, for a test that names only the status."""
    if status == 403:
        return forbidden("bot was blocked by the user")
    return ApiError(status, HTTPStatus(status).phrase)
