"""Whatever is made from the description of the doors, right and wrong, is answered properly."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import status_code_conformance
from starlette.routing import Route
from telegram import Bot

from bot.bootstrap import _action_runner
from bot.chat.intake import Intake
from bot.chat.telegram import TelegramDoor
from bot.delivery.maildir import MaildirMailer
from bot.domain.access import Link, Purpose
from bot.services.bell import Bell
from bot.storage.database import Database
from bot.web import chat_talk, security
from bot.web.security import HEADERS
from tests.clocks import SteppingClock
from tests.faults.sizes import size
from tests.mails import make_mail
from tests.person import Person, made_book, make_services, write_plan
from tests.recorded_telegram import Recorded
from tests.reviews import add_contacts, only_plan
from tests.security.surface import DESCRIBED, HOME, HTML, Door, Known, document, shown
from tests.security.whole_app import RASA_TOKEN, WEBHOOK_SECRET, Answer, Sender, WholeApp, doors
from tests.sent_plans import Sent, store

OURS = "https://wegwijzer.example"
HERE = "http://127.0.0.1:8000"
EXAMPLES_SHORT = 6
EXAMPLES = size(EXAMPLES_SHORT, 10 * EXAMPLES_SHORT)
BY_LINK = [door for door in DESCRIBED if door[1].startswith(HOME)]
BY_CHAT = [door for door in DESCRIBED if door[1].startswith("/chat")] + [("GET", "/")]
BY_MACHINE = [("POST", "/rasa/actions"), ("POST", "/telegram"), ("POST", "/l/nieuw")]
BY_MACHINE += [("GET", "/l/{word}"), *(door for door in DESCRIBED if "/postvak" in door[1])]
PURPOSES = [Purpose.REVIEW, Purpose.REGION, Purpose.MANAGEMENT, Purpose.CONFIRM]
KNOWN_BY = [(purpose.value, door) for purpose in PURPOSES for door in BY_LINK]
KNOWN_BY += [("browser", door) for door in BY_CHAT]
KNOWN_BY += [("machine", door) for door in BY_MACHINE]
#: Rasa alone comes in here, and its protocol says with a 500 that an action could not be run.
FAILING = ("POST", "/rasa/actions")
#: What a door says otherwise than `HEADERS` does.
OTHERWISE = {"Referrer-Policy": {"no-referrer", "same-origin"}}
OTHERWISE_AT = {
    "/static": {"Cache-Control": {"no-cache"}},
    "/postvak/{key}/html": {"X-Frame-Options": {"SAMEORIGIN"}},
}


class Doors(WholeApp):
    """The app with what really stands behind Telegram's and Rasa's doors."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.bot = Bot("1:x", request=Recorded())
        self.telegram = TelegramDoor(
            self.bot, Intake(self.database, self.clock, Bell(), made_book().signer), self.database
        )
        self.run = _action_runner(self.services)

    async def receive_update(self, update: dict[str, Any]) -> None:
        await self.telegram.receive([update])

    async def run_action(self, call: Any) -> dict[str, Any] | None:
        answer: dict[str, Any] | None = await self.run(call)
        return answer


@dataclass
class Surface:
    """The app in a loop of its own, with a plan, contacts and their links."""

    runner: asyncio.Runner
    web: Doors
    links: dict[str, Link]
    mail: str

    def state(self) -> Any:
        return self.runner.run(self.web.everything())

    def known(self, visitor: str) -> Known:
        """Give what a visitor knows: addresses are no secrets, the rest is."""
        open_to_all = {
            "file": ("chat.js", "wegwijzer.css", "wegwijzer.svg", "../pages.py", "x"),
            "reference": ("STO-2026-0001", "STO-2026-0002", "x"),
            "said_id": ("1", "0", "9" * 24, "9" * 5000, "-1"),
            "link_id": tuple(link.id for link in self.links.values()),
            "key": (self.mail, "x"),
            "name": ("STO-2026-0001.pdf", "STO-2026-0001.json", "x"),
        }
        if visitor == "stranger":
            return Known(open_to_all)
        if visitor == "machine":
            word = self.web.signer.word(self.links["review"].id)
            secret = {
                "word": (word, word[:-1], "x"),
                "Authorization": (f"Bearer {RASA_TOKEN}",),
                "X-Telegram-Bot-Api-Secret-Token": (WEBHOOK_SECRET,),
            }
            return Known(open_to_all | secret)
        if visitor == "browser":
            return Known({"said_id": open_to_all["said_id"]})
        mine = {
            "link_id": (self.links[visitor].id,),
            "proof": (self.web.signer.form_proof(self.links[visitor].id),),
        }
        return Known(open_to_all | mine, "review" if visitor == "region" else visitor)

    def brought(self, visitor: str) -> list[tuple[str, str]]:
        """Give the headers that a visitor's browser adds."""
        if visitor == "browser":
            return [("origin", OURS), ("cookie", f"wegwijzer={'x' * 43}")]
        if visitor in self.links:
            ticket = self.web.signer.ticket(self.links[visitor].id, self.web.clock.now())
            return [("origin", OURS), ("cookie", f"toegang={ticket}")]
        return [("origin", HERE if visitor == "machine" else OURS)]

    def send(self, request: requests.PreparedRequest, visitor: str) -> Answer:
        assert request.url
        assert request.method
        to = urlsplit(request.url)
        body = request.body or b""
        is_here = visitor == "machine"
        headers = [(name, value) for name, value in request.headers.items()]
        self.web.seconds += 60
        return self.runner.run(
            Sender(self.web.app, "127.0.0.1" if is_here else "203.0.113.7").ask(
                request.method,
                unquote(to.path),
                [(name, as_text(value)) for name, value in headers] + self.brought(visitor),
                body if isinstance(body, bytes) else str(body).encode("utf-8", "replace"),
                host="127.0.0.1:8000" if is_here else "wegwijzer.example",
                query=to.query.encode(),
            )
        )


def as_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@pytest.fixture(scope="module")
def surface(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surface]:
    folder = tmp_path_factory.mktemp("surface")
    path = shutil.copy(migrated_file, folder / "test.db")
    clock = SteppingClock()
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        # Nobody answers here, so nobody needs to wait for it.
        patch.setattr(chat_talk, "NEWS_SECONDS", 0.01)
        patch.setattr(chat_talk, "ANSWER_SECONDS", 0.01)
        database = Database(f"sqlite+aiosqlite:///{path}", clock)
        yield runner.run(made(database, clock, folder, runner))
        runner.run(database.close())


async def made(
    database: Database, clock: SteppingClock, folder: Path, runner: asyncio.Runner
) -> Surface:
    maildir = MaildirMailer(folder / "postvak")
    web = Doors(database, clock, make_services(database, clock), maildir=maildir)
    await add_contacts(database)
    async with database.write() as uow:
        await store(uow, clock.now(), Sent(1), Sent(2, region="emmen"))
        found = await uow.reviews.by_reference("STO-2026-0001")
    assert found
    teacher = Person(database, web.services, clock)
    await write_plan(teacher, until="activiteiten")
    await teacher.answer("We bouwen een windmolen met de klas.")
    idea = await only_plan(teacher)
    links = {
        "review": await web.review_link(found[0].id),
        "region": await web.link(Purpose.REGION, contact="manager"),
        "management": await web.link(Purpose.MANAGEMENT, idea.id, email="leiding@nassau.example"),
        "confirm": await web.link(Purpose.CONFIRM, contact="manager"),
    }
    await maildir.send(make_mail())
    return Surface(runner, web, links, maildir.list_mails()[0].key)


def ask_every_case(surface: Surface, visitor: str, door: Door) -> set[int]:
    """Send what is made for a door, right and wrong; give the statuses of the answers."""
    described = document(surface.web.app.routes, surface.known(visitor))
    operation = schemathesis.openapi.from_dict(described)[shown(door[1])][door[0]]
    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)
    before, statuses = surface.state(), set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        # What failed is said as it was sent; looking for a smaller one takes minutes.
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(st.one_of(right, wrong))
    def ask(case: Case) -> None:
        request = requests.Request(**case.as_transport_kwargs(base_url=OURS)).prepare()
        answer = surface.send(request, visitor)
        said = f"{request.method} {request.url} {request.body!r:.300} gave {answer.status}"
        assert_proper(answer, door, said)
        if answer.status < 500:
            case.validate_response(as_response(answer, request), checks=[status_code_conformance])
        statuses.add(answer.status)
        if visitor == "stranger":
            assert surface.state() == before, said

    ask()
    return statuses


def assert_proper(answer: Answer, door: Door, said: str) -> None:
    """Assert what every answer has, whoever asked and whatever came of it."""
    is_told = door == FAILING and answer.body.startswith(b'{"error":"failed","action_name":')
    assert 200 <= answer.status < 500 or is_told, said
    allowed = OTHERWISE | OTHERWISE_AT.get(door[1], {})
    for name, value in HEADERS.items():
        given = answer.header(name)
        is_framed = door[1].endswith("/html") and given.startswith("sandbox; default-src 'none'")
        assert given in allowed.get(name, {value}) | {value} or is_framed, f"{said}: {name} {given}"
    assert not answer.header("access-control-allow-origin"), said
    kind, _, charset = answer.header("content-type").partition("; ")
    if answer.body:
        assert kind in (*DESCRIBED[door].gives, HTML), f"{said}: {kind}"
        assert charset == "charset=utf-8" or not kind.startswith("text/"), f"{said}: {charset}"


def as_response(answer: Answer, request: requests.PreparedRequest) -> requests.Response:
    response = requests.Response()
    response.status_code, response._content, response.request = answer.status, answer.body, request
    response.headers.update(answer.headers)
    return response


def test_every_door_is_described(surface: Surface) -> None:
    assert set(doors(surface.web.app.routes)) == set(DESCRIBED)


def test_door_without_a_description_is_refused(surface: Surface) -> None:
    async def open_to_all(_request: Any) -> Any: ...

    routes = [*surface.web.app.routes, Route("/new", open_to_all)]

    with pytest.raises(KeyError, match="/new"):
        document(routes, Known())


@pytest.mark.parametrize("door", DESCRIBED, ids=" ".join)
def test_stranger_gets_proper_answers_and_changes_nothing(surface: Surface, door: Door) -> None:
    statuses = ask_every_case(surface, "stranger", door)

    is_open = door[1] in ("/", "/privacy", "/static", "/healthz", "/readyz", "/l/nieuw")
    assert is_open or statuses.isdisjoint({200, 303}), statuses


@pytest.mark.parametrize(
    ("visitor", "door"), KNOWN_BY, ids=lambda one: one if isinstance(one, str) else " ".join(one)
)
def test_who_may_come_in_gets_proper_answers(surface: Surface, visitor: str, door: Door) -> None:
    ask_every_case(surface, visitor, door)


@pytest.mark.parametrize("visitor", [purpose.value for purpose in PURPOSES])
def test_made_requests_do_come_in(surface: Surface, visitor: str) -> None:
    """Without this the answers above could all be the same refusal."""
    assert 200 in ask_every_case(surface, visitor, ("GET", HOME))
    assert {303, 409, 422} & ask_every_case(surface, visitor, ("POST", HOME)) or visitor == "region"


def test_broken_door_is_noticed(surface: Surface, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surface.web, "trouble", "geheim42")

    with pytest.raises(AssertionError, match="gave 500"):
        ask_every_case(surface, "stranger", ("GET", "/readyz"))


def test_loose_door_is_noticed(surface: Surface, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "HEADERS", dict(HEADERS))
    monkeypatch.delitem(security.HEADERS, "X-Frame-Options")

    with pytest.raises(AssertionError, match="X-Frame-Options"):
        ask_every_case(surface, "stranger", ("GET", "/healthz"))
