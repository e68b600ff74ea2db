"""The pipelines that are compared, and what each is trained from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.understanding.lines import ROOT

COMPONENTS = Path(__file__).parent / "components"
_CONFIGS = Path(__file__).parent / "pipelines"
_OURS = ROOT / "nlu" / "wegwijzer_rasa"
#: Our modules that run beside what is trained, or after it: a change there needs no training.
_LEARNS_NOTHING = frozenset(
    {"channel", "forgetful", "judgement", "launcher", "plan_judge", "quiet", "seal", "wire"}
)
_LOCK = ROOT / "requirements" / "nlu.txt"


@dataclass(frozen=True)
class Pipeline:
    """One way to understand: its name in the tables, what it is, and Rasa's configuration.

    `has_retrieval` when the FAQ is one retrieval intent; `reads_answers` when it learns from the
    texts of the answers too.
    """

    key: str
    what: str
    config: Path
    has_retrieval: bool = False
    reads_answers: bool = False


PIPELINES = (
    Pipeline(
        "diet_selector",
        "DIET + ResponseSelector",
        _CONFIGS / "diet_selector.yml",
        has_retrieval=True,
    ),
    Pipeline("diet", "DIET alone", _CONFIGS / "diet.yml"),
    Pipeline("logistic", "LogisticRegressionClassifier", _CONFIGS / "logistic.yml"),
    Pipeline("nearest", "nearest lines and answers", _CONFIGS / "nearest.yml", reads_answers=True),
    Pipeline("shares", "ours without the second model", _CONFIGS / "shares.yml"),
    Pipeline(
        "ensemble",
        "ours with the nearest lines",
        _CONFIGS / "ensemble.yml",
        reads_answers=True,
    ),
    Pipeline("ours", "ours: linear, second model", ROOT / "nlu" / "config.yml"),
)
CHOSEN = PIPELINES[-1]
#: What the time of a message is compared with.
REFERENCE = PIPELINES[1]


def training_key(pipeline: Pipeline) -> str:
    """Give the hash of all that the pipeline learns understanding from.

    The rules and the domain are trained along, but no text is read with them.
    """
    paths = [_LOCK, *(ROOT / "nlu" / "training").rglob("*.yml"), *_sources(pipeline)]
    if pipeline.reads_answers:
        paths += (ROOT / "content" / "faq").glob("*.yml")
    configured = yaml.safe_load(pipeline.config.read_text(encoding="utf-8"))["pipeline"]
    return hashlib.sha256(f"{configured} {hash_of(paths)}".encode()).hexdigest()[:20]


def hash_of(paths: Iterable[Path]) -> str:
    """Give one hash of files, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def _sources(pipeline: Pipeline) -> list[Path]:
    """Give the modules of ours that the pipeline learns with."""
    config = pipeline.config.read_text(encoding="utf-8")
    if not re.search(r"^- name: (wegwijzer_rasa\.intent_ranker|nearest_)", config, re.MULTILINE):
        return []
    learning = [path for path in _OURS.glob("*.py") if path.stem not in _LEARNS_NOTHING]
    return [*learning, *(COMPONENTS.glob("nearest*.py") if pipeline.reads_answers else ())]
