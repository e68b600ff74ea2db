"""What every page behind a link shares: reading what was posted, and saying what does not go."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.web.guard import BodyTooLargeError, read_body
from bot.web.pages import page
from bot.web.posted import LIMIT, Posted

TOO_MANY = "Er zijn vanaf jouw netwerk te veel links geprobeerd. Wacht even en probeer het opnieuw."
TOO_LARGE = "Dat is te veel tekst. Maak het korter en probeer het opnieuw."
NOT_UNDERSTOOD = "Dit formulier kan ik niet lezen. Open de pagina opnieuw en probeer het daar."


class RefusedError(Exception):
    """What was posted is not taken, with a Dutch sentence; `draft` is what was typed."""

    def __init__(self, status: int, sentence: str, draft: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.draft = draft

    def answer(self, back: str = "") -> Response:
        """Give the page that says so, with the way back."""
        return refused(self.status, str(self), back=back, draft=self.draft)


def refused(status: int, sentence: str, *, back: str = "", draft: str = "") -> Response:
    """Say in one sentence why something does not go; give back what was typed."""
    return page("desk_refusal.html", status=status, sentence=sentence, back=back, draft=draft)


def too_many(wait: int, draft: str = "") -> Response:
    """Ask to try again after `wait` seconds; give back what was typed."""
    response = refused(429, TOO_MANY, draft=draft)
    response.headers["Retry-After"] = str(wait)
    return response


async def read_posted(request: Request) -> Posted:
    """Read a form; raises RefusedError when it is too large or no form."""
    try:
        return Posted.from_body(await read_body(request, LIMIT))
    except BodyTooLargeError:
        raise RefusedError(413, TOO_LARGE) from None
    except ValueError:
        raise RefusedError(400, NOT_UNDERSTOOD) from None


async def draft_of(request: Request) -> str:
    """Give what was typed by somebody who is not let in (any more)."""
    try:
        return (await read_posted(request)).typed
    except RefusedError:
        return ""
