"""Shows a long step: what is happening, how long it takes, and how long it took last time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@contextmanager
def long_step(data_dir: Path, name: str) -> Iterator[None]:
    """Show that `name` is going on; remember in `data_dir` how long it took when it succeeds."""
    console = Console(stderr=True, highlight=False)
    path = data_dir / "durations.json"
    durations: dict[str, float] = json.loads(path.read_text()) if path.exists() else {}
    last = durations.get(name)
    text = (
        f"{name} (vorige keer {last:.0f} s)" if last else f"{name} (de eerste keer duurt het even)"
    )
    started = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    if not console.is_terminal:
        console.print(text + " …")
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        progress.add_task(text)
        yield
    took = time.monotonic() - started
    console.print(f"{name}: klaar in {took:.1f} s")
    data_dir.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**durations, name: round(took, 1)}))
