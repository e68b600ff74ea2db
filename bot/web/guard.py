"""Small checks that every door of the web side shares."""

from __future__ import annotations

import hmac

from starlette.requests import Request


class BodyTooLargeError(Exception):
    """The request's body is larger than this door takes."""


def has_bearer(request: Request, token: str) -> bool:
    """Say whether the request carries this bearer token; takes the same time either way."""
    given = request.headers.get("authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def asker(request: Request) -> str:
    """Give the network address that a request comes from."""
    return request.client.host if request.client else ""


async def read_body(request: Request, limit: int) -> bytes:
    """Read the body; raises BodyTooLargeError as soon as it is over `limit` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLargeError
    return bytes(body)
