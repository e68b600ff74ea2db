"""Says of an SQLite file that it is in use, so that nobody puts another one in its place."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from bot.domain.errors import WegwijzerError


class InUseError(WegwijzerError):
    """De database is in gebruik: stop eerst de wegwijzer, en probeer het dan opnieuw."""


class BeingRestoredError(WegwijzerError):
    """Er wordt net een reservekopie teruggezet; probeer het over een minuut opnieuw."""


def sqlite_file(url: str) -> Path | None:
    """Give the file of an SQLite database; None for another kind, or one in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """Use a database beside others; raises BeingRestoredError while one has it alone."""
    with _locked(url, fcntl.LOCK_SH, BeingRestoredError):
        yield


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Have a database alone; raises InUseError while anybody uses it."""
    with _locked(url, fcntl.LOCK_EX, InUseError):
        yield


@contextmanager
def _locked(url: str, how: int, refusal: type[WegwijzerError]) -> Iterator[None]:
    file = sqlite_file(url)
    if file is None:
        # A server knows by itself who uses it.
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise refusal from error
        yield
