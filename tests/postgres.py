"""A PostgreSQL server of our own for tests: made in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoPostgresError(Exception):
    """PostgreSQL's server programs are not installed (Debian: the package postgresql)."""


class PostgresServer:
    """A server on a free loopback port, with its data in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Prepare the data in `folder`; nothing runs yet."""
        self._programs = _programs()
        # initdb refuses root; Debian's package brings this user.
        self._user = "postgres" if os.getuid() == 0 else None
        self._folder = folder
        if self._user:
            shutil.chown(folder, self._user)
        self._port = _free_port()
        data = self._folder / "data"
        self._run("initdb", "-D", data, "-U", "wegwijzer", "-A", "trust", "-E", "UTF8", "-N")

    @property
    def url(self) -> str:
        """The address of the server, without a database name."""
        return f"postgresql+psycopg://wegwijzer@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start, and recover when the last stop was no tidy one; it answers on return."""
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=on"
        log = self._folder / "log"
        self._run("pg_ctl", *self._data, "-l", log, "-o", options, "-w", "start")

    def stop_at_once(self) -> None:
        """Stop as a crash does: whatever is under way is cut off, nothing is written any more."""
        self._run("pg_ctl", *self._data, "-m", "immediate", "-w", "stop")

    @property
    def _data(self) -> tuple[str | Path, ...]:
        return "-D", self._folder / "data"

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [str(self._programs / program), *map(str, arguments)],
            user=self._user, cwd=self._folder, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def own_server() -> Iterator[PostgresServer]:
    """Run a server that the test may stop and start as it likes; it runs at the end."""
    folder = Path(tempfile.mkdtemp(prefix="wegwijzer-pg-"))
    server = PostgresServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop_at_once()
        shutil.rmtree(folder)


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server; give its URL without a database name."""
    with own_server() as server:
        yield server.url


def _programs() -> Path:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if not found:
        raise NoPostgresError
    return Path(found).resolve().parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
