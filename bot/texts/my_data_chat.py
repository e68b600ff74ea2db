"""What somebody typed and read in the chat, as lines of the page with all that is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.domain.inbox import Kind

HALF_WAY = "Waar je halverwege mee bent"
MESSAGES = "Je berichten"
REPLIES = "Wat de wegwijzer zei"
VOTES = "Wat je van antwoorden vond"
_FILE = "bestand: {name}"
_BUTTONS = "Knoppen: {names}"
_USEFUL = {True: "nuttig", False: "niet nuttig"}
#: What somebody typed that is no answer yet, by its name in the JSON. The other names there are
#: codes: of a plan, of a message, of what is asked next.
TYPED = {
    "typed": "Getypt",
    "name": "Naam",
    "function": "Functie",
    "text": "Tekst",
    "place": "Plaats",
    "moments": "Momenten",
}
#: A label with the words under it.
Line = tuple[str, str]
At = Callable[[str], str]


def message_line(row: Mapping[str, Any], at: At) -> Line:
    """Give a message: what was typed, or what stood on the button that was pressed."""
    is_press = row["kind"] == Kind.PRESS.value and row["pressed"]
    return at(row["received_at"]), row["pressed"] if is_press else row["text"]


def reply_line(row: Mapping[str, Any], at: At) -> Line:
    """Give something that was said, with its buttons and its file."""
    parts = [row["text"]]
    if row["buttons"]:
        parts.append(_BUTTONS.format(names=" / ".join(row["buttons"])))
    if row["document"]:
        parts.append(_FILE.format(name=row["document"]))
    return at(row["said_at"]), "\n".join(filter(None, parts))


def vote_line(row: Mapping[str, Any], at: At) -> Line:
    """Give a thumb."""
    return f"{at(row['given_at'])}: antwoord “{row['entry']}”", _USEFUL[row["is_up"]]


def half_way_lines(row: Mapping[str, Any]) -> Iterable[Line]:
    """Give what was typed in something that is not finished."""
    for key, label in TYPED.items():
        said = row.get(key)
        text = "\n".join(said) if isinstance(said, list) else said
        if text:
            yield label, text
