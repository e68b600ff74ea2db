"""Names the file or folder that a command cannot write, instead of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import SettingsError


@contextmanager
def writing(output: Path) -> Iterator[None]:
    """Write what --output names; raises SettingsError when that does not work."""
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"Schrijven naar {output} lukt niet ({type(error).__name__}). Noem bij --output een "
            "andere plek."
        ) from error
