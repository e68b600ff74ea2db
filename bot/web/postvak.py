"""The local mailbox in the browser: what would have gone out, while no mail server is set."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.domain.dutch_time import AMSTERDAM
from bot.services.clock import dutch_date
from bot.texts.summary import dutch_date as date_in_words
from bot.web.downloads import download
from bot.web.pages import page, refusal
from bot.web.parts import Heading, Postvak, WebParts
from bot.web.security import is_local

NO_MAIL = "Deze e-mail is er niet (meer)."
NO_POSTVAK = "Er is hier geen lokale postbus: e-mail gaat echt de deur uit."
ONLY_HERE = (
    "De lokale postbus is alleen te lezen op de computer waarop de wegwijzer draait, via "
    "http://127.0.0.1. Er kunnen plannen en namen in staan."
)
#: For the HTML of a mail: nothing of it runs or is fetched, and only our own page may frame it.
_HTML_HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


Show = Callable[[Postvak, Request], Awaitable[Response]]


def postvak_routes(parts: WebParts) -> list[Route]:
    """Give the pages of the local mailbox; without a mailbox each says that there is none."""

    def opened(show: Show) -> Callable[[Request], Awaitable[Response]]:
        async def shown(request: Request) -> Response:
            if parts.postvak is None:
                return refusal(request, 404, NO_POSTVAK)
            if not is_local(request):
                return refusal(request, 403, ONLY_HERE)
            return await show(parts.postvak, request)

        return shown

    return [
        Route("/postvak", opened(_list)),
        Route("/postvak/{key}", opened(_mail)),
        Route("/postvak/{key}/html", opened(_html)),
        Route("/postvak/{key}/bijlage/{name}", opened(_attachment)),
    ]


async def _list(postvak: Postvak, request: Request) -> Response:
    headings = await asyncio.to_thread(postvak.list_mails)
    return page("postvak.html", mails=[(heading, _moment(heading)) for heading in headings])


async def _mail(postvak: Postvak, request: Request) -> Response:
    mail = await asyncio.to_thread(postvak.read_mail, request.path_params["key"])
    if mail is None:
        return refusal(request, 404, NO_MAIL)
    return page("mail.html", mail=mail, moment=_moment(mail.heading))


async def _html(postvak: Postvak, request: Request) -> Response:
    mail = await asyncio.to_thread(postvak.read_mail, request.path_params["key"])
    if mail is None or mail.html is None:
        return refusal(request, 404, NO_MAIL)
    return HTMLResponse(mail.html, headers=_HTML_HEADERS)


async def _attachment(postvak: Postvak, request: Request) -> Response:
    key, name = request.path_params["key"], request.path_params["name"]
    file = await asyncio.to_thread(postvak.attachment, key, name)
    if file is None:
        return refusal(request, 404, NO_MAIL)
    return download(file.content, file.content_type, file.name)


def _moment(heading: Heading) -> str:
    if heading.date is None:
        return ""
    time = heading.date.astimezone(AMSTERDAM).strftime("%H:%M")
    return f"{date_in_words(dutch_date(heading.date))}, {time}"
