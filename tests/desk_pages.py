"""The pages behind a link, in process: real database, real services, a browser without a screen."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.domain.access import Link, Purpose
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.turn import DocumentKind
from bot.services.links import LinkBook, LinkSigner
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.web.desk import desk_routes
from bot.web.limits import Limiter
from bot.web.pages import error_handlers, static_files
from bot.web.parts import DeskParts
from bot.web.security import SecurityHeaders
from tests.clocks import SteppingClock
from tests.person import make_services
from tests.reviews import CONTACTS

HOST = "https://wegwijzer.example"
_INPUT = re.compile(r"<input type=\"hidden\" name=\"(\w+)\" value=\"([^\"]*)\"")


@dataclass
class DeskWeb:
    """The app with the pages behind links, and what stands around it."""

    database: Database
    clock: SteppingClock
    services: UseCases
    seconds: float = 0.0
    made: list[tuple[DocumentKind, str]] = field(default_factory=list)
    is_broken: bool = False

    def __post_init__(self) -> None:
        parts = DeskParts(
            self.database,
            self.clock,
            self.services,
            self.make_document,
            Limiter(lambda: self.seconds),
        )
        self.app = Starlette(
            routes=[*desk_routes(parts), static_files()],
            middleware=[Middleware(SecurityHeaders)],
            exception_handlers=error_handlers(),
        )

    @property
    def book(self) -> LinkBook:
        return self.services.book

    @property
    def signer(self) -> LinkSigner:
        return self.services.book.signer

    async def make_document(self, kind: DocumentKind, subject: str) -> bytes | None:
        if self.is_broken:
            raise OSError("disk full")
        self.made.append((kind, subject))
        return b"%PDF-of-" + subject.encode()

    async def link(
        self,
        purpose: Purpose,
        plan_id: str | None = None,
        contact: str | None = None,
        email: str | None = None,
    ) -> Link:
        """Give a link, for a contact with its own address."""
        async with self.database.write() as uow:
            return await self.book.give(
                uow,
                self.clock.now(),
                purpose,
                plan_id=plan_id,
                contact_id=contact,
                email=email or (CONTACTS[contact].email if contact in CONTACTS else None),
            )

    async def review_link(self, plan_id: str, contact: str = "manager") -> Link:
        return await self.link(Purpose.REVIEW, plan_id, contact)

    def door(self, link: Link) -> str:
        """Give the path that a link in a mail has."""
        return f"/l/{self.signer.word(link.id)}"

    @asynccontextmanager
    async def browser(
        self, host: str = HOST, address: str = "203.0.113.7"
    ) -> AsyncIterator[Browser]:
        transport = httpx.ASGITransport(self.app, client=(address, 50000))
        headers = {"Origin": host}
        async with httpx.AsyncClient(transport=transport, base_url=host, headers=headers) as client:
            yield Browser(client)

    @asynccontextmanager
    async def visitor(self, link: Link, **more: Any) -> AsyncIterator[Browser]:
        """Give a browser that has opened a link."""
        async with self.browser(**more) as browser:
            response = await browser.client.get(self.door(link), follow_redirects=True)
            assert response.status_code == 200, response.text
            browser.home = f"/toegang/{link.id}"
            browser.page = response.text
            yield browser

    async def everything(self) -> dict[str, list[str]]:
        """Give all that the database holds, table by table."""
        async with self.database.engine.connect() as connection:
            return {
                table.name: sorted(repr(row) for row in await connection.execute(select(table)))
                for table in metadata.sorted_tables
            }

    async def mails(self) -> list[tuple[str, str]]:
        """Take what waits to be mailed; give address and subject of every notice."""
        async with self.database.write() as uow:
            now = self.clock.now()
            rows = await uow.outbox.claim(["email"], now, limit=100, seconds=60)
            for row in rows:
                await uow.outbox.sent(row.id, now)
        notices = [row for row in rows if row.payload["kind"] == "notice"]
        return [(row.address, row.payload["subject"]) for row in notices]


@dataclass
class Browser:
    """A browser without scripts, as far as these pages need one."""

    client: httpx.AsyncClient
    home: str = ""
    page: str = ""

    async def open(self, path: str = "") -> httpx.Response:
        response = await self.client.get(self.home + path)
        self.page = response.text
        return response

    def hidden(self, form: str) -> dict[str, str]:
        """Give the hidden fields of the form with this name, on the page that is open."""
        for part in self.page.split("<form ")[1:]:
            fields = dict(_INPUT.findall(part.partition("</form>")[0]))
            if fields.get("form") == form:
                return {name: html.unescape(value) for name, value in fields.items()}
        raise AssertionError(f"no form {form!r} on this page")

    def has_form(self, form: str) -> bool:
        return f'name="form" value="{form}"' in self.page

    async def send(self, form: str, path: str = "", **fields: str) -> httpx.Response:
        """Fill in a form of the page that is open and send it; keep the page that comes."""
        response = await self.client.post(
            self.home + path, data={**self.hidden(form), **fields}, follow_redirects=True
        )
        self.page = response.text
        return response

    @property
    def said(self) -> str:
        """Give the page as a person reads it."""
        return plain(self.page)


def plain(page: str) -> str:
    body = re.sub(r"<(head|option)[ >].*?</\1>", " ", page, flags=re.DOTALL)
    body = re.sub(r"</(p|dt|dd|li|h\d|label|legend|small|span|summary|button)>", " ", body)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split())


def make_desk(database: Database, clock: SteppingClock) -> DeskWeb:
    return DeskWeb(database, clock, make_services(database, clock))


async def answered_anew(desk: DeskWeb, plan: Plan, step: str, text: str) -> None:
    """Let the teacher have given another answer to what was asked, as the next version."""
    async with desk.database.write() as uow:
        review, summary = await uow.reviews.get(plan.id), await uow.plans.summary(plan.id)
        assert review
        assert summary
        answers = [
            {**one, "text": text} if one["key"] == step else one for one in summary["answers"]
        ]
        number, now = review.version + 1, desk.clock.now()
        await uow.reviews.add_version(plan.id, number, {**summary, "answers": answers}, now)
        await uow.reviews.save(replace(review, version=number, waiting_since=now))
        await uow.plans.move(replace(plan, status=PlanStatus.REVISED), now)
        await uow.reviews.add_event(
            PlanEvent(
                plan_id=plan.id,
                at=now,
                role=Role.TEACHER,
                name="de docent",
                action=Action.REVISE,
                before=PlanStatus.ASKED,
                after=PlanStatus.REVISED,
                version=number,
                step=step,
                text=text,
            )
        )
