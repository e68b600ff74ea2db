"""Reads a YAML file of `content/` as people wrote it: every value is text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.domain.errors import ContentError


def read_yaml(path: Path) -> Any:
    """Give what the file holds, None when it is empty; raises ContentError in Dutch.

    The base loader makes nothing but text, lists and mappings: "yes" or "no" never becomes a truth
    value.
    """
    try:
        # S506 asks for the safe loader; the base loader makes even fewer kinds of objects.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    except UnicodeDecodeError as error:
        raise ContentError(
            f"{path.name} is niet te lezen: sla het bestand op als UTF-8."
        ) from error
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name} is niet te lezen: {error}") from error
