"""Writes the hashed lock files from pyproject.toml; `--upgrade` takes the newest that fit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import environments
import interpreters

ROOT = Path(__file__).resolve().parent.parent
COMMON = ("--generate-hashes", "--quiet", "--custom-compile-command", "make lock")
EVERYWHERE = ("--universal", "--python-version", "3.11")


def main() -> int:
    os.chdir(ROOT)
    python310 = interpreters.find(interpreters.NLU)
    if python310 is None:
        print(environments.NO_NLU_PYTHON, file=sys.stderr)
        return 1
    # Rasa's lock names what its one supported platform needs, whoever makes it.
    server = ("--python", python310, "--python-platform", "x86_64-unknown-linux-gnu")
    lock("uv.txt", "--group", "setup", *EVERYWHERE)
    lock("app.txt", "pyproject.toml", *EVERYWHERE)
    # Tests run with the very versions that people get.
    lock("dev.txt", "pyproject.toml", "--group", "dev", "-c", "requirements/app.txt", *EVERYWHERE)
    lock("nlu.txt", "--group", "nlu", *server)
    return 0


def lock(name: str, *what: str | Path) -> None:
    out = environments.REQUIREMENTS / name
    print(f"Locking {out}", flush=True)
    command = (environments.UV, "pip", "compile", *COMMON, *sys.argv[1:], *what, "-o", out)
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
