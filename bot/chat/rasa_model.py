"""The trained model, kept in a cache by the hash of everything that it is made from."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.chat.model_seal import is_sound, seal, seal_of
from bot.config import Settings
from bot.domain.errors import WegwijzerError

log = structlog.get_logger()

_INPUTS = ("nlu", "stories")
_LOCK_FILE = "requirements/nlu.txt"
#: Our own code that runs beside the model or after it: a change there needs no training.
_NOT_TRAINED = frozenset(
    {"channel.py", "forgetful.py", "judgement.py", "launcher.py", "quiet.py", "seal.py", "wire.py"}
)
_KEPT_MODELS = 3


class TrainingFailedError(WegwijzerError):
    """Het trainen van Rasa is mislukt; lees var/train.log."""


class NoRasaError(WegwijzerError):
    """Rasa is niet geïnstalleerd. Start met `make run`, of zet WEGWIJZER_RASA_URL."""


def model_key(home: Path) -> str:
    """Give the hash of the training's inputs: data, rules, components and Rasa's versions."""
    paths = [
        path
        for folder in _INPUTS
        for path in sorted((home / folder).rglob("*"))
        if path.suffix in (".yml", ".py") and path.name not in _NOT_TRAINED
    ]
    digest = hashlib.sha256()
    for path in [*paths, home / _LOCK_FILE]:
        digest.update(str(path.relative_to(home)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def model_path(settings: Settings) -> Path:
    """Give the file of the model that belongs to the present inputs, trained or not."""
    return settings.data_dir / "models" / f"{model_key(settings.home)}.tar.gz"


def rasa_environment(settings: Settings) -> dict[str, str]:
    """Give the environment in which our Rasa programs run: our module, no telemetry."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    return {
        **kept,
        "PYTHONPATH": str(settings.home / "nlu"),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


@dataclass(frozen=True)
class Address:
    """Where a Rasa listens, whom it calls for actions, and the token of both."""

    port: int
    action_url: str
    token: str

    @property
    def url(self) -> str:
        """Give the address on this machine."""
        return f"http://127.0.0.1:{self.port}"


def serving(settings: Settings, model: Path, address: Address) -> tuple[list[str], dict[str, str]]:
    """Give the command and environment of a Rasa that serves `model` until its stdin closes."""
    command = [
        str(require_rasa(settings)), "-m", "wegwijzer_rasa.launcher", "run",
        "--model", str(model.resolve()),
        "--interface", "127.0.0.1", "--port", str(address.port),
        "--credentials", str(settings.home / "nlu/credentials.yml"),
        "--endpoints", str(settings.home / "nlu/endpoints.yml"),
    ]  # fmt: skip
    environment = rasa_environment(settings) | {
        "WEGWIJZER_ACTION_URL": address.action_url,
        "WEGWIJZER_RASA_TOKEN": address.token,
        "WEGWIJZER_STOP_WITH_STDIN": "1",
    }
    return command, environment


def require_rasa(settings: Settings) -> Path:
    """Give the Python that has Rasa; raises NoRasaError when it is not there."""
    python = settings.rasa_python
    if not python.is_absolute():
        python = settings.home / python
    if not python.exists():
        raise NoRasaError
    return python


async def ensure_model(settings: Settings) -> Path:
    """Give the model for the present inputs; train it when it is not in the cache.

    A model that does not fit its checksum is as good as none: it is trained anew, in its place.
    Two processes that need it at once train it once. Raises TrainingFailedError.
    """
    path = model_path(settings)
    if await asyncio.to_thread(is_sound, path):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    async with _one_at_a_time(path.parent / ".lock"):
        if not await asyncio.to_thread(is_sound, path):
            if path.exists():
                log.error("model_not_sound", model=path.name)
            await _train(settings, path)
            _forget_old(path.parent)
    return path


async def _train(settings: Settings, path: Path) -> None:
    home = settings.home
    name = f"unfinished-{path.name.removesuffix('.tar.gz')}"
    command = [
        str(require_rasa(settings)), "-m", "wegwijzer_rasa.launcher", "train",
        "--config", str(home / "nlu/config.yml"),
        "--domain", str(home / "nlu/domain"),
        "--data", str(home / "nlu/training"), str(home / "stories"),
        "--out", str(path.parent.resolve()), "--fixed-model-name", name,
    ]  # fmt: skip
    with (settings.data_dir / "train.log").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=home, env=rasa_environment(settings), stdout=output, stderr=output
        )
        try:
            status = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
    trained = path.parent / f"{name}.tar.gz"
    if status or not trained.exists():
        raise TrainingFailedError
    # Before it gets its name: then a model with that name is never without its checksum.
    await asyncio.to_thread(seal, trained, path.name)
    trained.rename(path)


def _forget_old(folder: Path) -> None:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in models[_KEPT_MODELS:]:
        path.unlink(missing_ok=True)
        seal_of(path).unlink(missing_ok=True)


@asynccontextmanager
async def _one_at_a_time(path: Path) -> AsyncIterator[None]:
    with path.open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield
