"""A Rasa server with the real model, and an action server that only notes what it was asked."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.chat.rasa_model import ensure_model, rasa_environment, require_rasa
from bot.config import Settings
from tests.botapi.server import listen

HOME = Path(__file__).resolve().parents[2]
TOKEN = "made-up-token"
#: A start takes 8 seconds on a quiet machine, and a minute on a very busy one.
START_LIMIT = 120


def settings() -> Settings:
    """Give the settings of this checkout, whatever the environment says."""
    return Settings(_env_file=None, home=HOME, data_dir=HOME / "var")


def trained_model() -> Path:
    """Give the model for the present training data, from the cache that the app uses too."""
    return asyncio.run(ensure_model(settings()))


@dataclass(frozen=True)
class ActionCall:
    """What Rasa asked of the action server."""

    action: str
    intent: str
    text: str
    metadata: dict[str, Any]
    entities: list[dict[str, Any]]
    events: list[str]


@dataclass
class StubActions:
    """Answers each action as ours do; `mode` makes it fail in the ways an action can."""

    mode: str = "saved"
    calls: list[ActionCall] = field(default_factory=list)
    url: str = ""

    async def act(self, request: Request) -> Response:
        """Note the call and answer."""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"error": "unauthorized"}, status_code=401)
        body = await request.json()
        message = body["tracker"]["latest_message"]
        self.calls.append(
            ActionCall(
                action=body["next_action"],
                intent=message["intent"]["name"],
                text=message["text"],
                metadata=message["metadata"],
                entities=message["entities"],
                events=[event["event"] for event in body["tracker"]["events"]],
            )
        )
        match self.mode:
            case "silent":
                return JSONResponse({"events": [], "responses": []})
            case "error":
                return JSONResponse({"said": message["metadata"]["text"]}, status_code=500)
            case "rejected":
                return JSONResponse({"error": message["text"]}, status_code=400)
            case "nonsense":
                return Response(message["text"], media_type="application/json")
        custom = {"turn": message["metadata"]["turn"], "saved": True}
        responses = [{"text": None, "buttons": [], "elements": [], "custom": custom}]
        return JSONResponse({"events": [], "responses": responses})

    def reset(self) -> None:
        """Forget the calls, and answer well again."""
        self.mode = "saved"
        self.calls.clear()


@contextmanager
def stub_actions() -> Iterator[StubActions]:
    """Serve a stub on a free port, in a thread of its own."""
    stub = StubActions()
    listener = listen()
    stub.url = f"http://127.0.0.1:{listener.getsockname()[1]}/rasa/actions"
    app = Starlette(routes=[Route("/rasa/actions", stub.act, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass(frozen=True)
class RasaProcess:
    """A Rasa server that is ready, and where its log is."""

    client: httpx.Client
    log: Path
    process: subprocess.Popen[bytes]


@contextmanager
def rasa_server(action_url: str, log: Path, *options: str) -> Iterator[RasaProcess]:
    """Serve the trained model on a free port, as the app does, until the end."""
    model = trained_model()
    with listen() as free:
        port = free.getsockname()[1]
    environment = rasa_environment(settings()) | {
        "WEGWIJZER_ACTION_URL": action_url,
        "WEGWIJZER_RASA_TOKEN": TOKEN,
        "WEGWIJZER_STOP_WITH_STDIN": "1",
    }
    command = [
        str(require_rasa(settings())), "-m", "wegwijzer_rasa.launcher", "run",
        "--model", str(model), "--interface", "127.0.0.1", "--port", str(port),
        "--credentials", str(HOME / "nlu/credentials.yml"),
        "--endpoints", str(HOME / "nlu/endpoints.yml"),
        *options,
    ]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=log.parent,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        )
    headers = {"Authorization": f"Bearer {TOKEN}"}
    base_url = f"http://127.0.0.1:{port}/webhooks/wegwijzer"
    try:
        with httpx.Client(
            base_url=base_url, headers=headers, timeout=30, trust_env=False
        ) as client:
            _wait_until_ready(client, process)
            yield RasaProcess(client, log, process)
    finally:
        process.kill()
        process.communicate()


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_LIMIT * 5):
        try:
            if client.get("/").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass  # Not listening yet.
        try:
            status = process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError(f"Rasa ended with {status}")
    raise RuntimeError("Rasa did not become ready")
