"""Makes both environments ready, and does nothing where nothing changed: `make` starts it first."""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import environments
import interpreters
from commands import SetupError, runner

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path("var/setup.lock")


def main() -> int:
    options = parse_options()
    os.chdir(ROOT)
    wanted = [environments.app(only_runtime=options.app_only)]
    if not options.without_nlu:
        wanted.append(environments.nlu())
    if all(environment.is_fresh() for environment in wanted):
        return 0
    try:
        with one_setup_at_a_time() as lock:
            prepare(wanted, lock)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The same command repairs this and goes on.", file=sys.stderr)
        return 130
    return 0


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--app-only", action="store_true", help="without tests and checks")
    parser.add_argument("--without-nlu", action="store_true", help="without Rasa's environment")
    return parser.parse_args()


def prepare(wanted: list[environments.Environment], lock: int) -> None:
    app, *others = wanted
    inside = Path(sys.prefix).resolve() == app.folder.resolve()
    if not app.is_fresh():
        if inside:
            # An environment is not to be changed by a program that runs from it.
            restart_with(interpreters.beneath_us())
        app.make(runner(lock))
    stale = [environment for environment in others if not environment.is_fresh()]
    if stale and not inside:
        # From now on rich is there to show the progress.
        restart_with(app.python)
    for environment in stale:
        environment.make(runner(lock))


def restart_with(python: Path) -> NoReturn:
    sys.stdout.flush()
    os.execl(python, python, __file__, *sys.argv[1:])


@contextmanager
def one_setup_at_a_time() -> Iterator[int]:
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another setup is at work in this folder: waiting for it.", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


if __name__ == "__main__":
    sys.exit(main())
