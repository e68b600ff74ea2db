"""Imports the modules named, and prints as JSON which ones touched the world while doing so."""

from __future__ import annotations

import importlib
import json
import sys
import sysconfig
from pathlib import Path
from typing import Any

FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "sqlite3.connect",
    "subprocess.Popen",
    "os.system",
    "os.mkdir",
    "os.remove",
    "os.rename",
)


class TouchedTheWorldError(Exception):
    """An import did more than define things."""


def watch(root: Path) -> None:
    """Lets imports read code and what libraries bring along, and nothing else."""
    libraries = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib"))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in FORBIDDEN:
            raise TouchedTheWorldError(f"{event} {arguments}")
        if event != "open" or isinstance(arguments[0], int):
            return
        path = str(arguments[0])
        ours = path.startswith(f"{root}/") and not path.startswith(libraries)
        if ours and not path.endswith((".py", ".pyc")):
            raise TouchedTheWorldError(f"open {path}")

    sys.addaudithook(hook)


def main() -> None:
    root = Path(sys.argv[1])
    sys.path.insert(0, str(root))
    watch(root)
    touched = {}
    for name in sys.argv[2:]:
        try:
            importlib.import_module(name)
        except Exception as error:
            touched[name] = f"{type(error).__name__}: {error}"
    print(json.dumps(touched))


if __name__ == "__main__":
    main()
