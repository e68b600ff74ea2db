"""Lets Rasa load only a model that fits the checksum from `bot.chat.model_seal` beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import List

REFUSED = (
    "Het taalmodel ontbreekt of klopt niet met zijn controlegetal (sha256), dus Rasa start niet. "
    "Train het opnieuw met `wegwijzer train`; bouw met Docker het image opnieuw."
)


def refuse_unsealed(arguments: List[str]) -> None:
    """End the process unless every model that `--model` names fits its checksum."""
    named = Path(arguments[arguments.index("--model") + 1]) if "--model" in arguments else None
    models = sorted(named.glob("*.tar.gz")) if named and named.is_dir() else [named]
    if not models or not all(model and _is_sound(model) for model in models):
        raise SystemExit(REFUSED)


def _is_sound(model: Path) -> bool:
    try:
        written = model.with_name(f"{model.name}.sha256").read_bytes()
        # The whole file in memory: it is smaller than what Rasa makes of it.
        digest = hashlib.sha256(model.read_bytes()).hexdigest()
    except FileNotFoundError:
        return False
    return written == f"{digest}  {model.name}\n".encode()
