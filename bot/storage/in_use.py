"""Says of an SQLite file who uses it: nobody puts another in its place, or does things twice."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from bot.domain.errors import WegwijzerError


class InUseError(WegwijzerError):
    """De database is in gebruik: stop eerst de wegwijzer, en probeer het dan opnieuw."""


class BeingRestoredError(WegwijzerError):
    """Er wordt net een reservekopie teruggezet; probeer het over een minuut opnieuw."""


class AlreadyServedError(WegwijzerError):
    """De wegwijzer draait hier al. Stop die eerst, of kies een andere WEGWIJZER_DATA_DIR."""


def sqlite_file(url: str) -> Path | None:
    """Give the file of an SQLite database; None for another kind, or one in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """Use a database beside others; raises BeingRestoredError while one has it alone."""
    with _locked(url, "", fcntl.LOCK_SH, BeingRestoredError):
        yield


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Have a database alone; raises InUseError while anybody uses it."""
    with _locked(url, "", fcntl.LOCK_EX, InUseError):
        yield


@contextmanager
def served_by_us(url: str, channels: Iterable[str]) -> Iterator[None]:
    """Serve channels of a database; raises AlreadyServedError while another process serves one.

    Beside the file, so that two data folders with one database between them are noticed too.
    """
    with ExitStack() as held:
        for channel in channels:
            held.enter_context(_locked(url, f".{channel}", fcntl.LOCK_EX, AlreadyServedError))
        yield


@contextmanager
def _locked(url: str, name: str, how: int, refusal: type[WegwijzerError]) -> Iterator[None]:
    file = sqlite_file(url)
    if file is None:
        # A server knows by itself who uses it.
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file = file.resolve()
    with file.with_name(f"{file.name}{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise refusal from error
        yield
