"""Reads a form that a page sent: every field as text, cleaned, whatever somebody put in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qs

from bot.domain.text import clean

#: The whole body; remarks at each answer of a plan stay far below it.
LIMIT = 256 * 1024
_MOST_FIELDS = 60
_NUMBER = re.compile(r"\d{1,9}")
_OPAQUE = re.compile(r"[A-Za-z0-9_-]{8,64}")
#: What begins the name of a field with a remark; the key of the answer follows.
REMARK = "remark-"
#: The fields in which somebody types, in the order of the pages, with what they are called there.
_TYPED = {
    "text": "Je tekst",
    "moment1": "Moment 1",
    "moment2": "Moment 2",
    "moment3": "Moment 3",
    "place": "Waar",
    "name": "Je naam",
    "function": "Je functie",
}


@dataclass(frozen=True)
class Posted:
    """The fields of a form; what is not there reads as an empty text."""

    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def from_body(cls, body: bytes) -> Posted:
        """Read a form's body; raises ValueError when it has too many fields."""
        read = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
        return cls({name: clean(values[0]) for name, values in read.items()})

    def changed(self, change: Callable[[str], str]) -> Posted:
        """Give the same form with each field as `change` makes it."""
        return Posted({name: change(text) for name, text in self.fields.items()})

    def text(self, name: str) -> str:
        """Give a field without the white space around it."""
        return self.fields.get(name, "").strip()

    def number(self, name: str) -> int:
        """Give a field as a number; 0 for anything else."""
        return int(text) if _NUMBER.fullmatch(text := self.text(name)) else 0

    @property
    def typed(self) -> str:
        """Give all that was typed as one text to copy: under labels, unless it is only `text`."""
        named = [(label, self.text(name)) for name, label in _TYPED.items()]
        named += [
            (f"Opmerking bij {name.removeprefix(REMARK)}", self.text(name))
            for name in self.fields
            if name.startswith(REMARK)
        ]
        given = [(label, text) for label, text in named if text]
        if [label for label, _ in given] == [_TYPED["text"]]:
            return given[0][1]
        return "\n\n".join(f"{label}:\n{text}" for label, text in given)

    @property
    def mark(self) -> str | None:
        """The id of this very form, None when it lacks or is not one of ours."""
        mark = self.text("mark")
        return mark if _OPAQUE.fullmatch(mark) else None
