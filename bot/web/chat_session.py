"""Who a browser is: a random token in a cookie, of which only the hash is stored."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "wegwijzer"
#: Long enough to come back to a plan after a summer.
DAYS = 180
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Session:
    """One browser."""

    token: str

    @property
    def address(self) -> str:
        """The name of its conversation; the token cannot be found from it."""
        return hashlib.sha256(self.token.encode()).hexdigest()


def session_of(request: Request) -> Session | None:
    """Give the session that the browser brings."""
    token = request.cookies.get(COOKIE, "")
    return Session(token) if _TOKEN.fullmatch(token) else None


def new_session() -> Session:
    """Make a session that nobody can guess."""
    return Session(secrets.token_urlsafe(32))


def remember(session: Session, request: Request, response: Response) -> None:
    """Let the browser bring the session from here on, for another `DAYS`."""
    response.set_cookie(
        COOKIE,
        session.token,
        max_age=DAYS * 24 * 3600,
        httponly=True,
        # Not strict: who opens the chat from a link in a mail would come without the cookie, and
        # get a new one over the conversation that was there.
        samesite="lax",
        secure=request.url.scheme == "https",
    )
