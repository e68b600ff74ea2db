"""Finds the Pythons of this machine: one for the app and one for Rasa."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Version = tuple[int, int]


@dataclass(frozen=True)
class Wanted:
    """Which Pythons will do, the best first, and the setting in which a person names one."""

    versions: tuple[Version, ...]
    variable: str
    modules: str
    venv_options: tuple[str, ...]

    @property
    def asked(self) -> str:
        return os.environ.get(self.variable, "")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"python{major}.{minor}" for major, minor in self.versions)


# Debian ships Pythons without ensurepip, which make environments without pip only.
APP = Wanted(((3, 12), (3, 13), (3, 11)), "WEGWIJZER_PYTHON", "venv, ensurepip", ())
NLU = Wanted(((3, 10),), "WEGWIJZER_PYTHON310", "venv", ("--without-pip",))


def find(wanted: Wanted) -> Path | None:
    """The first Python that fits and truly runs; of a named one, that one or none."""
    for candidate in [wanted.asked] if wanted.asked else candidates(wanted):
        if found := probe(candidate, wanted):
            return found
    return None


def probe(candidate: str | Path, wanted: Wanted) -> Path | None:
    """The interpreter behind a command, which may be a shim, or nothing where it does not fit."""
    code = f"import sys, {wanted.modules}; print(*sys.version_info[:2], sys.base_prefix)"
    try:
        answer = subprocess.run(
            [candidate, "-I", "-c", code], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    major, minor, prefix = answer.rstrip("\n").split(" ", 2)
    version = int(major), int(minor)
    return program(prefix, version) if version in wanted.versions else None


def program(prefix: str, version: Version) -> Path:
    return Path(prefix, "bin", f"python{version[0]}.{version[1]}")


def beneath_us() -> Path:
    """The Python that runs this, or that its environment was made from."""
    return program(sys.base_prefix, sys.version_info[:2])


def candidates(wanted: Wanted) -> Iterator[str | Path]:
    """Every place where a fitting Python may stand, the likeliest first."""
    yield beneath_us()
    for name in ("python3", *wanted.names):
        for folder in os.get_exec_path():
            if (path := Path(folder, name)).is_file():
                yield path
    yield from from_pyenv(wanted)
    yield from from_uv(wanted)
    for pattern in ("usr/bin", "usr/local/bin", "opt/*/bin"):
        for name in wanted.names:
            yield from sorted(Path("/").glob(f"{pattern}/{name}"))


def from_pyenv(wanted: Wanted) -> Iterator[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for major, minor in wanted.versions:
        yield from sorted(root.glob(f"versions/{major}.{minor}.*/bin/python"), reverse=True)


def from_uv(wanted: Wanted) -> Iterator[Path]:
    uv = shutil.which("uv", path=os.pathsep.join([".venv/bin", *os.get_exec_path()]))
    if uv is None:
        return
    for major, minor in wanted.versions:
        command = [uv, "python", "find", "--managed-python", "--no-project", f"{major}.{minor}"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
