"""Runs a trained pipeline in a real Rasa server with our channel."""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.understanding.hearing import Hearing
from benchmarks.understanding.training import environment
from bot.chat.rasa_model import Address, serving
from tests.harness import free_port, settings_of_cache, until_answers

_TIMEOUT = 60.0
_KILOBYTE = 1024


@dataclass(frozen=True)
class Server:
    """A running Rasa, and how many seconds it took to be ready."""

    address: Address
    process: subprocess.Popen[bytes]
    loading: float

    def client(self) -> Hearing:
        """Give a new client of it."""
        return Hearing(self.address.url, self.address.token, _TIMEOUT)

    def memory(self) -> int:
        """Give the bytes that its processes hold in memory now."""
        return sum(_resident(pid) for pid in _family(self.process.pid))


@contextmanager
def serve(model: Path) -> Iterator[Server]:
    """Serve a model until the end of the block; its log stands beside the model."""
    # Nothing is answered, so nothing is ever asked of the address of the actions.
    actions = f"http://127.0.0.1:{free_port()}/rasa/actions"
    address = Address(free_port(), actions, secrets.token_urlsafe(16))
    command, own = serving(settings_of_cache(), model, address)
    begun = time.perf_counter()
    with (model.parent / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=model.parent,
            env=own | {"PYTHONPATH": environment()["PYTHONPATH"]},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
    try:
        until_answers(f"{address.url}/webhooks/wegwijzer/", process)
        yield Server(address, process, time.perf_counter() - begun)
    finally:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


def _family(pid: int) -> list[int]:
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return [pid, *(each for child in children for each in _family(child))]


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * _KILOBYTE
