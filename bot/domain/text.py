"""Incoming text made safe once, at intake, without changing what it says."""

from __future__ import annotations

import re
import unicodedata

_KEPT_CONTROLS = {"\n", "\t"}
#: Bidirectional overrides and isolates: they can make a text read as something else.
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: These surround what stands for the secret address of a link in a stored text; typed ones would
#: let anybody who knows a link's id have its address written out.
_RESERVED = str.maketrans("⟦⟧", "[]")
#: More combining marks than this on one letter is not language but an attack on the screen.
_MAX_MARKS = 4


def clean(text: str) -> str:
    """Give `text` in NFC, without control characters, lone surrogates and stacked marks.

    Line breaks become "\\n" and are kept, as are tabs and emoji (with their joiners). NUL and lone
    surrogates cannot be stored in PostgreSQL or sent as UTF-8; they are left out. The brackets
    around the mark of a link become ordinary ones.
    """
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    normal = normal.translate(_RESERVED)
    kept: list[str] = []
    marks = 0
    for character in normal:
        category = unicodedata.category(character)
        if category in ("Cc", "Cs") and character not in _KEPT_CONTROLS:
            continue
        if character in _BIDI:
            continue
        marks = marks + 1 if category == "Mn" else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def is_blank(text: str) -> bool:
    """Say whether `text` holds nothing to store: only white space or punctuation."""
    return not any(character.isalnum() or _is_symbol(character) for character in text)


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sc")


def folded(text: str) -> str:
    """Give `text` for comparing: lower case, no accents, no punctuation, single spaces."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if unicodedata.category(character) != "Mn"
    )
    return " ".join(re.findall(r"[^\W_]+", plain))


def shortened(text: str, limit: int) -> str:
    """Give `text` on one line, cut at `limit` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def capital(text: str) -> str:
    """Give `text` with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]
