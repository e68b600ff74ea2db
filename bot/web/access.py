"""The door for who comes in by a link, and the ticket that a browser shows from then on.

The secret word stands in the address only once: opening it trades it for a cookie, and the pages
have an address without secrets. Opening changes nothing, for mail scanners open every link.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.domain.access import VISIT, Purpose
from bot.domain.errors import NotFoundError
from bot.domain.roles import Actor
from bot.services.access import Visit
from bot.web.desk_answers import RefusedError, draft_of, read_posted, refused, too_many
from bot.web.guard import asker
from bot.web.pages import page
from bot.web.parts import DeskParts
from bot.web.posted import Posted
from bot.web.security import is_same_origin

log = structlog.get_logger()

COOKIE = "toegang"
ELSEWHERE = "Dit formulier kwam niet van deze pagina. Open de pagina opnieuw en probeer het daar."
NOT_DONE = "Dat is nu niet gelukt, en dat ligt niet aan jou. Probeer het over een minuut nog eens."
GONE = "Deze pagina is er niet (meer)."
#: Only what could be a word goes back into the page.
_LIKE_WORD = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Came:
    """Somebody who came in by a link, at one request; `form` is what a page of ours sent."""

    visit: Visit
    proof: str
    now: datetime
    form: Posted = field(default_factory=Posted)

    @property
    def actor(self) -> Actor:
        """As whom they came in."""
        return self.visit.actor

    @property
    def home(self) -> str:
        """The address of the page that the link opens."""
        return home_of(self.visit.link.id)


Handler = Callable[[Request, Came], Awaitable[Response]]


class Door:
    """Lets people in by their link, and knows them again by their ticket."""

    def __init__(self, parts: DeskParts) -> None:
        """Know links by the services in `parts`."""
        self._parts = parts
        self._access = parts.services.access
        self._signer = parts.services.access.book.signer

    async def open(self, request: Request) -> Response:
        """Open a link: a ticket for this browser, and on to the page."""
        word = request.path_params["word"]
        now = self._parts.clock.now()
        link_id = self._signer.link_id(word)
        visit = await self._visit(link_id, now) if link_id else None
        if visit is None:
            return self._closed(request, word)
        home = home_of(visit.link.id)
        response = RedirectResponse(home, 303)
        response.set_cookie(
            COOKIE,
            self._signer.ticket(visit.link.id, now),
            max_age=int(VISIT.total_seconds()),
            path=home,
            httponly=True,
            # Not strict: whoever comes from a mail brings it along to the page.
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    async def renew(self, request: Request) -> Response:
        """Take the wish for a new link; the answer tells nothing about the old one."""
        wait = self._parts.limiter.wait(asker(request))
        if wait:
            return too_many(wait)
        if not is_same_origin(request):
            return refused(403, ELSEWHERE)
        try:
            word = (await read_posted(request)).text("word")
        except RefusedError as error:
            return error.answer()
        async with self._parts.store.write() as uow:
            await self._parts.services.renewal.ask(uow, word, self._parts.clock.now())
        return page("link_asked.html")

    def page(self, handlers: Mapping[Purpose, Handler]) -> Callable[[Request], Awaitable[Response]]:
        """Give a page for who came in by a link with one of these purposes.

        What is posted reaches a handler only when a page of ours sent it. A handler may raise
        NotFoundError: then the page does not exist for this person.
        """

        async def admitted(request: Request) -> Response:
            came = await self._came(request)
            if came is None:
                is_ours = request.method == "POST" and is_same_origin(request)
                return self._closed(request, draft=await draft_of(request) if is_ours else "")
            handler = handlers.get(came.visit.link.purpose)
            if handler is None:
                raise HTTPException(404)
            try:
                if request.method == "POST":
                    came = replace(came, form=await self._checked(request, came))
                response = await handler(request, came)
            except NotFoundError:
                is_home = request.url.path == came.home
                response = refused(404, GONE, back="" if is_home else came.home)
            except RefusedError as error:
                response = error.answer(came.home)
            except Exception as error:
                log.exception("desk_page_failed", error=type(error).__name__)
                response = refused(503, NOT_DONE, back=came.home, draft=came.form.typed)
            # With no referrer at all, browsers call the origin of a form "null", and the check of
            # it would refuse our own page. There is no secret in its address.
            response.headers["Referrer-Policy"] = "same-origin"
            return response

        return admitted

    async def _came(self, request: Request) -> Came | None:
        link_id, now = request.path_params["link_id"], self._parts.clock.now()
        ticket = request.cookies.get(COOKIE, "")
        if not self._signer.admits(ticket, link_id, now):
            return None
        visit = await self._visit(link_id, now)
        return Came(visit, self._signer.form_proof(link_id), now) if visit else None

    async def _visit(self, link_id: str, now: datetime) -> Visit | None:
        async with self._parts.store.read() as uow:
            visit = await self._access.visit(uow, link_id, now)
        # A link that couples a chat is only for that chat.
        return None if visit and visit.link.purpose is Purpose.COUPLE else visit

    async def _checked(self, request: Request, came: Came) -> Posted:
        if not is_same_origin(request):
            raise RefusedError(403, ELSEWHERE)
        posted = await read_posted(request)
        if not hmac.compare_digest(posted.text("proof").encode(), came.proof.encode()):
            raise RefusedError(403, ELSEWHERE, posted.typed)
        # Whoever reads the database is not to find a link that somebody pasted into a field.
        return posted.changed(self._signer.without_words)

    def _closed(self, request: Request, word: str = "", draft: str = "") -> Response:
        """Say that a link does not work: in the same words, whatever is the matter with it."""
        wait = self._parts.limiter.wait(asker(request))
        if wait:
            return too_many(wait, draft)
        word = word if _LIKE_WORD.fullmatch(word) else ""
        response = page("link_over.html", status=404, word=word, draft=draft)
        response.headers["Referrer-Policy"] = "same-origin"
        return response


def home_of(link_id: str) -> str:
    """Give the address of the page that a link opens; the cookie goes nowhere else."""
    return f"/toegang/{link_id}"
