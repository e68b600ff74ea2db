"""The chat page over HTTP, with a real database and the real turn runner behind it."""

from __future__ import annotations

import asyncio
import hashlib
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.chat.commands import read_text
from bot.chat.intake import Intake
from bot.domain.floods import MOST_WAITING
from bot.domain.inbox import Channel, Incoming
from bot.domain.turn import Choice, Document, DocumentKind, Open, Reply
from bot.services.bell import Bell, Broadcast
from bot.services.turns import TurnRunner, Work
from bot.services.welcome import Operator
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.storage.transcript import Transcripts
from bot.texts.conversation import TOO_FAST
from bot.web import chat_talk
from bot.web.chat import chat_routes
from bot.web.chat_form import LIMIT
from bot.web.limits import BEGINNINGS_PER_MINUTE
from bot.web.pages import error_handlers
from bot.web.parts import WebParts
from bot.web.security import SecurityHeaders
from tests.clocks import SteppingClock
from tests.integration.running_chat import stored
from tests.person import made_book

HOST = "http://127.0.0.1:8000"
SCRIPT = {"Accept": "application/json"}
CHOICES = (Choice("Plan maken", "start_plan"), Choice("Vraag stellen", "ask_question"))
PDF = Document(DocumentKind.PLAN_PDF, "plan-1", "STO-2026-1.pdf")


async def answer_nothing(_work: Work) -> list[Reply]:
    return []


@dataclass
class Web:
    """The app in process, with what a worker would do at hand."""

    database: Database
    clock: SteppingClock
    said: Broadcast
    received: list[int | None] = field(default_factory=list)
    is_ready: bool = True
    is_broken: bool = False

    def app(self) -> Starlette:
        parts = WebParts(
            store=self.database,
            receive=self.receive,
            read_text=read_text,
            said=self.said,
            make_document=self.make_document,
            is_ready=lambda: self.is_ready,
            can_store=lambda: True,
            operator=Operator("een proefopstelling", None),
            postvak=None,
            fill=made_book().fill,
            public_url=made_book().addresses.public_url,
        )
        return Starlette(
            routes=chat_routes(parts),
            middleware=[Middleware(SecurityHeaders)],
            exception_handlers=error_handlers(),
        )

    @asynccontextmanager
    async def browser(self, host: str = HOST) -> AsyncIterator[httpx.AsyncClient]:
        """Give a browser that has opened the page."""
        transport = httpx.ASGITransport(self.app())
        headers = {"Origin": host}
        async with httpx.AsyncClient(transport=transport, base_url=host, headers=headers) as client:
            await client.get("/")
            yield client

    async def receive(self, message: Incoming) -> int | None:
        if self.is_broken:
            raise OSError("disk full")
        intake = Intake(self.database, self.clock, Bell(), made_book().signer)
        self.received.append(await intake.store_one(message))
        return self.received[-1]

    async def make_document(self, kind: DocumentKind, subject: str) -> bytes | None:
        return f"{kind}:{subject}".encode() if subject == "plan-1" else None

    async def answer(self, row_id: int | None, *replies: Reply, deletes: bool = False) -> None:
        """Do for one message what the worker does, and ring."""
        assert row_id is not None

        async def use_case(work: Work) -> list[Reply]:
            if deletes:
                await work.uow.people.delete(work.turn.person_id, keep_turn=work.turn.id)
            return list(replies)

        async with self.database.write() as uow:
            row = await uow.inbox.get(row_id)
            pressed = await uow.inbox.choice_by_key(row.conversation_id, row.text)
            await uow.inbox.begin_attempt(row_id, Open(), pressed)
        runner = TurnRunner(self.database, self.clock, answer_nothing)
        await runner.run(row_id, row.attempt + 1, use_case)
        self.said.ring()

    async def counts(self) -> tuple[int, int]:
        """Give the number of conversations and messages."""
        async with self.database.read() as uow:
            waiting = await uow.inbox.count_open()
        async with self.database.engine.connect() as connection:
            talks = await connection.exec_driver_sql("SELECT count(*) FROM conversation")
            return int(talks.scalar_one()), waiting


@pytest.fixture
def web(database: Database, clock: SteppingClock) -> Web:
    return Web(database, clock, Broadcast())


async def say(client: httpx.AsyncClient, text: str, mark: str = "first-id") -> dict[str, Any]:
    """Send text as the page's script does, and give what the page hears."""
    form = {"id": mark, "text": text}
    response = await client.post("/chat/messages", data=form, headers=SCRIPT)
    assert response.status_code == 200, response.text
    heard: dict[str, Any] = response.json()
    return heard


def shown(page: str) -> list[str]:
    """Give the messages of a page, in order, as a person reads them."""
    texts = re.findall(r'<p class="text">(.*?)</p>', page.partition("<template")[0], re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", text)).strip() for text in texts]


def texts_of(heard: dict[str, Any]) -> list[str]:
    return ["".join(part["text"] for part in line["parts"]) for line in heard["lines"]]


def buttons_of(page: str) -> dict[str, str]:
    """Give the key of each button that the page offers."""
    found = re.findall(r'<button name="press" value="([^"]+)">([^<]+)</button>', page)
    return {html.unescape(label): key for key, label in found}


async def test_looking_alone_stores_nothing(web: Web) -> None:
    async with web.browser() as client:
        page = await client.get("/")

    assert page.status_code == 200
    assert "Begin" in page.text
    assert await web.counts() == (0, 0)


@pytest.mark.parametrize(("host", "is_secure"), [(HOST, False), ("https://chat.school", True)])
async def test_cookie_is_kept_from_scripts(web: Web, host: str, is_secure: bool) -> None:
    async with web.browser(host) as client:
        cookie = (await client.get("/")).headers["set-cookie"]

    flags = set(cookie.split("; ")[1:])
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=15552000"} <= flags
    assert ("Secure" in flags) is is_secure


async def test_coming_back_keeps_the_cookie(web: Web) -> None:
    async with web.browser() as client:
        token = client.cookies["wegwijzer"]

        await client.get("/")

        assert client.cookies["wegwijzer"] == token


async def test_only_hash_of_cookie_is_stored(web: Web) -> None:
    async with web.browser() as client:
        token = client.cookies["wegwijzer"]

        await say(client, "hallo")

    async with web.database.read() as uow:
        address = hashlib.sha256(token.encode()).hexdigest()
        assert await uow.conversations.find(Channel.WEB, address)
    rows = [await stored(web.database, table) for table in metadata.sorted_tables]
    assert address in str(rows)
    assert token not in str(rows)


@pytest.mark.parametrize("cookie", ["", "short", "x" * 42, "é" * 43, "x" * 44])
async def test_forged_cookie_is_no_session(web: Web, cookie: str) -> None:
    async with web.browser() as client:
        client.cookies.clear()
        headers = {"Cookie": f"wegwijzer={cookie}".encode()}

        refused = await client.post("/chat/messages", data={"text": "mijn tekst"}, headers=headers)

    assert refused.status_code == 403
    assert "mijn tekst" in refused.text
    assert await web.counts() == (0, 0)


async def test_same_submit_twice_is_once(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "hallo")
        heard = await say(client, "hallo")

    assert texts_of(heard) == ["hallo"]
    assert await web.counts() == (1, 1)


async def test_used_id_carries_another_text(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "hallo")
        heard = await say(client, "iets anders, na de knop Terug")

    assert texts_of(heard) == ["hallo", "iets anders, na de knop Terug"]


async def test_ids_of_two_people_never_meet(web: Web) -> None:
    async with web.browser() as one, web.browser() as other:
        await say(one, "hallo")
        await say(other, "hallo")

    assert await web.counts() == (2, 2)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elders.example"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Origin": "null"},
        {"Origin": HOST, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HOST, "Sec-Fetch-Site": "same-site"},
    ],
)
async def test_form_from_elsewhere_is_refused(web: Web, headers: dict[str, str]) -> None:
    async with web.browser() as client:
        del client.headers["Origin"]

        refused = await client.post("/chat/messages", data={"text": "hoi"}, headers=headers)

    assert refused.status_code == 403
    assert await web.counts() == (0, 0)


async def test_browsers_own_word_is_enough(web: Web) -> None:
    async with web.browser() as client:
        del client.headers["Origin"]
        client.headers["Sec-Fetch-Site"] = "same-origin"

        heard = await say(client, "hallo")

    assert texts_of(heard) == ["hallo"]


async def test_too_large_body_is_refused(web: Web) -> None:
    async with web.browser() as client:
        largest = await say(client, "x" * (LIMIT - len("id=first-id&text=")))
        page = await client.post("/chat/messages", data={"text": "x" * LIMIT})
        script = await client.post("/chat/messages", data={"text": "x" * LIMIT}, headers=SCRIPT)

    assert len(largest["lines"]) == 1
    assert (page.status_code, script.status_code) == (413, 413)
    assert "Dat bericht is te lang." in page.text
    assert script.json()["error"].startswith("Dat bericht is te lang.")


async def test_too_many_fields_are_refused(web: Web) -> None:
    async with web.browser() as client:
        refused = await client.post("/chat/messages", content="text=a&" * 30)

    assert refused.status_code == 400


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07", "\u202e"])
async def test_empty_message_stores_nothing(web: Web, text: str) -> None:
    async with web.browser() as client:
        heard = await say(client, text)

    assert heard["lines"] == []
    assert await web.counts() == (0, 0)


async def test_message_is_cleaned_at_intake(web: Web) -> None:
    async with web.browser() as client:
        heard = await say(client, "regel een\r\nregel\x00 twee\u202e")

    assert texts_of(heard) == ["regel een\nregel twee"]


async def test_command_is_told_from_text(web: Web) -> None:
    async with web.browser() as client:
        heard = await say(client, "/help@wegwijzer_bot")

    async with web.database.read() as uow:
        row = await uow.inbox.get(int(web.received[0] or 0))
    assert (row.kind, row.text) == ("command", "help")
    assert texts_of(heard) == ["/help"]


async def test_message_not_stored_is_not_confirmed(web: Web) -> None:
    async with web.browser() as client:
        web.is_broken = True
        page = await client.post("/chat/messages", data={"text": "mijn lange antwoord"})
        script = await client.post("/chat/messages", data={"text": "hoi"}, headers=SCRIPT)

    assert (page.status_code, script.status_code) == (503, 503)
    assert "mijn lange antwoord" in page.text


async def test_answers_follow_their_own_message(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "eerste", "id-1")
        await say(client, "tweede", "id-2")
        await web.answer(web.received[0], Reply("op eerste"), Reply("nog iets"))
        await web.answer(web.received[1], Reply("op tweede"))

        page = await client.get("/")

    assert shown(page.text) == ["eerste", "op eerste", "nog iets", "tweede", "op tweede"]


async def test_late_answer_reaches_the_page(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "eerste", "id-1")
        cursor = (await say(client, "tweede", "id-2"))["cursor"]
        await web.answer(web.received[0], Reply("op eerste"))

        heard = (await client.get("/chat/messages", params={"after": cursor})).json()

    assert texts_of(heard) == ["op eerste"]
    assert heard["lines"][0]["turn"] == web.received[0]
    assert heard["busy"] is True
    assert heard["buttons"] == []


async def test_press_by_key_shows_label(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "hallo")
        await web.answer(web.received[0], Reply("Wat wil je doen?", CHOICES))
        buttons = buttons_of((await client.get("/")).text)
        form = {"id": "id-2", "press": buttons["Plan maken"]}
        before = await client.post("/chat/messages", data=form, headers=SCRIPT)
        await web.answer(web.received[1], Reply("Op welke school werk je?"))

        page = (await client.get("/")).text

    assert list(buttons) == ["Plan maken", "Vraag stellen"]
    assert texts_of(before.json())[-1] == "Plan maken"
    assert shown(page)[-2:] == ["Plan maken", "Op welke school werk je?"]
    assert buttons_of(page) == {}
    async with web.database.read() as uow:
        row = await uow.inbox.get(int(web.received[1] or 0))
    assert (row.kind, row.pressed) == ("press", CHOICES[0])


async def test_strange_button_shows_no_key(web: Web) -> None:
    async with web.browser() as client:
        form = {"press": "verzonnen-sleutel"}
        response = await client.post("/chat/messages", data=form, headers=SCRIPT)

    assert texts_of(response.json()) == ["(een oude knop)"]


async def test_document_of_own_conversation_downloads(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "verstuur")
        await web.answer(web.received[0], Reply("Verstuurd!", document=PDF))
        page = (await client.get("/")).text
        (address,) = re.findall(r'href="(/chat/documents/\d+)"', page)

        file = await client.get(address)

    assert file.content == b"plan_pdf:plan-1"
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"].startswith('attachment; filename="STO-2026-1.pdf"')


async def test_document_of_somebody_else_is_missing(web: Web) -> None:
    async with web.browser() as owner, web.browser() as other:
        await say(owner, "verstuur")
        await web.answer(web.received[0], Reply("Verstuurd!", document=PDF), Reply("Verder?"))
        await say(other, "hallo")

        found = [(await other.get(f"/chat/documents/{number}")).status_code for number in range(4)]
        other.cookies.clear()
        stranger = await other.get("/chat/documents/1")

    assert found == [404] * 4
    assert stranger.status_code == 404


@pytest.mark.parametrize("number", ["-1", "1.0", "x", "9" * 19, "9" * 24, "9" * 5000])
async def test_document_has_a_number_that_can_be(web: Web, number: str) -> None:
    async with web.browser() as client:
        await say(client, "hallo")

        file = await client.get(f"/chat/documents/{number}")

    assert file.status_code == 404


async def test_document_that_is_gone_is_missing(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "verstuur")
        gone = replace(PDF, subject="plan-2")
        await web.answer(web.received[0], Reply("Verstuurd!", document=gone))

        file = await client.get("/chat/documents/1")

    assert file.status_code == 404
    assert "Dit bestand is er niet (meer)" in file.text


async def test_markup_is_shown_literally(web: Web) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} & \"'"
    choice = Choice('"><script>alert(2)</script>', "x")

    async with web.browser() as client:
        await say(client, evil)
        await web.answer(web.received[0], Reply(f"Je zei: {evil}", (choice,)))
        page = (await client.get("/")).text

    assert shown(page) == [evil, f"Je zei: {evil}"]
    assert page.count("<script") == 1
    assert "<img src=x" not in page


async def test_only_https_links_are_clickable(web: Web) -> None:
    text = "Zie https://a.example/x?y=1&z=2, (https://b.example). Of javascript:alert(1) ftp://c."

    async with web.browser() as client:
        await say(client, "https://mijn.example")
        await web.answer(web.received[0], Reply(text))
        page = (await client.get("/")).text

    links = re.findall(r'<a href="(https?:[^"]*)" rel="noopener noreferrer">', page)
    assert links == ["https://a.example/x?y=1&amp;z=2", "https://b.example"]
    assert shown(page) == ["https://mijn.example", text]


async def test_ring_brings_answer_at_once(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_talk, "LOOK_AGAIN", 60.0)
    looks = count_looks(monkeypatch, "cursor")
    async with web.browser() as client:
        cursor = (await say(client, "hallo"))["cursor"]
        waiting = asyncio.create_task(client.get("/chat/messages", params={"after": cursor}))
        await asyncio.wait_for(looks.acquire(), 5)
        assert not waiting.done()

        await web.answer(web.received[0], Reply("Wat wil je doen?", CHOICES))

        heard = (await asyncio.wait_for(waiting, 5)).json()
    assert texts_of(heard) == ["Wat wil je doen?"]
    assert [button["label"] for button in heard["buttons"]] == ["Plan maken", "Vraag stellen"]
    assert heard["busy"] is False


async def test_quiet_conversation_answers_in_time(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_talk, "NEWS_SECONDS", 0.05)
    async with web.browser() as client:
        cursor = (await say(client, "hallo"))["cursor"]

        heard = (await client.get("/chat/messages", params={"after": cursor})).json()

    assert (heard["lines"], heard["cursor"], heard["busy"]) == ([], cursor, True)


async def test_page_hears_that_rasa_is_ready(web: Web) -> None:
    web.is_ready = False
    async with web.browser() as client:
        page = (await client.get("/")).text
        asked = {"after": "0.0.0", "ready": "no"}
        waiting = asyncio.create_task(client.get("/chat/messages", params=asked))

        web.is_ready = True
        web.said.ring()

        heard = (await asyncio.wait_for(waiting, 5)).json()
    assert "De assistent start op" in page
    assert heard["ready"] is True


async def test_form_without_script_waits_for_answer(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_talk, "LOOK_AGAIN", 60.0)
    looks = count_looks(monkeypatch, "read")
    async with web.browser() as client:
        await looks.acquire()
        posting = asyncio.create_task(client.post("/chat/messages", data={"text": "hallo"}))
        await asyncio.wait_for(looks.acquire(), 5)
        await web.answer(web.received[0], Reply("Hallo!"))
        response = await asyncio.wait_for(posting, 5)

        page = await client.get(response.headers["location"])

    assert (response.status_code, response.headers["location"]) == (303, "/#own-1")
    assert shown(page.text) == ["hallo", "Hallo!"]


async def test_form_without_script_never_waits_long(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_talk, "ANSWER_SECONDS", 0.05)
    async with web.browser() as client:
        response = await client.post("/chat/messages", data={"text": "hallo"})
        page = await client.get("/")

    assert response.status_code == 303
    assert "Kijk of het er is" in page.text


async def test_deleted_conversation_begins_again(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "mijn geheim", "id-1")
        await web.answer(web.received[0], Reply("Genoteerd: mijn geheim", CHOICES))
        cursor = (await say(client, "/verwijder", "id-2"))["cursor"]
        await web.answer(web.received[1], Reply("Alles is gewist."), deletes=True)

        heard = (await client.get("/chat/messages", params={"after": cursor})).json()
        page = (await client.get("/")).text

    assert heard["reset"] is True
    assert texts_of(heard) == ["Alles is gewist."]
    assert "geheim" not in page


async def test_page_of_stranger_hears_nothing(web: Web) -> None:
    async with web.browser() as owner, web.browser() as other:
        await say(owner, "van mij")
        heard = await say(other, "hallo")
        other.cookies.clear()
        refused = await other.get("/chat/messages", headers=SCRIPT)

    assert texts_of(heard) == ["hallo"]
    assert refused.status_code == 403


async def test_pages_carry_strict_headers(web: Web) -> None:
    async with web.browser() as client:
        page = await client.get("/")
        missing = await client.get("/nergens")
        script = await client.get("/static/chat.js")

    for response in (page, missing, script):
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
    assert (page.headers["cache-control"], script.headers["cache-control"]) == (
        "no-store",
        "no-cache",
    )
    assert (missing.status_code, missing.headers["referrer-policy"]) == (404, "no-referrer")
    assert "Deze pagina is er niet" in missing.text


async def test_page_needs_nothing_from_elsewhere(web: Web) -> None:
    async with web.browser() as client:
        page = (await client.get("/")).text
        style = (await client.get("/static/wegwijzer.css")).text

    assert re.findall(r"<style|<script(?! src)|\sstyle=|\son[a-z]+=|javascript:", page) == []
    assert {link for link in re.findall(r'(?:src|href)="([^"]*)"', page) if link[:1] == "/"} >= {
        "/static/chat.js",
        "/static/wegwijzer.css",
    }
    assert re.findall(r'(?:src|href|action)="(?![/#"])[^"]*"', page) == []
    assert re.findall(r"url\(|@import", style) == []


def count_looks(monkeypatch: pytest.MonkeyPatch, name: str) -> asyncio.Semaphore:
    """Count how often the database was asked for a cursor or a transcript."""
    looks = asyncio.Semaphore(0)
    look = getattr(Transcripts, name)

    async def counted(self: Transcripts, channel: Channel, address: str) -> Any:
        found = await look(self, channel, address)
        looks.release()
        return found

    monkeypatch.setattr(Transcripts, name, counted)
    return looks


async def test_too_much_at_once_is_given_back(web: Web) -> None:
    async with web.browser() as client, web.browser() as other:
        for number in range(MOST_WAITING):
            await say(client, f"bericht {number}", f"id-{number}")
        form = {"id": "too-many", "text": "mijn lange antwoord"}
        page = await client.post("/chat/messages", data=form)
        script = await client.post("/chat/messages", data=form, headers=SCRIPT)
        heard = await say(other, "hallo")

    assert (page.status_code, script.status_code) == (429, 429)
    assert TOO_FAST in page.text
    assert "mijn lange antwoord" in page.text
    assert script.json() == {"error": TOO_FAST}
    assert script.headers["Retry-After"] == "60"
    assert texts_of(heard) == ["hallo"]
    assert await web.counts() == (2, MOST_WAITING + 1)


async def test_new_cookies_make_no_crowd(web: Web) -> None:
    async with web.browser() as client:
        await say(client, "ik was er al")
        mine = client.cookies["wegwijzer"]
        statuses = []
        for number in range(BEGINNINGS_PER_MINUTE + 10):
            client.cookies.clear()
            await client.get("/")
            form = {"id": "first-id", "text": f"bericht {number}"}
            sent = await client.post("/chat/messages", data=form, headers=SCRIPT)
            statuses.append(sent.status_code)
        refused = await client.post("/chat/messages", data=form)
        client.cookies.clear()
        client.cookies.set("wegwijzer", mine)
        heard = await say(client, "en ik kan verder", "second-id")

    # Some may come in anew while this runs on a slow machine.
    assert statuses.count(429) >= 5
    assert statuses[: BEGINNINGS_PER_MINUTE - 1] == [200] * (BEGINNINGS_PER_MINUTE - 1)
    assert "te veel gesprekken" in refused.text
    assert f"bericht {number}" in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    assert texts_of(heard)[-1] == "en ik kan verder"
    assert (await web.counts())[0] == 1 + statuses.count(200)


async def test_looking_and_silence_begin_nothing(web: Web) -> None:
    async with web.browser() as client:
        for _ in range(BEGINNINGS_PER_MINUTE + 5):
            client.cookies.clear()
            await client.get("/")
            await client.post("/chat/messages", data={"text": " "}, headers=SCRIPT)

        heard = await say(client, "hallo")

    assert texts_of(heard) == ["hallo"]
