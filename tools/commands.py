"""Starts the programs that setting up needs, and shows what they said when one fails."""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Callable
from pathlib import Path

LOG = Path("var/setup.log")
# What an activated environment or a foreign setting would put in our way.
FOREIGN = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER")

Argument = str | Path
Runner = Callable[..., None]


class SetupError(Exception):
    """Setting up cannot go on; the message says what a person can do."""


def runner(lock: int) -> Runner:
    """Gives each program the setup's lock as well: it outlives us when we are killed."""

    def run(*command: Argument) -> None:
        environment = {name: os.environ[name] for name in os.environ if name not in FOREIGN}
        with LOG.open("w") as log:
            done = subprocess.run(
                command, stdout=log, stderr=log, env=environment, pass_fds=[lock], check=False
            )
        if done.returncode:
            raise SetupError(explain(command))

    return run


def explain(command: tuple[Argument, ...]) -> str:
    with LOG.open(errors="replace") as log:
        tail = "".join(deque(log, maxlen=15))
    said = " ".join(str(part) for part in command)
    return f"This failed:\n    {said}\n{tail}The whole of it: {LOG}. The same command tries again."
