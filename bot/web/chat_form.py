"""Reads what the page sends: text or a button, under an id that makes it one message."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.text import clean

#: The whole body of a form; a plan's longest answer is far below it.
LIMIT = 64 * 1024
_MOST_FIELDS = 20
_OPAQUE = re.compile(r"[A-Za-z0-9_-]{1,64}")

ReadText = Callable[[str], tuple[Kind, str]]


@dataclass(frozen=True)
class Form:
    """The fields of the page's forms; `after` is how far the script has read."""

    mark: str
    text: str
    press: str
    after: str

    @classmethod
    def from_body(cls, body: bytes) -> Form:
        """Read a form's body; raises ValueError when it has too many fields."""
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )

        def first(name: str) -> str:
            return fields.get(name, [""])[0]

        mark, press = first("id"), first("press")
        return cls(
            mark=mark if _OPAQUE.fullmatch(mark) else secrets.token_urlsafe(12),
            text=clean(first("text")),
            press=press if _OPAQUE.fullmatch(press) else "",
            after=first("after"),
        )

    def incoming(self, address: str, read_text: ReadText) -> Incoming | None:
        """Give the message for the inbox, None when nothing was said."""
        if self.press:
            kind, text = Kind.PRESS, self.press
        elif self.text.strip():
            kind, text = read_text(self.text)
        else:
            return None
        # The id alone does not do: a browser's Back button brings a page with a used id, and what
        # is typed there is another message.
        said = hashlib.sha256(f"{kind}:{text}".encode()).hexdigest()[:12]
        key = f"web:{address[:16]}:{self.mark}:{said}"
        return Incoming(Channel.WEB, address, key, kind, text, source=self.mark)
