"""The two environments: what belongs in them, whether they are up to date, and how to make them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import interpreters
from commands import Runner, SetupError
from progress import step

UV = Path(".venv/bin/uv")
REQUIREMENTS = Path("requirements")
# To be raised when other things are done with the same inputs.
RECIPE = "1"

NO_APP_PYTHON = """\
Python 3.11, 3.12 or 3.13 was not found, or it cannot make environments.
Install one (on Debian and Ubuntu with its package python3-venv), or name one that you have:
    WEGWIJZER_PYTHON=/path/to/python3.12 make run"""

NO_NLU_PYTHON = """\
Python 3.10 was not found. Rasa, which understands the messages, runs on nothing newer.
Get it in one of these ways and start the same command again:
    .venv/bin/uv python install 3.10
    pyenv install 3.10
or name one that you have:
    WEGWIJZER_PYTHON310=/path/to/python3.10 make run"""


@dataclass(frozen=True)
class Environment:
    """A folder with a Python and its locked packages, stamped with what it was made from."""

    title: str
    folder: Path
    inputs: tuple[Path, ...]
    wanted: interpreters.Wanted
    missing: str
    install: Callable[[Runner], None]

    @property
    def python(self) -> Path:
        return self.folder / "bin/python"

    @property
    def stamp(self) -> Path:
        return self.folder / "setup.json"

    @property
    def unfinished(self) -> Path:
        """Stands there from before the first change until after the last one."""
        return self.folder / "setup-unfinished"

    def is_fresh(self) -> bool:
        """Whether nothing has to be done; starts no program, since every command asks it."""
        stamped = self.read_stamp() == self.key()
        return stamped and self.python.exists() and not self.unfinished.exists()

    def make(self, run: Runner) -> None:
        """Brings the environment up to date: anew if it is broken, was interrupted or moved."""
        key = self.key()
        base = None if self.may_stay(key) else self.find_python()
        with step(f"{'Setting up' if base else 'Updating'} {self.title}"):
            if base:
                self.empty()
                run(base, "-m", "venv", *self.wanted.venv_options, self.folder)
            self.unfinished.touch()
            self.stamp.unlink(missing_ok=True)
            self.install(run)
            self.stamp.write_text(json.dumps(key, indent=2) + "\n")
            self.unfinished.unlink()

    def key(self) -> dict[str, str]:
        """What decides over the content: the place, the Python asked for and the inputs."""
        digest = hashlib.sha256(RECIPE.encode())
        for path in self.inputs:
            digest.update(path.name.encode() + path.read_bytes())
        asked = self.wanted.asked or self.read_stamp().get("asked", "")
        return {"place": str(self.folder.resolve()), "asked": asked, "inputs": digest.hexdigest()}

    def read_stamp(self) -> dict[str, str]:
        try:
            stamp: dict[str, str] = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return stamp

    def may_stay(self, key: dict[str, str]) -> bool:
        stamp = self.read_stamp()
        as_asked = all(stamp.get(name, key[name]) == key[name] for name in ("place", "asked"))
        runs = interpreters.probe(self.python, self.wanted) is not None
        return as_asked and runs and not self.unfinished.exists()

    def find_python(self) -> Path:
        base = interpreters.find(self.wanted)
        if base is None and self.wanted.asked:
            named = f"{self.wanted.variable} names {self.wanted.asked}, which does not fit."
            raise SetupError(f"{named}\n{self.missing}")
        if base is None:
            raise SetupError(self.missing)
        return base

    def empty(self) -> None:
        """Throws everything away but the mark, so that being killed here is repaired too."""
        self.folder.mkdir(exist_ok=True)
        self.unfinished.touch()
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != self.unfinished:
                path.unlink()


def app(*, only_runtime: bool) -> Environment:
    """Our own code; with what tests and checks need, unless it only has to run."""
    packages = REQUIREMENTS / ("app.txt" if only_runtime else "dev.txt")
    folder = Path(".venv")

    def install(run: Runner) -> None:
        pip = (folder / "bin/python", "-I", "-m", "pip", "--disable-pip-version-check")
        run(*pip, "install", "--require-hashes", "-r", REQUIREMENTS / "uv.txt")
        sync(run, folder, packages)
        # Hatchling stands in dev.txt: there it is at hand, elsewhere it comes by that lock.
        build = ("--build-constraints", REQUIREMENTS / "dev.txt")
        how = build if only_runtime else ("--no-build-isolation",)
        run(UV, "pip", "install", "--python", folder / "bin/python", "--no-deps", *how, "-e", ".")

    return Environment(
        title="the app in .venv",
        folder=folder,
        inputs=(REQUIREMENTS / "uv.txt", packages, Path("pyproject.toml")),
        wanted=interpreters.APP,
        missing=NO_APP_PYTHON,
        install=install,
    )


def nlu() -> Environment:
    """The Rasa server's environment; needs the app's, which holds uv."""
    packages = REQUIREMENTS / "nlu.txt"
    folder = Path(".venv-nlu")
    return Environment(
        title="Rasa in .venv-nlu",
        folder=folder,
        inputs=(packages,),
        wanted=interpreters.NLU,
        missing=NO_NLU_PYTHON,
        install=lambda run: sync(run, folder, packages),
    )


def sync(run: Runner, folder: Path, packages: Path) -> None:
    """Exactly the locked packages; compiled here, or each start would compile them anew."""
    options = ("--python", folder / "bin/python", "--require-hashes", "--compile-bytecode")
    run(UV, "pip", "sync", *options, packages)
