"""Chats as the server keeps them: their messages and whether the bot may write there."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.botapi.changes import Changes
from tests.botapi.errors import ApiError, bad_request, forbidden

JSON = dict[str, Any]


class Access(StrEnum):
    """What the bot may do in a chat."""

    OPEN = "open"
    NEVER_STARTED = "bot can't initiate conversation with a user"
    BLOCKED = "bot was blocked by the user"
    DEACTIVATED = "user is deactivated"
    LEFT = "bot is not a member of the {kind} chat"
    KICKED = "bot was kicked from the {kind} chat"


@dataclass(frozen=True)
class Button:
    """An inline button of a message."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Document:
    """A file that the bot sends."""

    name: str
    content: bytes
    mime_type: str


@dataclass
class Received:
    """A message of the bot as the person sees it now; `at` is the Unix time of its arrival."""

    raw: JSON
    at: float
    document: Document | None = None

    @property
    def message_id(self) -> int:
        """The number of the message."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """The text, or the caption of a document."""
        return str(self.raw.get("text", self.raw.get("caption", "")))

    @property
    def rows(self) -> list[list[Button]]:
        """The inline buttons, row by row."""
        keyboard = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [
            [Button(key["text"], key.get("callback_data"), key.get("url")) for key in row]
            for row in keyboard
        ]

    @property
    def buttons(self) -> list[Button]:
        """The inline buttons, in reading order."""
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """The labels of the inline buttons, in reading order."""
        return [button.label for button in self.buttons]


@dataclass
class Chat:
    """A private chat, group or channel; guarded by the world's lock."""

    id: int
    kind: str
    names: JSON
    lock: threading.RLock
    access: Access = Access.NEVER_STARTED
    migrated_to: int | None = None
    messages: dict[int, JSON] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        self.changes = Changes(self.lock)

    def to_json(self) -> JSON:
        """Give the chat as it stands in a message."""
        return {"id": self.id, "type": self.kind} | self.names

    def refuse_if_closed(self) -> None:
        """Raise the error that Telegram gives when the bot may not write here."""
        if self.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": self.migrated_to},
            )
        if self.access is not Access.OPEN:
            raise forbidden(self.access.value.format(kind=self.kind))

    def show(self, raw: JSON, at: float, document: Document | None = None) -> None:
        """Put a message of the bot in the chat."""
        self.messages[raw["message_id"]] = raw
        self.received.append(Received(raw, at, document))
        self.changes.tell()

    def change_markup(self, message_id: int, markup: JSON | None) -> JSON:
        """Give a message of the bot other buttons and return it, or refuse."""
        shown = next((m for m in self.received if m.message_id == message_id), None)
        if message_id not in self.messages:
            raise bad_request("message to edit not found")
        if shown is None:
            raise bad_request("message can't be edited")
        if shown.raw.get("reply_markup") == markup:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        bare = {key: value for key, value in shown.raw.items() if key != "reply_markup"}
        shown.raw = bare | ({"reply_markup": markup} if markup else {})
        self.messages[message_id] = shown.raw
        self.changes.tell()
        return shown.raw
