"""A conversation in the shape that the page and its script show it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.domain.dutch_time import AMSTERDAM
from bot.services.clock import dutch_date
from bot.storage.transcript import Button, Cursor, Line, Transcript
from bot.texts.summary import dutch_date as date_in_words

_LINK_TEXT = r"[^\s<>\"“”]+"
#: Ends a sentence around a link rather than the link.
_AFTER_LINK = ".,;:!?)]}’'"
_CURSOR = re.compile(r"(\d{1,15})\.(\d{1,15})\.(\d{1,15})")


def cursor_text(cursor: Cursor) -> str:
    """Give a cursor as the page carries it."""
    return f"{cursor.first}.{cursor.own}.{cursor.said}"


def read_cursor(text: str) -> Cursor:
    """Read what `cursor_text` wrote; anything else is the cursor of an empty page."""
    match = _CURSOR.fullmatch(text)
    return Cursor(*map(int, match.groups())) if match else Cursor()


class Texts:
    """Cuts what was said into plain parts and links."""

    def __init__(self, fill: Callable[[str], str], public_url: str) -> None:
        """Write addresses into stored texts with `fill`; beside https ours alone is a link."""
        self._fill = fill
        own = re.escape(public_url.rstrip("/"))
        self._link = re.compile(rf"(?:https://|{own}/){_LINK_TEXT}")

    def parts(self, text: str) -> list[dict[str, str | None]]:
        """Give the parts of a stored text."""
        shown = self._fill(text)
        parts = []
        done = 0
        for match in self._link.finditer(shown):
            url = match.group().rstrip(_AFTER_LINK)
            parts += [_part(shown[done : match.start()]), _part(url, url)]
            done = match.start() + len(url)
        parts.append(_part(shown[done:]))
        return [part for part in parts if part["text"]]


def update(
    transcript: Transcript, after: Cursor, texts: Texts, *, is_ready: bool
) -> dict[str, Any]:
    """Give all that a page with the cursor `after` has to change to show this moment."""
    return {
        "cursor": cursor_text(transcript.cursor),
        "reset": after.first not in (0, transcript.cursor.first),
        "lines": [line_view(line, texts) for line in transcript.after(after)],
        "buttons": [button_view(button) for button in transcript.buttons],
        "busy": transcript.is_busy,
        "ready": is_ready,
    }


def button_view(button: Button) -> dict[str, str]:
    """Give a button by its key and label."""
    return {"key": button.key, "label": button.label}


def line_view(line: Line, texts: Texts) -> dict[str, Any]:
    """Give one message: its text in parts, of which links are the ones with a `url`."""
    document = line.document_name and {
        "name": line.document_name,
        "url": f"/chat/documents/{line.id}",
    }
    return {
        "id": f"{'own' if line.is_own else 'said'}-{line.id}",
        "turn": line.turn_id,
        "own": line.is_own,
        "mark": line.mark,
        "day": date_in_words(dutch_date(line.at)),
        "time": line.at.astimezone(AMSTERDAM).strftime("%H:%M"),
        "parts": [_part(line.text)] if line.is_own else texts.parts(line.text),
        "choices": ", ".join(button.label for button in line.buttons),
        "document": document or None,
    }


def _part(text: str, url: str | None = None) -> dict[str, str | None]:
    return {"text": text, "url": url}
