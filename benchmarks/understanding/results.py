"""Keeps what was measured, so that the document can be made again without measuring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.understanding.contenders import hash_of
from benchmarks.understanding.lines import ROOT, SETS
from benchmarks.understanding.scoring import Share

FILE = Path(__file__).with_name("results.json")
_MEASURED = ("nlu", "stories", "content", "benchmarks/understanding/components")
_SUFFIXES = (".py", ".yml", ".csv")
_MODULES = ("bot/chat/understanding.py", "bot/chat/commands.py")
_NOT_MEASURING = ("chart.py", "document.py", "pictures.py", "tables.py")

Results = dict[str, Any]


def inputs_key() -> str:
    """Give the hash of all that the figures hang on: training, code, content and sets."""
    folders = [ROOT / name for name in _MEASURED]
    paths = [path for folder in folders for path in folder.rglob("*") if path.suffix in _SUFFIXES]
    paths += [path for folder in SETS.values() for path in folder.glob("*.jsonl")]
    own = Path(__file__).parent
    paths += [path for path in own.glob("*.py") if path.name not in _NOT_MEASURING]
    paths += (own / "pipelines").glob("*.yml")
    paths += (ROOT / "bot" / "services").glob("directory*.py")
    return hash_of([*paths, *(ROOT / name for name in _MODULES)])


def read_results() -> Results:
    """Read what was kept; empty where nothing was."""
    if not FILE.exists():
        return {}
    read: Results = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def write_results(results: Results) -> None:
    """Keep the results, in a shape whose changes can be read."""
    FILE.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def shares_out(figures: Mapping[str, Share]) -> dict[str, list[int]]:
    """Give figures as JSON."""
    return {name: [share.hits, share.of] for name, share in figures.items()}


def shares_in(stored: Mapping[str, list[int]]) -> dict[str, Share]:
    """Read back what `shares_out` gave."""
    return {name: Share(*pair) for name, pair in stored.items()}
