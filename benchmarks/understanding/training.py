"""Trains a pipeline by Rasa itself, once for each state of its inputs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.understanding.contenders import COMPONENTS, Pipeline, training_key
from benchmarks.understanding.lines import ROOT
from benchmarks.understanding.training_data import write_training_data
from bot.chat.model_seal import seal
from bot.chat.rasa_model import rasa_environment, require_rasa
from tests.harness import settings_of_cache

_CACHE = ROOT / "var" / "understanding"


@dataclass(frozen=True)
class Trained:
    """A pipeline's model, and how many seconds it took to make."""

    model: Path
    seconds: float


def environment() -> dict[str, str]:
    """Give the environment of our Rasa programs, with the components of the comparison."""
    own = rasa_environment(settings_of_cache())
    return own | {"PYTHONPATH": os.pathsep.join((own["PYTHONPATH"], str(COMPONENTS)))}


def trained(pipeline: Pipeline) -> Trained:
    """Give the model of the present inputs; train it when it is not in the cache."""
    folder = _CACHE / f"{pipeline.key}-{training_key(pipeline)}"
    if not (folder / "trained.json").exists():
        for old in _CACHE.glob(f"{pipeline.key}-*"):
            shutil.rmtree(old)
        folder.mkdir(parents=True)
        begun = time.perf_counter()
        _train(pipeline, folder)
        seconds = time.perf_counter() - begun
        (folder / "trained.json").write_text(json.dumps({"seconds": seconds}))
    read = json.loads((folder / "trained.json").read_text())
    return Trained(folder / "model.tar.gz", float(read["seconds"]))


def _train(pipeline: Pipeline, folder: Path) -> None:
    data = folder / "data"
    write_training_data(pipeline, data)
    command = [
        str(require_rasa(settings_of_cache())), "-m", "wegwijzer_rasa.launcher", "train",
        "--config", str(pipeline.config), "--domain", str(ROOT / "nlu" / "domain"),
        "--data", str(data), str(ROOT / "stories"),
        "--out", str(folder), "--fixed-model-name", "model",
    ]  # fmt: skip
    log = folder / "train.log"
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=folder, env=environment(), stdout=output, stderr=output, check=False
        )
    if done.returncode or not (folder / "model.tar.gz").exists():
        raise RuntimeError(f"training {pipeline.key} failed, see {log}")
    seal(folder / "model.tar.gz")
