"""The whole web side as the composition root makes it, and requests that no browser would send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from bot.chat.commands import read_text
from bot.chat.intake import Intake
from bot.delivery.maildir import MaildirMailer
from bot.domain.inbox import Incoming
from bot.services.bell import Bell, Broadcast
from bot.services.welcome import Operator
from bot.storage.database import Database
from bot.web.app import make_web_app
from bot.web.limits import BEGINNINGS_PER_MINUTE, Limiter
from bot.web.parts import DeskParts, WebParts
from tests.clocks import SteppingClock
from tests.desk_pages import DeskWeb
from tests.person import made_book, make_services

RASA_TOKEN = "token-of-rasa-in-the-tests"
WEBHOOK_SECRET = "secret-of-telegram-in-the-tests"
EVIL_HOST = "evil.example"
Headers = Iterable[tuple[str, str]]


@dataclass
class WholeApp(DeskWeb):
    """Every door of the app; while `trouble` is set, all that is behind them fails with it."""

    maildir: MaildirMailer | None = None
    trouble: str = ""
    received: list[int | None] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    calls: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        web = WebParts(
            store=self.database,
            receive=self.receive,
            read_text=read_text,
            said=Broadcast(),
            make_document=self.make_document,
            is_ready=self.is_ready,
            can_store=lambda: True,
            operator=Operator("een proefopstelling", None),
            postvak=self.maildir,
            fill=self.book.fill,
            public_url=self.book.addresses.public_url,
            beginnings=Limiter(lambda: self.seconds, per_minute=BEGINNINGS_PER_MINUTE),
        )
        desk = DeskParts(
            self.database,
            self.clock,
            self.services,
            self.make_document,
            Limiter(lambda: self.seconds),
        )
        self.app: Starlette = make_web_app(
            web,
            desk,
            run_action=self.run_action,
            token=RASA_TOKEN,
            webhook=(self.receive_update, WEBHOOK_SECRET),
        )

    async def receive(self, message: Incoming) -> int | None:
        self.fail()
        self.received += await Intake(self.database, self.clock, Bell(), made_book().signer).store(
            [message]
        )
        return self.received[-1]

    async def receive_update(self, update: dict[str, Any]) -> None:
        self.fail()
        self.updates.append(update)

    async def run_action(self, call: Any) -> dict[str, Any] | None:
        self.fail()
        self.calls.append(call)
        return {"events": [], "responses": []}

    def is_ready(self) -> bool:
        self.fail()
        return True

    def fail(self) -> None:
        if self.trouble:
            raise RuntimeError(self.trouble)

    def let_a_minute_pass(self) -> None:
        """Let nobody be too fast who comes in now."""
        self.seconds += 60

    async def state(self) -> tuple[Any, ...]:
        """Give everything that a request could have changed."""
        return await self.everything(), list(self.updates), list(self.calls)


def make_app(database: Database, clock: SteppingClock, folder: Path) -> WholeApp:
    maildir = MaildirMailer(folder / "postvak")
    return WholeApp(database, clock, make_services(database, clock), maildir=maildir)


def doors(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Give (method, path) of every door in a list of routes."""
    for route in routes:
        if isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, route.path
        elif isinstance(route, Mount):
            yield "GET", route.path
        else:
            raise AssertionError(f"an unknown kind of door: {route!r}")


@dataclass
class Answer:
    """What came back; `taken` is how many bytes of the body were asked for."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    taken: int = 0

    def header(self, name: str) -> str:
        return dict(self.headers).get(name.lower(), "")

    @property
    def everything(self) -> str:
        return repr(self.headers) + self.body.decode("utf-8", "replace")


@dataclass
class Sender:
    """Sends requests byte for byte, past what a client library would mend."""

    app: Starlette
    address: str = "203.0.113.7"

    async def ask(
        self,
        method: str,
        path: str,
        headers: Headers = (),
        body: bytes | AsyncIterator[bytes] = b"",
        *,
        host: str = "wegwijzer.example",
        query: bytes = b"",
    ) -> Answer:
        """Send a request; an error that the server would have logged is left out."""
        given = [("host", host), *headers]
        answer, is_answered, is_read = Answer(), False, False

        async def receive() -> dict[str, Any]:
            nonlocal is_read
            if is_read:
                # Nothing comes any more, and nobody hangs up.
                await asyncio.Event().wait()
            if isinstance(body, bytes):
                is_read = True
                answer.taken += len(body)
                return {"type": "http.request", "body": body, "more_body": False}
            chunk = await anext(body, b"")
            is_read = not chunk
            answer.taken += len(chunk)
            return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

        async def send(message: Any) -> None:
            nonlocal is_answered
            if message["type"] == "http.response.start":
                is_answered = True
                answer.status = message["status"]
                answer.headers = [(k.decode(), v.decode("latin-1")) for k, v in message["headers"]]
            else:
                answer.body += message.get("body", b"")

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(errors="replace"),
            "query_string": query,
            "root_path": "",
            "headers": [(k.lower().encode(), v.encode("latin-1", "replace")) for k, v in given],
            "client": (self.address, 50000),
            "server": ("127.0.0.1", 8000),
        }
        try:
            await self.app(scope, receive, send)
        except Exception:
            # Starlette answers first and then lets the server know.
            if not is_answered:
                raise
        return answer


async def endless(chunk: bytes = b"x" * 65536) -> AsyncIterator[bytes]:
    """Give a body without an end; whoever reads on after 64 MB has no limit."""
    for _ in range(1000):
        yield chunk
    raise AssertionError("read without a limit")
