"""Writes the training data in the shape that a pipeline asks for; the lines stay the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from benchmarks.understanding.contenders import Pipeline
from benchmarks.understanding.lines import ROOT
from bot.services.faq_content import read_faq

_TRAINING = ROOT / "nlu" / "training"
_PREFIX = "faq_"
_RETRIEVAL_PREFIX = "faq/"


def write_training_data(pipeline: Pipeline, folder: Path) -> None:
    """Write the lines of every intent, and for some pipelines the answers of the FAQ, anew."""
    shutil.rmtree(folder, ignore_errors=True)
    intents: set[str] = set()
    for path in sorted(_TRAINING.rglob("*.yml")):
        items = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        intents.update(item["intent"] for item in items)
        if pipeline.has_retrieval:
            items = [{**item, "intent": _as_retrieval(item["intent"])} for item in items]
        _write(folder / path.relative_to(_TRAINING), {"nlu": items})
    if pipeline.reads_answers or pipeline.has_retrieval:
        _write(folder / "answers.yml", {"responses": _answers(intents, pipeline.reads_answers)})


def _as_retrieval(intent: str) -> str:
    is_entry = intent.startswith(_PREFIX)
    return _RETRIEVAL_PREFIX + intent.removeprefix(_PREFIX) if is_entry else intent


def _answers(intents: set[str], are_read: bool) -> dict[str, list[dict[str, str]]]:
    """Give the answer of each entry; only its name where the text of an answer is not read."""
    entries = read_faq(ROOT / "content" / "faq", _regions()).entries.values()
    named = {entry.id.replace("-", "_"): entry for entry in entries}
    return {
        f"utter_faq/{name}": [{"text": f"{entry.question} {entry.answer}" if are_read else name}]
        for name, entry in sorted(named.items())
        if _PREFIX + name in intents
    }


def _regions() -> list[str]:
    return [path.stem for path in (ROOT / "content" / "faq" / "regions").glob("*.yml")]


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"version": "3.1", **content}, allow_unicode=True, width=10_000)
    path.write_text(text, encoding="utf-8")
