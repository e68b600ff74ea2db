"""What strangers, forgers and broken clients get at each door of the app."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.domain.access import Link, Purpose
from bot.storage.database import Database
from bot.web import chat_talk
from bot.web.security import HEADERS
from tests.clocks import SteppingClock
from tests.integration.running_chat import ChatMaker
from tests.mails import make_mail
from tests.reviews import CONTACTS, add_contacts
from tests.security.cases import for_each
from tests.security.whole_app import (
    EVIL_HOST,
    RASA_TOKEN,
    WEBHOOK_SECRET,
    Answer,
    Sender,
    WholeApp,
    doors,
    endless,
    make_app,
)
from tests.sent_plans import Sent, store

pytest_plugins = ["tests.integration.chat_fixtures"]

OURS = "https://wegwijzer.example"
SAME = ("origin", OURS)
HOME = "/toegang/{link_id}"
PLAN = f"{HOME}/plannen/{{reference}}"
#: Every door, with the purpose of the link that opens it, if one does.
BY_LINK = {
    ("GET", HOME): Purpose.REVIEW,
    ("POST", HOME): Purpose.REVIEW,
    ("GET", f"{HOME}/plan.pdf"): Purpose.REVIEW,
    ("GET", f"{HOME}/plannen.csv"): Purpose.REGION,
    ("GET", f"{HOME}/plannen.xlsx"): Purpose.REGION,
    ("GET", PLAN): Purpose.REGION,
    ("POST", PLAN): Purpose.REGION,
    ("GET", f"{PLAN}/plan.pdf"): Purpose.REGION,
    ("POST", f"{HOME}/overzicht"): Purpose.REGION,
    ("POST", f"{HOME}/telegram"): Purpose.REGION,
}
LOCAL = {
    ("GET", "/postvak"),
    ("GET", "/postvak/{key}"),
    ("GET", "/postvak/{key}/html"),
    ("GET", "/postvak/{key}/bijlage/{name}"),
}
OPEN = {
    ("GET", "/"),
    ("GET", "/l/{word}"),
    ("GET", "/privacy"),
    ("GET", "/static"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
}
BY_COOKIE = {
    ("GET", "/chat/messages"),
    ("POST", "/chat/messages"),
    ("GET", "/chat/documents/{said_id}"),
}
BY_SECRET = {
    ("POST", "/rasa/actions"): ("authorization", f"Bearer {RASA_TOKEN}"),
    ("POST", "/telegram"): ("x-telegram-bot-api-secret-token", WEBHOOK_SECRET),
}
BY_FORM = {("POST", "/l/nieuw")}
ALL = sorted({*BY_LINK, *LOCAL, *OPEN, *BY_COOKIE, *BY_SECRET, *BY_FORM})
POSTS = [door for door in ALL if door[0] == "POST"]
BY_LINK_DOORS = list(BY_LINK)
#: The most that any door reads, and one piece of what arrives.
MOST = 4_000_000 + 65536


@dataclass
class Site(Sender):
    """The app with a plan in it, and for each door a path that leads somewhere."""

    web: WholeApp | None = None
    links: dict[Purpose, Link] | None = None

    async def ask(self, *given: Any, **more: Any) -> Answer:
        """Send a request; who asks has not asked too often before."""
        assert self.web
        self.web.seconds += 60
        return await super().ask(*given, **more)

    def path(self, door: tuple[str, str]) -> str:
        assert self.web
        assert self.links
        link = self.links[BY_LINK.get(door, Purpose.REVIEW)]
        path = door[1].replace("{link_id}", link.id).replace("{reference}", "STO-2026-0001")
        path = path.replace("{word}", self.web.signer.word(link.id)).replace("{name}", "plan.pdf")
        path = path.replace("{key}", "0" * 16).replace("{said_id}", "1")
        return "/static/chat.js" if path == "/static" else path

    def ticket(self, door: tuple[str, str]) -> str:
        assert self.web
        assert self.links
        return self.web.signer.ticket(self.links[BY_LINK[door]].id, self.web.clock.now())

    def form(self, door: tuple[str, str]) -> bytes:
        """Give the body of a form that was made for somebody who may come in here."""
        assert self.web
        assert self.links
        body = b"text=x&word=x&form=note&mark=an-id-of-ours"
        if door in BY_LINK:
            body += f"&proof={self.web.signer.form_proof(self.links[BY_LINK[door]].id)}".encode()
        return body

    def right(self, door: tuple[str, str]) -> list[tuple[str, str]]:
        """Give the headers of somebody who may come in here."""
        if door in BY_LINK:
            return [("cookie", f"toegang={self.ticket(door)}"), SAME]
        if door in BY_SECRET:
            return [BY_SECRET[door]]
        return [("cookie", f"wegwijzer={'x' * 43}"), SAME]

    async def state(self) -> Any:
        assert self.web
        return await self.web.state()


@pytest.fixture
async def site(
    database: Database, clock: SteppingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Site:
    # Nobody answers here, so nobody needs to wait for it.
    monkeypatch.setattr(chat_talk, "NEWS_SECONDS", 0.01)
    monkeypatch.setattr(chat_talk, "ANSWER_SECONDS", 0.01)
    web = make_app(database, clock, tmp_path)
    await add_contacts(database)
    async with database.write() as uow:
        await store(uow, clock.now(), Sent(1), Sent(2, region="emmen"))
        found = await uow.reviews.by_reference("STO-2026-0001")
    assert found
    links = {
        Purpose.REVIEW: await web.review_link(found[0].id),
        Purpose.REGION: await web.link(Purpose.REGION, contact="manager"),
    }
    assert web.maildir
    await web.maildir.send(make_mail())
    return Site(web.app, web=web, links=links)


def refused(answer: Answer) -> bool:
    return answer.status in (400, 401, 403, 404, 405, 413, 422, 429)


# The list of doors


async def test_every_door_has_a_case(site: Site) -> None:
    assert sorted(doors(site.app.routes)) == ALL


async def test_running_app_has_these_doors(chats: ChatMaker) -> None:
    settings = {"telegram_mode": "webhook", "telegram_webhook_url": "http://127.0.0.1:9"}

    async with chats.start(**settings) as chat:
        found = sorted(doors(chat.parts.web.routes))

    assert found == ALL


@for_each(door=ALL)
async def test_right_request_reaches_its_door(site: Site, door: tuple[str, str]) -> None:
    """Without this the refusals below would say nothing."""
    host = "127.0.0.1" if door in LOCAL else "wegwijzer.example"
    site.address = "127.0.0.1"
    body = b'{"update_id": 1}' if door in BY_SECRET else b"text=hallo&word=x"
    query = b"ready=no"

    answer = await site.ask(
        door[0], site.path(door), site.right(door), body, host=host, query=query
    )

    is_missing = {"/chat/documents/{said_id}", *(path for _, path in LOCAL)} - {"/postvak"}
    if door in BY_LINK and door[0] == "POST":
        # It came in, and lacks only the proof of the form.
        assert answer.status == 403
        assert "kwam niet van deze pagina" in answer.body.decode()
    elif door[1] in is_missing:
        assert answer.status == 404
    else:
        assert answer.status in (200, 303)


@for_each(door=[door for door in ALL if door[0] == "GET"])
async def test_no_page_loads_anything_from_elsewhere(site: Site, door: tuple[str, str]) -> None:
    site.address = "127.0.0.1"
    host = "127.0.0.1" if door in LOCAL else "wegwijzer.example"

    answer = await site.ask("GET", site.path(door), site.right(door), host=host, query=b"ready=no")

    page = answer.body.decode("utf-8", "replace")
    is_page = "text/html" in answer.header("content-type")
    # What a browser fetches by itself; a link is only followed by who clicks it.
    loads = r"<(?:link|script|img|iframe|form|source|object|embed)\b[^>]*"
    found = re.findall(loads + r"(?:src|href|action|data|srcset)=.?(?:https?:)?//", page)
    assert found == []
    assert not is_page or "/static/wegwijzer.css" in page


# Methods


@for_each(door=ALL)
async def test_other_methods_do_nothing(site: Site, door: tuple[str, str]) -> None:
    before, known = await site.state(), {method for method, path in ALL if path == door[1]}
    strange = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "X"} - known
    override = ("x-http-method-override", "POST")

    answers = [
        await site.ask(method, site.path(door), [*site.right(door), override], b"text=x")
        for method in sorted(strange)
    ]

    # What is asked for at /l/nieuw is a word like any other.
    usual = {404, 405} if door[1] == "/l/nieuw" else {405}
    assert {answer.status for answer in answers} <= usual
    assert await site.state() == before


@for_each(door=ALL)
async def test_head_changes_nothing(site: Site, door: tuple[str, str]) -> None:
    before = await site.state()

    answer = await site.ask("HEAD", site.path(door), site.right(door), query=b"ready=no")

    assert answer.status < 500
    assert await site.state() == before


# Strangers


@for_each(door=POSTS)
async def test_stranger_changes_nothing(site: Site, door: tuple[str, str]) -> None:
    before = await site.state()

    answer = await site.ask("POST", site.path(door), (), b"text=x&form=receive&proof=x&word=x")

    assert answer.status in (401, 403, 404)
    assert await site.state() == before


ORIGINS = [
    f"https://{EVIL_HOST}",
    "http://wegwijzer.example",
    "https://wegwijzer.example.evil.example",
    "https://evil.example@wegwijzer.example:444",
    "null",
    "",
]


@for_each(door=POSTS, origin=ORIGINS)
async def test_form_of_another_site_changes_nothing(
    site: Site, door: tuple[str, str], origin: str
) -> None:
    if origin == "http://wegwijzer.example":
        # The origin without https is another one, which the browser itself says.
        given = [("origin", origin), ("sec-fetch-site", "cross-site")]
    else:
        given = [("origin", origin)]
    mine = [one for one in site.right(door) if one[0] == "cookie"]
    before = await site.state()

    answer = await site.ask("POST", site.path(door), [*mine, *given], site.form(door))

    assert answer.status in (401, 403)
    assert await site.state() == before


@for_each(door=[door for door in POSTS if door in BY_LINK])
async def test_same_form_of_our_own_page_comes_in(site: Site, door: tuple[str, str]) -> None:
    """Without this the refusal of another site's form would say nothing."""
    answer = await site.ask("POST", site.path(door), site.right(door), site.form(door))

    assert answer.status not in (401, 403)


ALTERED = {
    "none": "",
    "rubbish": "x" * 60,
    "longer": "{ticket}A",
    "shorter": "{short}",
    "later": "9{ticket}",
    "negative": "-{ticket}",
    "other digits": "\u0661{ticket}",
    "quoted": '"{ticket}\\"',
    "two": "{ticket}; toegang=x",
    "nul": "{ticket}\\000",
    "huge": "{ticket}" + "A" * 100_000,
    "format": "{{0.__class__}}",
    "sql": "' OR 1=1--",
}


@for_each(door=BY_LINK_DOORS, altered=ALTERED)
async def test_altered_ticket_opens_nothing(
    site: Site, door: tuple[str, str], altered: str
) -> None:
    ticket = site.ticket(door)
    given = altered.format(ticket=ticket, short=ticket[:-1])

    answer = await site.ask(door[0], site.path(door), [("cookie", f"toegang={given}"), SAME])

    assert answer.status == 404
    assert "Drones" not in answer.body.decode()


@for_each(door=BY_LINK_DOORS)
async def test_ticket_of_another_link_opens_nothing(site: Site, door: tuple[str, str]) -> None:
    assert site.web
    other = await site.web.link(Purpose.REGION, contact="other_region")
    ticket = site.web.signer.ticket(other.id, site.web.clock.now())

    answer = await site.ask(door[0], site.path(door), [("cookie", f"toegang={ticket}"), SAME])

    assert answer.status == 404


ALTERED_SESSIONS = ["", "x" * 42, "x" * 44, "\u00e9" * 43, "../" * 14 + "x", "x" * 9999]


@for_each(door=sorted(BY_COOKIE), cookie=ALTERED_SESSIONS)
async def test_altered_session_opens_nothing(
    site: Site, door: tuple[str, str], cookie: str
) -> None:
    before = await site.state()

    answer = await site.ask(
        door[0], site.path(door), [("cookie", f"wegwijzer={cookie}"), SAME], b"text=x"
    )

    assert answer.status in (403, 404)
    assert await site.state() == before


FORGED = ["", "Bearer", "Bearer ", f"Bearer {RASA_TOKEN}x", f"bearer {RASA_TOKEN}", RASA_TOKEN]
FORGED += [f"Basic {RASA_TOKEN}", f"Bearer {RASA_TOKEN[:-1]}", f"Bearer {WEBHOOK_SECRET}", "\u00e9"]


@for_each(forged=FORGED)
async def test_forged_action_call_is_refused_unread(site: Site, forged: str) -> None:
    before = await site.state()

    answer = await site.ask("POST", "/rasa/actions", [("authorization", forged)], endless())

    assert (answer.status, answer.taken) == (401, 0)
    assert await site.state() == before


FORGED_SECRETS = ["", "x", WEBHOOK_SECRET + "x", WEBHOOK_SECRET[:-1]]
FORGED_SECRETS += [WEBHOOK_SECRET.upper(), "\u00e9"]


@for_each(forged=FORGED_SECRETS)
async def test_forged_webhook_is_refused_unread(site: Site, forged: str) -> None:
    before = await site.state()

    answer = await site.ask(
        "POST", "/telegram", [("x-telegram-bot-api-secret-token", forged)], endless()
    )

    assert (answer.status, answer.taken) == (403, 0)
    assert await site.state() == before


@for_each(path=["/telegram", "/rasa/actions"])
async def test_secret_in_the_address_opens_nothing(site: Site, path: str) -> None:
    secret = f"token={RASA_TOKEN}&secret_token={WEBHOOK_SECRET}".encode()

    answer = await site.ask("POST", path, (), b'{"update_id": 1}', query=secret)

    assert answer.status in (401, 403)


# Bodies


@for_each(door=POSTS)
async def test_endless_body_is_not_read_to_its_end(site: Site, door: tuple[str, str]) -> None:
    before = await site.state()

    answer = await site.ask("POST", site.path(door), site.right(door), endless())

    assert answer.status == 413
    assert answer.taken <= MOST
    assert await site.state() == before


BODIES = {
    "nothing": ("application/json", b""),
    "gzip": ("application/json", gzip.compress(b'{"update_id": 1}')),
    "bomb": ("application/json", gzip.compress(b" " * 10_000_000)),
    "xml": ("application/xml", b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
    "multipart": ("multipart/form-data; boundary=x", b"--x\r\n\r\nhoi\r\n--x--\r\n"),
    "no unicode": ("application/x-www-form-urlencoded", b"\xff\xfe\x00text"),
    "deep": ("application/json", b"[" * 200_000),
    "large number": ("application/json", b"1" * 5000),
    "wrong kind": ("application/json", b'"update_id"'),
    "list": ("application/json", b'["update_id"]'),
    "many fields": ("application/x-www-form-urlencoded", b"a=b&" * 5000),
    "pickle": ("application/octet-stream", b"cos\nsystem\n(S'true'\ntR."),
}


@for_each(door=POSTS, kind=list(BODIES))
async def test_body_of_another_kind_changes_nothing(
    site: Site, door: tuple[str, str], kind: str
) -> None:
    media_type, body = BODIES[kind]
    before = await site.state()
    more = [("content-type", media_type)]
    if body[:2] == b"\x1f\x8b":
        more.append(("content-encoding", "gzip"))

    answer = await site.ask("POST", site.path(door), [*site.right(door), *more], body)

    # A wish for a new link is answered alike, whatever was in it; no text is no message.
    is_silent = door[1] in ("/l/nieuw", "/chat/messages") and answer.status in (200, 303)
    assert refused(answer) or is_silent
    assert await site.state() == before


# Headers


@for_each(door=ALL)
async def test_flood_of_headers_is_no_error(site: Site, door: tuple[str, str]) -> None:
    flood = [(f"x-{number}", "x" * 100) for number in range(2000)]
    strange = [
        ("cookie", "x=" * 50_000),
        ("range", "bytes=" + "0-," * 1000),
        ("accept", "x" * 9999),
    ]

    answer = await site.ask(door[0], site.path(door), [*flood, *strange], query=b"ready=no")

    assert answer.status < 500


HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
LAST = HEALTH + b"Connection: close\r\n\r\n"
SAID = b"POST /chat/messages HTTP/1.1\r\nHost: x\r\n"
#: What a proxy may read as one request and the server as two, or the other way round.
SMUGGLED = {
    "two lengths": SAID + b"Content-Length: 4\r\nContent-Length: 9\r\n\r\ntext=hoi!" + LAST,
    "none or all": SAID + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(LAST) + LAST,
    "length and chunks": SAID
    + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (len(LAST) + 5)
    + LAST,
    "chunks and length": SAID
    + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
    + LAST,
    "strange chunks": SAID
    + b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
    + LAST,
    "split": HEALTH + b"X: a\rb\r\n\r\n" + LAST,
    "nul in the address": b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n" + LAST,
    "nul in a header": HEALTH + b"X: a\x00b\r\n\r\n" + LAST,
}


async def test_smuggled_request_is_refused_and_nothing_behind_it_heard(chats: ChatMaker) -> None:
    async with chats.start() as chat:
        port = chat.parts.listening.getsockname()[1]
        # Without this the one answer to each of the others would say nothing.
        honest = await raw(port, HEALTH + b"\r\n" + LAST)
        answers = {name: await raw(port, sent) for name, sent in SMUGGLED.items()}

    assert honest.count(b"HTTP/1.1 200") == 2
    for name, answer in answers.items():
        assert answer.startswith(b"HTTP/1.1 400 "), name
        assert answer.count(b"HTTP/1.1 ") == 1, name


async def test_server_survives_floods(chats: ChatMaker) -> None:
    floods = {
        "headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"x" * 200_000 + b"\r\n\r\n",
        "address": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        "no protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    }
    async with chats.start() as chat:
        port = chat.parts.listening.getsockname()[1]
        answers = {name: await raw(port, flood) for name, flood in floods.items()}
        still_there = await raw(port, LAST)

    assert not [name for name, answer in answers.items() if b"HTTP/1.1 5" in answer]
    assert still_there.endswith(b"ok")
    assert b"\r\nserver:" not in still_there.lower()


async def raw(port: int, sent: bytes) -> bytes:
    """Send bytes and give what comes back until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    try:
        writer.write(sent)
        await writer.drain()
        async with asyncio.timeout(10):
            while piece := await reader.read(65536):
                got += piece
    except ConnectionError:
        pass
    finally:
        writer.close()
    return got


HOSTS = {
    "host": [("host", EVIL_HOST)],
    "forwarded": [("x-forwarded-host", EVIL_HOST), ("forwarded", f"host={EVIL_HOST}")],
    "original": [("x-original-url", f"//{EVIL_HOST}"), ("x-host", EVIL_HOST)],
}


@for_each(door=ALL, how=list(HOSTS), tail=["", "/"])
async def test_no_address_is_made_of_a_header(
    site: Site, door: tuple[str, str], how: str, tail: str
) -> None:
    headers = [one for one in site.right(door) if one[0] != "origin"]
    given = dict(HOSTS[how])
    host = given.pop("host", "wegwijzer.example")
    origin = ("origin", f"https://{host}")

    answer = await site.ask(
        door[0],
        site.path(door).rstrip("/") + tail if site.path(door) != "/" else "/" + tail,
        [*headers, origin, *given.items()],
        b"word=x&text=x",
        host=host,
        query=b"ready=no",
    )

    assert EVIL_HOST not in answer.everything


async def test_mailed_link_has_our_own_address(site: Site) -> None:
    assert site.web
    assert site.links
    word = site.web.signer.word(site.links[Purpose.REVIEW].id)
    site.web.clock.step(days=61)
    await site.ask(
        "POST",
        "/l/nieuw",
        [("origin", f"https://{EVIL_HOST}"), ("x-forwarded-host", EVIL_HOST)],
        f"word={word}".encode(),
        host=EVIL_HOST,
    )

    async with site.web.database.write() as uow:
        rows = await uow.outbox.claim(["email"], site.web.clock.now(), limit=9, seconds=60)
    assert [row.address for row in rows] == [CONTACTS["manager"].email]
    assert EVIL_HOST not in json.dumps([row.payload for row in rows])
    assert site.web.book.url(rows[0].payload["link_id"]).startswith(f"{OURS}/l/")


# Paths

OUT = [
    "../../pages.py",
    "..%2f..%2fpages.py",
    "%2e%2e/%2e%2e/pages.py",
    "....//....//pages.py",
    "..\\..\\pages.py",
    "/etc/passwd",
    "//etc/passwd",
    "chat.js/../../pages.py",
    "chat.js\x00.css",
    "./.",
    "~/.env",
    "a" * 5000,
    "\u2025/\u2025/pages.py",
    "file:///etc/passwd",
]
INTO = ["/static/", "/postvak/", "/postvak/x/bijlage/", "/chat/documents/", "/l/", "/toegang/"]


@for_each(into=INTO, out=OUT)
async def test_no_path_leads_out_of_its_folder(site: Site, into: str, out: str) -> None:
    site.address = "127.0.0.1"

    answer = await site.ask(
        "GET", into + out, [("cookie", f"wegwijzer={'x' * 43}")], host="127.0.0.1"
    )

    assert answer.status == 404
    assert "root:" not in answer.everything
    assert "def page(" not in answer.everything


# What every answer tells the browser


@for_each(door=ALL, came=["right", "stranger"])
async def test_every_answer_brings_the_strict_headers(
    site: Site, door: tuple[str, str], came: str
) -> None:
    headers = site.right(door) if came == "right" else []

    answer = await site.ask(door[0], site.path(door), headers, query=b"ready=no")

    own = {"Referrer-Policy": {"no-referrer", "same-origin"}}
    if door[1] == "/static":
        own["Cache-Control"] = {"no-cache"}
    for name, value in HEADERS.items():
        assert answer.header(name) in own.get(name, {value}), name
    assert not answer.header("access-control-allow-origin")
    assert not answer.header("server")


async def test_error_page_is_strict_and_says_nothing(site: Site) -> None:
    assert site.web
    site.web.trouble = "geheim42"

    answers = [await site.ask("GET", path) for path in ("/", "/readyz")]

    assert {answer.status for answer in answers} == {500}
    for answer in answers:
        assert "geheim42" not in answer.everything
        assert "Traceback" not in answer.everything
        for name, value in HEADERS.items():
            assert answer.header(name) == value, name
