"""Reads the sets of texts that understanding is measured on; nothing is ever trained on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "understanding"
#: The first one chose the thresholds; the second was written by another hand and chose nothing.
SETS = {"development": FOLDER, "second": FOLDER / "second"}
KINDS = frozenset(
    {"faq", "english", "out_of_scope", "plan_answer", "interruption", "navigation", "school"}
)


@dataclass(frozen=True)
class Line:
    """One text with what it should come to.

    `expected` are the ids of the entries that answer it, best first; `during` is the plan question
    that is open; `regions` are those that a school may be found in, empty where there is none.
    """

    text: str
    kind: str
    during: str | None = None
    expected: tuple[str, ...] = ()
    command: str | None = None
    regions: tuple[str, ...] = ()


def read_set(folder: Path) -> list[Line]:
    """Read every .jsonl file of a folder, not of the folders in it; raises ValueError."""
    return [
        _line(json.loads(text), f"{path.name}:{number}")
        for path in sorted(folder.glob("*.jsonl"))
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if text.strip()
    ]


def read_sets() -> dict[str, list[Line]]:
    """Read every set that is there, by its name."""
    sets = {name: read_set(folder) for name, folder in SETS.items()}
    return {name: lines for name, lines in sets.items() if lines}


def _line(read: dict[str, object], place: str) -> Line:
    def names(value: object) -> tuple[str, ...]:
        given = value if isinstance(value, list) else [value]
        return tuple(name for name in given if isinstance(name, str))

    line = Line(
        text=str(read["text"]),
        kind=str(read["kind"]),
        during=next(iter(names(read.get("during"))), None),
        expected=(*names(read.get("faq")), *names(read.get("also"))),
        command=next(iter(names(read.get("command"))), None),
        regions=names(read.get("region")),
    )
    if line.kind not in KINDS:
        raise ValueError(f"{place}: {line.kind} is no kind of line")
    asks = line.kind in ("faq", "english", "interruption", "navigation")
    if asks and not (line.expected or line.command):
        raise ValueError(f"{place}: it does not say what is expected")
    if line.kind in ("plan_answer", "interruption") and line.during is None:
        raise ValueError(f"{place}: it does not say which plan question is open")
    return line
