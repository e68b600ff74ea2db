"""Shows what changed in a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\S+\s*")
#: The work grows with the square of this; an answer of the longest kind has about as many.
_MOST_WORDS = 2_000


class Change(StrEnum):
    """What happened to a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of words with the same fate."""

    change: Change
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Give `after` in pieces, with what was removed in its old place.

    Only words count: other white space is no difference. Without the removed pieces these are the
    words of `after`. Texts beyond all measure are not compared: one goes, the other comes whole.
    """
    old, new = _WORD.findall(before.strip()), _WORD.findall(after.strip())
    if max(len(old), len(new)) > _MOST_WORDS:
        return _pieces([(Change.REMOVED, old), (Change.ADDED, new)])
    return _pieces(_runs(old, new))


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[Change, list[str]]]:
    matcher = SequenceMatcher(
        None, [word.rstrip() for word in old], [word.rstrip() for word in new], autojunk=False
    )
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Change.KEPT, new[new_from:new_to]
        else:
            yield Change.REMOVED, old[old_from:old_to]
            yield Change.ADDED, new[new_from:new_to]


def _pieces(
    runs: Iterator[tuple[Change, list[str]]] | list[tuple[Change, list[str]]],
) -> tuple[Piece, ...]:
    found = [(change, "".join(words)) for change, words in runs if words]
    return tuple(
        Piece(change, text if number == len(found) else _spaced(text))
        for number, (change, text) in enumerate(found, start=1)
    )


def _spaced(text: str) -> str:
    """Give a run apart from what follows: the last word of a text has nothing behind it."""
    return text if text[-1].isspace() else f"{text} "
