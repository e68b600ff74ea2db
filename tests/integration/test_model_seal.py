"""The trained model and its checksum: Rasa loads what was trained here, or nothing."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.chat.model_seal import is_sound, seal, seal_of
from bot.chat.rasa_model import TrainingFailedError, ensure_model, model_path
from bot.cli.doctor import _rasa as rasa_findings
from bot.config import Settings
from tests.harness import ROOT

TRAINED = b"what was trained here" * 1000
#: Stands where Rasa's Python does: trains what is asked, and counts how often.
TRAINER = """#!{python}
import pathlib, sys
out, name = (sys.argv[sys.argv.index(option) + 1] for option in ("--out", "--fixed-model-name"))
with open({times!r}, "a") as times:
    times.write("x")
pathlib.Path(out, name + ".tar.gz").write_bytes({content!r})
"""


def cut(model: Path) -> None:
    model.write_bytes(TRAINED[:1000])


def change_a_byte(model: Path) -> None:
    model.write_bytes(b"W" + TRAINED[1:])


def swap(model: Path) -> None:
    other = model.with_name("other.tar.gz")
    other.write_bytes(b"another model")
    other.replace(model)


def swap_with_checksum(model: Path) -> None:
    """Put a whole model of other inputs, with its checksum, under this one's name."""
    other = model.with_name("other.tar.gz")
    other.write_bytes(b"another version")
    seal(other)
    other.replace(model)
    seal_of(other).replace(seal_of(model))


def lose_checksum(model: Path) -> None:
    seal_of(model).unlink()


def empty_checksum(model: Path) -> None:
    seal_of(model).write_bytes(b"")


def garble_checksum(model: Path) -> None:
    seal_of(model).write_bytes(b"\xff\x00 no checksum")


def lose(model: Path) -> None:
    model.unlink()


TAMPERED = [
    cut,
    change_a_byte,
    swap,
    swap_with_checksum,
    lose_checksum,
    empty_checksum,
    garble_checksum,
    lose,
]
Tamper = Callable[[Path], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    trainer = tmp_path / "python"
    times = str(tmp_path / "times")
    script = TRAINER.format(python=sys.executable, times=times, content=TRAINED)
    trainer.write_text(script, encoding="utf-8")
    trainer.chmod(0o755)
    return Settings(_env_file=None, home=ROOT, data_dir=tmp_path, rasa_python=trainer)


@pytest.fixture
def model(settings: Settings) -> Path:
    return asyncio.run(ensure_model(settings))


def trainings(settings: Settings) -> int:
    return (settings.data_dir / "times").stat().st_size


async def twice(settings: Settings) -> list[Path]:
    return await asyncio.gather(ensure_model(settings), ensure_model(settings))


def start_rasa(named: Path) -> subprocess.CompletedProcess[str]:
    """Start Rasa's launcher where there is no Rasa: it ends when it wants to import that."""
    return subprocess.run(
        [sys.executable, "-m", "wegwijzer_rasa.launcher", "run", "--model", str(named)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "nlu")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_trained_model_is_sound_and_kept(settings: Settings, model: Path) -> None:
    again = asyncio.run(ensure_model(settings))

    assert again == model
    assert is_sound(model)
    assert model.read_bytes() == TRAINED
    assert trainings(settings) == 1


def test_checksum_is_what_others_read_too(model: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", seal_of(model).name], cwd=model.parent, check=False
    )

    assert done.returncode == 0


@pytest.mark.parametrize("tamper", TAMPERED)
def test_tampered_model_is_not_sound(model: Path, tamper: Tamper) -> None:
    tamper(model)

    assert not is_sound(model)


@pytest.mark.parametrize("tamper", TAMPERED)
def test_tampered_model_is_trained_anew(settings: Settings, model: Path, tamper: Tamper) -> None:
    tamper(model)

    with capture_logs() as logs:
        found, again = asyncio.run(twice(settings))

    assert found == again == model
    assert model.read_bytes() == TRAINED
    assert is_sound(model)
    assert trainings(settings) == 2
    assert [line["event"] for line in logs] == ["model_not_sound"] * (tamper is not lose)


def test_model_that_cannot_be_trained_anew_is_not_given(settings: Settings, model: Path) -> None:
    swap(model)
    settings.rasa_python.write_text("#!/bin/sh\nexit 1\n")

    with pytest.raises(TrainingFailedError), capture_logs():
        asyncio.run(ensure_model(settings))

    assert not is_sound(model)


@pytest.mark.parametrize("tamper", TAMPERED)
def test_rasa_does_not_load_a_tampered_model(model: Path, tamper: Tamper) -> None:
    tamper(model)

    ended = start_rasa(model)

    assert ended.returncode == 1
    assert "klopt niet met zijn controlegetal (sha256), dus Rasa start niet" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("is_folder", [False, True])
def test_rasa_goes_on_with_a_sound_model(model: Path, is_folder: bool) -> None:
    ended = start_rasa(model.parent if is_folder else model)

    assert "controlegetal" not in ended.stderr
    assert "ModuleNotFoundError: No module named 'skops'" in ended.stderr


def test_folder_with_one_tampered_model_is_refused(model: Path) -> None:
    model.with_name("newer.tar.gz").write_bytes(b"another model")

    ended = start_rasa(model.parent)

    assert ended.returncode == 1
    assert "controlegetal" in ended.stderr


def test_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    assert "controlegetal" in start_rasa(tmp_path).stderr


def test_doctor_says_that_the_model_is_not_sound(settings: Settings, model: Path) -> None:
    before = list(rasa_findings(settings))
    change_a_byte(model_path(settings))

    after = list(rasa_findings(settings))

    assert [finding.state for finding in before] == ["goed"]
    assert [finding.state for finding in after] == ["let op"]
    assert "klopt niet met zijn controlegetal" in after[0].text
