"""The stand-in for Rasa and real Rasa keep the same contract, also when an action is slow."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.storage.tables import answer
from bot.texts import conversation as words
from tests.botapi.changes import Changes
from tests.botapi.server import BreakableServer, listen, make_config
from tests.conversations import stub_actions
from tests.conversations.stub_actions import StubActions
from tests.harness import SharedRasa
from tests.integration.fake_rasa import FakeRasa, rules
from tests.integration.running_chat import ChatMaker, sqlite_only, stored

pytest_plugins = ["tests.integration.chat_fixtures"]


@dataclass
class Door:
    """The address of our actions: notes the calls, and holds the first with a certain text."""

    stub: StubActions = field(default_factory=StubActions)
    held_text: str | None = None
    #: Where the calls go on to; without it the stub answers.
    target: str | None = None
    statuses: list[int] = field(default_factory=list)
    _is_open: bool = False
    _arrived: int = 0
    _changes: Changes = field(default_factory=lambda: Changes(threading.RLock()))

    async def act(self, request: Request) -> Response:
        body = await request.json()
        is_held = body["tracker"]["latest_message"]["metadata"].get("text") == self.held_text
        if is_held and not self._arrived:
            self._arrived += 1
            self._changes.tell()
            await self._changes.until(lambda: self._is_open or None, None)
        given = await self._answer(request)
        if is_held:
            self.statuses.append(given.status_code)
            self._changes.tell()
        return given

    async def _answer(self, request: Request) -> Response:
        if self.target is None:
            return await self.stub.act(request)
        headers = {"Authorization": request.headers["Authorization"]}
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as client:
            given = await client.post(self.target, content=await request.body(), headers=headers)
        return Response(given.content, given.status_code, media_type="application/json")

    def open(self) -> None:
        self._is_open = True
        self._changes.tell()

    async def is_held(self) -> None:
        assert await self._changes.until(lambda: self._arrived or None, 10)

    async def has_passed(self, count: int = 1) -> list[int]:
        """Give how the calls with the text ended, once there are so many."""
        assert await self._changes.until(lambda: len(self.statuses) >= count or None, 10)
        return list(self.statuses)

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[int]:
        """Serve it; give the port."""
        listener = listen(port)
        app = Starlette(routes=[Route("/rasa/actions", self.act, methods=["POST"])])
        server = BreakableServer(make_config(app), self.open)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            assert server.is_up.wait(10)
            yield int(listener.getsockname()[1])
        finally:
            server.tell_to_stop()
            thread.join(10)


@dataclass
class Side:
    """One of the two, with a client and the door to its actions."""

    client: httpx.AsyncClient
    door: Door

    async def turn(self, number: int = 1, sender: str = "s1", **more: Any) -> httpx.Response:
        metadata = {"turn": number, "attempt": 1, "text": "", "open": "plan", "step": "doelen"}
        metadata |= more.pop("metadata", {})
        if "text" in more:
            metadata["text"] = more["text"]
        return await self.client.post(
            "/turn", json={"sender": sender, "metadata": metadata, **more}
        )


@dataclass(frozen=True)
class Ground:
    """A Rasa, and the door that it calls."""

    url: str
    token: str
    door: Door


@pytest.fixture(params=["stand-in", "real"])
def ground(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """The stand-in and real Rasa, each before the same actions."""
    door = Door()
    if request.param == "real":
        rasa: SharedRasa = request.getfixturevalue("rasa")
        monkeypatch.setattr(stub_actions, "TOKEN", rasa.token)
        with door.serving(rasa.app_port):
            yield Ground(rasa.url, rasa.token, door)
        return
    with door.serving() as port, FakeRasa(stub_actions.TOKEN) as fake:
        fake.action_url = f"http://127.0.0.1:{port}/rasa/actions"
        yield Ground(fake.url, fake.token, door)


@pytest.fixture
async def side(ground: Ground) -> AsyncIterator[Side]:
    async with _client(ground.url, ground.token) as client:
        yield Side(client, ground.door)


def _client(url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"{url}/webhooks/wegwijzer",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        verify=False,
        timeout=20,
    )


async def test_says_that_it_is_ready(side: Side) -> None:
    answered = await side.client.get("/", headers={"Authorization": ""})

    assert (answered.status_code, answered.json()) == (200, {"ready": True})


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer verkeerd", "Basic x"])
async def test_turn_needs_the_token(side: Side, header: str) -> None:
    side.client.headers["Authorization"] = header

    assert (await side.turn(text="hallo")).status_code == 401
    assert side.door.stub.calls == []


async def test_bad_bodies_are_refused(side: Side) -> None:
    metadata = {"turn": 1, "attempt": 1}
    bodies: list[Any] = [
        [],
        {},
        {"sender": "s", "text": "x"},
        {"sender": "s", "text": "x", "metadata": {"turn": "1", "attempt": 1}},
        {"sender": "s", "text": "x", "metadata": {"turn": 1}},
        {"sender": 5, "text": "x", "metadata": metadata},
        {"sender": "s", "metadata": metadata},
        {"sender": "s", "text": "x", "intent": "greet", "metadata": metadata},
        {"sender": "s", "intent": "bestaat_niet", "metadata": metadata},
    ]

    statuses = [(await side.client.post("/turn", json=body)).status_code for body in bodies]
    statuses.append((await side.client.post("/turn", content=b"{")).status_code)

    assert statuses == [400] * (len(bodies) + 1)
    assert side.door.stub.calls == []


@pytest.mark.parametrize(
    "text", ["Ons doel:\n\n- 30% & <b>meer</b> 🚁", '/cmd_send{"x": 1}', "  ja "]
)
async def test_answer_reaches_its_action_verbatim(side: Side, text: str) -> None:
    answered = await side.turn(12, text=text)

    (call,) = side.door.stub.calls
    assert answered.status_code == 200
    assert answered.json() == [{"custom": {"turn": 12, "saved": True}}]
    assert (call.action, call.intent) == ("action_plan_answer", "plan_answer")
    assert call.metadata == {
        "turn": 12, "attempt": 1, "text": text, "open": "plan", "step": "doelen",
    }  # fmt: skip
    assert [(entity["entity"], entity["value"]) for entity in call.entities] == [("open", "plan")]


async def test_every_press_reaches_the_action_of_its_rule(side: Side) -> None:
    wanted = dict(rules())

    found = {}
    for number, (intent, opened) in enumerate(wanted, start=1):
        metadata = {"open": opened or "none", "value": "x"}
        answered = await side.turn(number, intent=intent, metadata=metadata)
        call = side.door.stub.calls[-1]
        assert (answered.status_code, call.intent) == (200, intent)
        assert call.metadata["value"] == "x"
        found[(intent, opened)] = call.action

    assert found == wanted


@pytest.mark.parametrize("mode", ["silent", "error", "rejected", "nonsense"])
async def test_failing_action_is_a_failed_turn(side: Side, mode: str) -> None:
    side.door.stub.mode = mode
    failed = await side.turn(1, text="mijn doel")
    side.door.stub.mode = "saved"

    again = await side.turn(1, text="mijn doel")

    assert failed.status_code == 502
    assert "doel" not in failed.text
    assert again.status_code == 200


async def test_refused_connection_is_a_failed_turn() -> None:
    with FakeRasa() as fake:
        fake.action_url = "http://127.0.0.1:9/rasa/actions"
        async with _client(fake.url, fake.token) as client:
            answered = await Side(client, Door()).turn(text="mijn doel")

    assert answered.status_code == 502


async def test_real_rasa_without_actions_fails_the_turn(rasa: SharedRasa) -> None:
    async with _client(rasa.url, rasa.token) as client:
        answered = await Side(client, Door()).turn(text="mijn doel")

    assert answered.status_code == 502


async def test_action_goes_on_when_the_app_gave_up(side: Side) -> None:
    """What makes the fence necessary: the next turn runs while the slow action still does."""
    side.door.held_text = "EERSTE"
    side.client.timeout = httpx.Timeout(1)
    with pytest.raises(httpx.ReadTimeout):
        await side.turn(1, text="EERSTE")
    await side.door.is_held()

    side.client.timeout = httpx.Timeout(20)
    after = await side.turn(2, text="TWEEDE")
    seen = [call.metadata["text"] for call in side.door.stub.calls]
    side.door.open()

    assert after.status_code == 200
    assert seen == ["TWEEDE"]
    assert await side.door.has_passed() == [200]


@sqlite_only
@pytest.mark.parametrize("wakes", ["before the retry", "after the retry"])
async def test_no_answers_swap_with_real_rasa(
    chats: ChatMaker, rasa: SharedRasa, wakes: str
) -> None:
    door = Door(held_text="EERSTE")
    settings = {"rasa_url": rasa.url, "rasa_token": rasa.token, "rasa_timeout": 1.5}
    async with chats.run(**settings) as chat:
        door.target = f"{chat.url}/rasa/actions"
        with door.serving(rasa.app_port):
            user = chat.world.user()
            await chat.plan_of(user, until="doelen")
            user.send_text("EERSTE")
            user.send_text("TWEEDE")
            await door.is_held()
            await user.wait_for(words.KEPT)

            if wakes == "before the retry":
                door.open()
                assert await door.has_passed() == [500]
            chat.leap(seconds=5)
            await user.wait_for("mijlpalen", within=20)
            door.open()
            passed = await door.has_passed(2)

        given = {row.step: row.text for row in await stored(chat.database, answer)}
        rows = [row.text for row in await stored(chat.database, answer)]

    assert 200 in passed
    assert (given["doelen"], given["activiteiten"]) == ("EERSTE", "TWEEDE")
    assert (rows.count("EERSTE"), rows.count("TWEEDE")) == (1, 1)
