"""Says whether a trained model is the one that was made here: its SHA-256 stands beside it.

`<model>.sha256` is written when the training is done, in the form that `sha256sum --check` reads.
A model that is cut off, damaged, swapped or put under another name does not fit it. Who can write
both files can fit them to each other: the folder is the boundary, this is not.

`wegwijzer_rasa.seal` reads the same file, just before Rasa loads the model.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def seal_of(model: Path) -> Path:
    """Give the file that holds the model's checksum."""
    return model.with_name(f"{model.name}.sha256")


def seal(model: Path, name: str | None = None) -> None:
    """Write the checksum of `model`, as it is now, for when it is called `name`."""
    path = seal_of(model.with_name(name or model.name))
    unfinished = path.with_name(f"unfinished-{path.name}")
    unfinished.write_text(_line(model, name or model.name), encoding="utf-8")
    unfinished.replace(path)


def is_sound(model: Path) -> bool:
    """Say whether the model is there and fits its checksum."""
    try:
        return seal_of(model).read_bytes() == _line(model, model.name).encode()
    except FileNotFoundError:
        return False


def _line(model: Path, name: str) -> str:
    with model.open("rb") as content:
        return f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {name}\n"
