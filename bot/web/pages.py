"""Renders the Dutch pages, also the ones for when something goes wrong."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ExceptionHandler

from bot.web.security import HEADERS

_HERE = Path(__file__).parent
_SENTENCES = {
    404: "Deze pagina is er niet (meer).",
    405: "Zo werkt deze pagina niet.",
    500: "Er ging iets mis, en dat ligt niet aan jou. Wat je al hebt gezegd, is bewaard.",
}


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template; every value in it is shown literally."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


def wants_json(request: Request) -> bool:
    """Say whether our own script asks, and not a browser that shows the answer."""
    return "application/json" in request.headers.get("accept", "")


def refusal(request: Request, status: int, sentence: str, *, draft: str = "") -> Response:
    """Say in one sentence why something does not go; give back what the person typed."""
    if wants_json(request):
        return JSONResponse({"error": sentence}, status)
    return page("refusal.html", status=status, sentence=sentence, draft=draft)


def error_handlers() -> dict[Any, ExceptionHandler]:
    """Give the handlers that turn the server's errors into pages."""

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        response = refusal(request, status, _SENTENCES.get(status, _SENTENCES[500]))
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        # Who answers for what nobody expected stands outside the middleware that adds these.
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return {HTTPException: refused, Exception: refused}


def static_files() -> Mount:
    """Give the door to the stylesheet, the script and the pictures."""
    return Mount("/static", _Static(directory=_HERE / "static"), name="static")


class _Static(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Let browsers keep a file and ask each time whether it has changed."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
