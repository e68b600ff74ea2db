"""A stand-in for Rasa in the test's own process: our channel over HTTP, and its ways to fail."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.botapi.changes import Changes
from tests.botapi.server import BreakableServer, listen, make_config

JSON = dict[str, Any]
RULES = Path(__file__).parents[2] / "stories/rules"
PATIENCE = 5.0
#: What the stand-in understands of free text outside a plan; the rest is unknown.
UNDERSTOOD = {"hallo": "greet", "plan maken": "start_plan", "welke regio": "find_region"}


class How(StrEnum):
    """What happens to a turn instead of a plain answer."""

    #: 502, and no action was called
    ERROR = "error"
    #: 200 with an empty list, and no action was called
    EMPTY = "empty"
    #: 200 with a message, and no action was called
    PRETENDS = "pretends"
    #: 200 with JSON of another shape, and no action was called
    NONSENSE = "nonsense"
    #: 200 with a web page, and no action was called
    PAGE = "page"
    #: the action was called, and then 502
    LOST = "lost"
    #: the action is called when the twist is released, also when the client gave up long ago
    HELD = "held"


@dataclass(frozen=True)
class TurnCall:
    """One turn as the app sent it."""

    sender: str
    metadata: JSON
    text: str | None
    intent: str | None

    @property
    def said(self) -> str:
        return self.text if self.text is not None else f"[{self.intent}]"


@dataclass
class Twist:
    """Makes the next `times` turns (None: until stopped) with this text go another way."""

    how: How
    times: int | None
    text: str | None
    changes: Changes
    is_released: bool = False
    #: What the app answered to the calls of actions that were held.
    late_answers: list[int] = field(default_factory=list)

    def release(self) -> None:
        """Let the turns that are held go on, and hold no more."""
        self.is_released = True
        self.stop()

    def stop(self) -> None:
        """Touch no further turns."""
        self.times = 0
        self.changes.tell()

    async def wait_for_late(self, count: int = 1, within: float = PATIENCE) -> list[int]:
        """Give the app's answers to held actions once there are `count`."""
        answers = self.late_answers
        if not await self.changes.until(lambda: len(answers) >= count or None, within):
            raise TimeoutError(f"{len(answers)} of {count} late actions were called")
        return list(answers)


class FakeRasa:
    """Serves /webhooks/wegwijzer/ in a thread of its own and calls the app's actions.

    It picks actions by the product's own rules. After `stop` (connection refused) it may `start`
    again on the same port.
    """

    def __init__(self, token: str = "made-up-token") -> None:
        self.token = token
        self.port = 0
        #: Where the app serves its actions; set as soon as that is known.
        self.action_url = ""
        self.calls: list[TurnCall] = []
        self.is_ready = True
        #: Everything but the readiness check goes this way: turns, and understanding.
        self.broken: How | None = None
        self._twists: list[Twist] = []
        self._changes = Changes(threading.RLock())
        self._server: BreakableServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> list[str]:
        """What the turns so far were about, in order of arrival."""
        return [call.said for call in self.calls]

    def start(self) -> Self:
        listener = listen(self.port)
        self.port = listener.getsockname()[1]
        path = "/webhooks/wegwijzer"
        app = Starlette(
            routes=[
                Route(f"{path}/", self._ready),
                Route(f"{path}/turn", self._turn, methods=["POST"]),
                Route(f"{path}/parse", self._parse, methods=["POST"]),
            ]
        )
        self._server = BreakableServer(make_config(app), self._release_all)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="fake-rasa", daemon=True
        )
        self._thread.start()
        assert self._server.is_up.wait(10)
        return self

    def stop(self) -> None:
        """Break all connections and refuse new ones."""
        if self._server and self._thread:
            self._server.tell_to_stop()
            self._thread.join(10)
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: Any) -> None:
        self.stop()

    def twist(self, how: How, times: int | None = 1, *, text: str | None = None) -> Twist:
        """Make the next turns go another way; turns with this `text` only, when it is given."""
        made = Twist(how, times, text, self._changes)
        self._twists.append(made)
        return made

    def mend(self) -> None:
        """Work again after `broken`."""
        self.broken = None
        self._changes.tell()

    async def wait_for_turns(self, count: int, within: float = PATIENCE) -> list[str]:
        """Give what the turns were about once there are `count` of them."""
        if not await self._changes.until(lambda: len(self.calls) >= count or None, within):
            raise TimeoutError(f"{len(self.calls)} of {count} turns came: {self.said}")
        return self.said

    async def _ready(self, _request: Request) -> Response:
        return JSONResponse({"ready": self.is_ready}, 200 if self.is_ready else 503)

    def _knows(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode())

    async def _parse(self, request: Request) -> Response:
        if not self._knows(request):
            return _error(401)
        if self.broken:
            return await self._break(self.broken)
        return JSONResponse({"intent": {"name": "greet", "confidence": 1.0}})

    async def _turn(self, request: Request) -> Response:
        if not self._knows(request):
            return _error(401)
        try:
            call = read_turn(await request.json())
        except (ValueError, KeyError, TypeError):
            return _error(400)
        if call.intent is not None and (call.intent, None) not in rules():
            return _error(400)
        self.calls.append(call)
        if self.broken:
            self._changes.tell()
            return await self._break(self.broken)
        twist = self._twist_of(call)
        self._changes.tell()
        return await self._answer(call, twist)

    async def _break(self, how: How) -> Response:
        """Answer as a Rasa of which nothing works; no action is called."""
        match how:
            case How.EMPTY:
                return JSONResponse([])
            case How.NONSENSE:
                return JSONResponse({"status": "ok", "messages": None})
            case How.PAGE:
                return HTMLResponse("<html><body>Onderhoud</body></html>")
            case How.HELD:
                await self._changes.until(lambda: self.broken is not How.HELD or None, None)
        return _error(502)

    async def _answer(self, call: TurnCall, twist: Twist | None) -> Response:
        match twist.how if twist else None:
            case How.ERROR:
                return _error(502)
            case How.EMPTY:
                return JSONResponse([])
            case How.PRETENDS:
                return JSONResponse([{"custom": {"turn": call.metadata["turn"], "saved": True}}])
        if twist and twist.how is How.HELD:
            await self._changes.until(lambda: twist.is_released or None, None)
        status, messages = await self._act(call)
        if twist and twist.how is How.HELD:
            twist.late_answers.append(status)
            self._changes.tell()
        if twist and twist.how is How.LOST:
            return _error(502)
        return JSONResponse(messages) if status == 200 and messages else _error(502)

    async def _act(self, call: TurnCall) -> tuple[int, list[JSON]]:
        """Have the app run the action; give its status, 0 when nothing listens there."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            async with httpx.AsyncClient(verify=False, trust_env=False, timeout=60) as client:
                answer = await client.post(self.action_url, json=action_call(call), headers=headers)
            messages = answer.json()["responses"] if answer.is_success else []
        except httpx.TransportError:
            return 0, []
        except ValueError:
            return answer.status_code, []
        kept = [{part: value for part, value in message.items() if value} for message in messages]
        return answer.status_code, [message for message in kept if message]

    def _twist_of(self, call: TurnCall) -> Twist | None:
        for twist in self._twists:
            if twist.times != 0 and twist.text in (None, call.said):
                twist.times = None if twist.times is None else twist.times - 1
                return twist
        return None

    def _release_all(self) -> None:
        for twist in self._twists:
            twist.release()
        self.mend()


def read_turn(body: Any) -> TurnCall:
    """Read the body of a turn; raises ValueError, KeyError or TypeError when it is not one."""
    metadata = body["metadata"]
    if not all(type(metadata[key]) is int for key in ("turn", "attempt")):
        raise ValueError
    if not isinstance(body["sender"], str) or ("text" in body) == ("intent" in body):
        raise ValueError
    return TurnCall(body["sender"], metadata, body.get("text"), body.get("intent"))


def action_call(call: TurnCall) -> JSON:
    """Give the body that Rasa sends to the action server for this turn."""
    opened = call.metadata.get("open", "none")
    intent = call.intent or _understood(call.text or "", opened)
    latest = {
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": "open", "value": opened}],
        "text": call.text or f"/{call.intent}",
        "metadata": call.metadata,
    }
    tracker = {
        "sender_id": call.sender,
        "slots": {"open": opened},
        "latest_message": latest,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
        "latest_input_channel": "wegwijzer",
    }
    action = rules().get((intent, opened)) or rules()[(intent, None)]
    return {
        "next_action": action,
        "sender_id": call.sender,
        "tracker": tracker,
        "domain": {},
        "version": "3.6.21",
    }


def _understood(text: str, opened: str) -> str:
    if opened == "plan":
        return "plan_answer"
    if opened == "find_region":
        return "find_region"
    return UNDERSTOOD.get(text.lower(), "unknown")


@cache
def rules() -> Mapping[tuple[str, str | None], str]:
    """Give the action for each intent and, for rules with a condition, what must be open."""
    found: dict[tuple[str, str | None], str] = {}
    for path in sorted(RULES.glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            first, second = rule["steps"]
            conditions = [
                slot["open"]
                for condition in rule.get("condition", ())
                for slot in condition["slot_was_set"]
            ]
            for step in first.get("or", [first]):
                found[(step["intent"], conditions[0] if conditions else None)] = second["action"]
    return found


def _error(status: int) -> Response:
    return JSONResponse({"error": "made to fail"}, status)
