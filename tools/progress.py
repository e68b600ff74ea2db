"""Shows what a long step is doing, and remembers how long it took for the next time."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

TIMES = Path("var/setup-times.json")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Shows that the step goes on and how long it took last time; then how long it took now."""
    last = read_times().get(name)
    hint = f"last time {last:.0f} s" if last is not None else "the first time"
    start = time.monotonic()
    with shown(name, hint):
        yield
    took = time.monotonic() - start
    print(f"{name}: done in {took:.0f} s", flush=True)
    remember(name, took)


@contextmanager
def shown(name: str, hint: str) -> Iterator[None]:
    """A moving line with a clock on a terminal where rich is there, else one plain line."""
    if not sys.stdout.isatty() or find_spec("rich") is None:
        print(f"{name} ({hint}) ...", flush=True)
        yield
        return
    # Here only, since rich comes with the app's environment, which may still have to be made.
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, transient=True) as progress:
        progress.add_task(f"{name} ({hint})", total=None)
        yield


def read_times() -> dict[str, float]:
    """The seconds that each step took last time; nothing is lost with this file."""
    try:
        times: dict[str, float] = json.loads(TIMES.read_text())
    except (OSError, ValueError):
        return {}
    return times


def remember(name: str, seconds: float) -> None:
    TIMES.write_text(json.dumps({**read_times(), name: round(seconds, 1)}, indent=2) + "\n")
