"""What the app sends to the channel: checked here, and made harmless for Rasa.

Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

OPEN_KINDS = frozenset({"none", "plan", "confirm", "find_region", "question", "delete", "choose"})
SENDER_AT_MOST = 200
TEXT_AT_MOST = 100_000
#: Longer texts are answers anyway, and their meaning shows at the beginning.
READ_AT_MOST = 1_000


class BadBodyError(ValueError):
    """The request's body is not what the channel asks for."""


@dataclass(frozen=True)
class Incoming:
    """One message: typed (`text`) or pressed (`intent`), never both."""

    sender: str
    text: str | None
    intent: str | None
    metadata: dict[str, Any]


def read_turn(body: Any) -> Incoming:
    """Read the body of a turn; raises `BadBodyError` with what is wrong, never with its content."""
    fields = _object(body, "body")
    metadata = _metadata(fields)
    for key in ("turn", "attempt"):
        if not isinstance(metadata.get(key), int) or isinstance(metadata[key], bool):
            raise BadBodyError(f"metadata.{key} must be a number")
    sender = _string(fields, "sender", SENDER_AT_MOST)
    if ("text" in fields) == ("intent" in fields):
        raise BadBodyError("exactly one of text and intent is needed")
    if "intent" in fields:
        return Incoming(sender, None, _string(fields, "intent", SENDER_AT_MOST), metadata)
    text = _string(fields, "text", TEXT_AT_MOST, at_least=0)
    _keep_verbatim(metadata, text)
    return Incoming(sender, text, None, metadata)


def read_parse(body: Any) -> Incoming:
    """Read the body of a request to understand one text."""
    fields = _object(body, "body")
    metadata = _metadata(fields)
    text = _string(fields, "text", TEXT_AT_MOST, at_least=0)
    _keep_verbatim(metadata, text)
    return Incoming("parse", text, None, metadata)


def harmless(text: str) -> str:
    """Give the text without the leading slashes that Rasa would read as an intent's name."""
    start = 0
    while start < len(text) and (text[start].isspace() or text[start] == "/"):
        start += 1
    return text[start : start + READ_AT_MOST].strip() or "..."


def open_entity(kind: str) -> dict[str, str]:
    """Give the entity that tells the rules what is open."""
    return {"entity": "open", "value": kind if kind in OPEN_KINDS else "none"}


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadBodyError(f"{name} must be an object")
    return value


def _string(fields: dict[str, Any], key: str, at_most: int, at_least: int = 1) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not at_least <= len(value) <= at_most:
        raise BadBodyError(f"{key} must be a string of {at_least} to {at_most} characters")
    return value


def _metadata(fields: dict[str, Any]) -> dict[str, Any]:
    metadata = dict(_object(fields.get("metadata", {}), "metadata"))
    if metadata.setdefault("open", "none") not in OPEN_KINDS:
        raise BadBodyError("metadata.open must be one of " + ", ".join(sorted(OPEN_KINDS)))
    if not isinstance(metadata.get("step"), (str, type(None))):
        raise BadBodyError("metadata.step must be a string or null")
    return metadata


def _keep_verbatim(metadata: dict[str, Any], text: str) -> None:
    if not isinstance(metadata.setdefault("text", text), str):
        raise BadBodyError("metadata.text must be a string")
