"""The chat page: shows the conversation, takes messages in, and brings what is new."""

from __future__ import annotations

import re
import secrets

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.domain.errors import TooFastError
from bot.domain.inbox import Channel
from bot.domain.turn import DocumentKind
from bot.storage.transcript import Cursor, Transcripts
from bot.texts.conversation import TOO_FAST
from bot.web.chat_form import LIMIT, Form
from bot.web.chat_session import Session, new_session, remember, session_of
from bot.web.chat_talk import Talks
from bot.web.chat_view import read_cursor
from bot.web.downloads import download
from bot.web.guard import BodyTooLargeError, asker, read_body
from bot.web.pages import page, refusal, static_files, wants_json
from bot.web.parts import WebParts
from bot.web.security import is_same_origin

log = structlog.get_logger()

TOO_LARGE = "Dat bericht is te lang. Knip het in stukken en stuur die één voor één."
ELSEWHERE = "Dit bericht kwam niet van deze pagina. Open de chat en probeer het daar."
UNKNOWN_BROWSER = (
    "Ik herken deze browser niet (meer). Sta cookies toe voor deze site en open de chat opnieuw."
)
NOT_UNDERSTOOD = "Dit bericht kan ik niet lezen. Open de chat en probeer het daar."
NOT_STORED = "Ik kan je bericht nu niet bewaren. Probeer het over een minuut nog eens."
TOO_MANY_NEW = (
    "Er beginnen vanaf jouw netwerk te veel gesprekken tegelijk. "
    "Wacht een minuut en stuur je bericht nog eens."
)
NO_DOCUMENT = "Dit bestand is er niet (meer), of het hoort bij een andere browser."
DOCUMENT_FAILED = "Het bestand maken lukt nu niet. Probeer het over een minuut nog eens."
#: What the sentence asks, in seconds.
_A_MINUTE = 60
#: More digits no database counts to.
_ID = re.compile(r"[0-9]{1,18}")
_TYPES = {
    DocumentKind.PLAN_PDF: "application/pdf",
    DocumentKind.MY_DATA: "application/json",
    DocumentKind.MY_DATA_PDF: "application/pdf",
    DocumentKind.INVITATION: "text/calendar",
}


def chat_routes(parts: WebParts) -> list[BaseRoute]:
    """Give the chat page with its doors and its static files."""
    chat = _Chat(parts)
    return [
        Route("/", chat.show),
        Route("/chat/messages", chat.take, methods=["POST"]),
        Route("/chat/messages", chat.news, methods=["GET"]),
        Route("/chat/documents/{said_id}", chat.document),
        static_files(),
    ]


class _Chat:
    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._talks = Talks(parts)
        self._transcripts = Transcripts(parts.store)

    async def show(self, request: Request) -> Response:
        """Show the conversation; a browser that is new gets a cookie and no rows."""
        session = session_of(request) or new_session()
        transcript = await self._talks.read(session.address)
        response = page(
            "chat.html",
            talk=self._talks.view(transcript, Cursor()),
            limit=LIMIT,
            new_id=lambda: secrets.token_urlsafe(12),
            operator_name=self._parts.operator.name,
            has_postvak=self._parts.postvak is not None,
        )
        # With no referrer at all, browsers call the origin of a form "null", and the check of it
        # would refuse our own page.
        response.headers["Referrer-Policy"] = "same-origin"
        remember(session, request, response)
        return response

    async def take(self, request: Request) -> Response:
        """Store a message; the script hears at once what is new, a bare page at the answer."""
        if not is_same_origin(request):
            return refusal(request, 403, ELSEWHERE)
        try:
            form = Form.from_body(await read_body(request, LIMIT))
        except BodyTooLargeError:
            return refusal(request, 413, TOO_LARGE)
        except ValueError:
            return refusal(request, 400, NOT_UNDERSTOOD)
        session = session_of(request)
        if session is None:
            return refusal(request, 403, UNKNOWN_BROWSER, draft=form.text)
        if incoming := form.incoming(session.address, self._parts.read_text):
            wait = await self._wait(request, session)
            if wait:
                return _too_much(request, TOO_MANY_NEW, form, wait)
            try:
                await self._parts.receive(incoming)
            except TooFastError:
                return _too_much(request, TOO_FAST, form, _A_MINUTE)
            except Exception as error:
                # Not stored, so not confirmed: the person keeps the text and sends it again.
                log.exception("message_not_stored", error=type(error).__name__)
                return refusal(request, 503, NOT_STORED, draft=form.text)
        if wants_json(request):
            return JSONResponse(await self._talks.update(session.address, read_cursor(form.after)))
        await self._talks.answered(session.address)
        last = (await self._transcripts.cursor(Channel.WEB, session.address)).own
        return RedirectResponse(f"/#own-{last}", 303)

    async def news(self, request: Request) -> Response:
        """Give what the page lacks, as soon as there is something."""
        session = session_of(request)
        if session is None:
            return refusal(request, 403, UNKNOWN_BROWSER)
        return JSONResponse(
            await self._talks.news(
                session.address,
                read_cursor(request.query_params.get("after", "")),
                was_ready=request.query_params.get("ready") != "no",
                is_gone=request.is_disconnected,
            )
        )

    async def document(self, request: Request) -> Response:
        """Give a file of this browser's own conversation."""
        session, said_id = session_of(request), request.path_params["said_id"]
        document = None
        if session and _ID.fullmatch(said_id):
            document = await self._transcripts.document(Channel.WEB, session.address, int(said_id))
        if not document:
            return refusal(request, 404, NO_DOCUMENT)
        try:
            content = await self._parts.make_document(document.kind, document.subject)
        except Exception as error:
            log.exception("document_failed", kind=document.kind, error=type(error).__name__)
            return refusal(request, 503, DOCUMENT_FAILED)
        if content is None:
            return refusal(request, 404, NO_DOCUMENT)
        return download(content, _TYPES[document.kind], document.name)

    async def _wait(self, request: Request, session: Session) -> int:
        """Give how many seconds this address has to wait before it begins a conversation."""
        async with self._parts.store.read() as uow:
            if await uow.conversations.find(Channel.WEB, session.address):
                return 0
        return self._parts.beginnings.wait(asker(request))


def _too_much(request: Request, sentence: str, form: Form, wait: int) -> Response:
    response = refusal(request, 429, sentence, draft=form.text)
    response.headers["Retry-After"] = str(wait)
    return response
