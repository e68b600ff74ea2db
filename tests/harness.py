"""Runs the real programs for tests: one Rasa for the whole run, and the app as a process."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.chat.rasa_model import Address, ensure_model, serving
from bot.config import Settings

ROOT = Path(__file__).parents[1]
#: The model cache is the product's own, so that tests and `make run` train once together.
CACHE = ROOT / "var"
START_SECONDS = 120.0


@dataclass(frozen=True)
class SharedRasa:
    """A Rasa that serves whichever app listens on `app_port`."""

    url: str
    token: str
    app_port: int


def settings_of_cache() -> Settings:
    """The settings under which the model is made and kept."""
    return Settings(home=ROOT, data_dir=CACHE, _env_file=None)


def trained_model() -> Path:
    """Give the model of the present training data; train it when it is not in the cache."""
    return asyncio.run(ensure_model(settings_of_cache()))


@contextmanager
def shared_rasa(model: Path, folder: Path) -> Iterator[SharedRasa]:
    """Run the trained model in a real Rasa server, until the end of the tests."""
    app_port = free_port()
    actions = f"http://127.0.0.1:{app_port}/rasa/actions"
    address = Address(free_port(), actions, secrets.token_urlsafe(16))
    rasa = SharedRasa(address.url, address.token, app_port)
    command, environment = serving(settings_of_cache(), model, address)
    with (folder / "rasa.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
        try:
            until_answers(f"{rasa.url}/webhooks/wegwijzer/", process)
            yield rasa
        finally:
            process.kill()
            process.wait()
            if process.stdin:
                process.stdin.close()


@dataclass
class RunningApp:
    """The app as a process of its own."""

    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ("-m", "bot", "run")
    process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def maildir(self) -> Path:
        return self.folder / "postvak"

    @property
    def log(self) -> str:
        return (self.folder / "app.log").read_text(encoding="utf-8", errors="replace")

    def start(self, *, wait: bool = True) -> None:
        """Start the process; with `wait`, until it answers people."""
        self.folder.mkdir(parents=True, exist_ok=True)
        own = {
            "WEGWIJZER_DATA_DIR": str(self.folder),
            "WEGWIJZER_PORT": str(self.port),
            "WEGWIJZER_HOME": str(ROOT),
            "PYTHONPATH": str(ROOT),
        }
        kept = {name: value for name, value in os.environ.items() if "WEGWIJZER" not in name}
        with (self.folder / "app.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=self.folder,
                env={**kept, **own, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if wait:
            until_answers(f"{self.base_url}/readyz", self.process)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop, and give its exit status."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def add_contact(app: RunningApp) -> None:
    """Enter a programme manager for region Assen, as the beheerder does."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "contacts", "add", "--role", "programmamanager",
         "--region", "assen", "--email", "pm@regio.example",
         "--source", "regiopagina"],
        env={**app.environment, "WEGWIJZER_DATA_DIR": str(app.folder), "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def until_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until `url` answers 200; fail at once when the process has ended."""
    deadline = time.monotonic() + START_SECONDS
    with httpx.Client(trust_env=False) as client:
        while True:
            assert process.poll() is None, f"ended with {process.returncode} before it was ready"
            try:
                if client.get(url, timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, f"{url} did not answer"
            time.sleep(0.05)


def free_port() -> int:
    """Give a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
