"""The page about privacy: the same facts as in the chat, for whoever comes by a mail or a page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.services.welcome import Operator
from bot.texts import privacy as words
from bot.web.pages import page


def privacy_routes(operator: Operator) -> list[Route]:
    """Give the page about privacy; it is the same for everybody and knows nobody."""

    async def show(_request: Request) -> Response:
        return page(
            "privacy.html",
            responsible=words.RESPONSIBLE.format(operator=operator.name),
            parts=(
                *words.PAGE_FACTS,
                (words.KEPT_HEAD, words.kept_lines(operator.keep)),
                (words.RIGHTS_HEAD, words.page_rights(operator.email)),
                (words.COMPLAIN_HEAD, (words.complain(operator.email),)),
            ),
        )

    return [Route(words.PAGE, show)]
