"""Reads Telegram's updates into our own messages, and names what asks for something else.

Only the few fields that we need are read, from the update as it came: what else is in it, now or
after Telegram's next change, can never cost a person's text.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from telegram import Chat, ChatMember, Update
from telegram.constants import MessageAttachmentType

from bot.chat.commands import read_text
from bot.domain.errors import WegwijzerError
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.text import clean

#: Only what we handle; Telegram keeps the rest to itself.
ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.CHANNEL_POST,
)
_MESSAGES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CHANNEL_POST)
#: What a message holds that is no text. Others are service messages, such as a pinned one.
_ATTACHMENTS = tuple(kind.value for kind in MessageAttachmentType)
_QUERY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: Telegram's numbers have at most 64 bits; what is larger fits in no column.
_LARGEST = 2**63

JSON = dict[str, Any]


class UnreadableError(WegwijzerError):
    """Een update heeft niet de vorm die Telegram beschrijft."""


@dataclass(frozen=True)
class Pressed:
    """A button press: besides the message it is, Telegram waits for an acknowledgement."""

    incoming: Incoming
    query_id: str


@dataclass(frozen=True)
class NotPrivate:
    """A group or channel that the bot is in; it says one sentence there and leaves."""

    chat_id: int


@dataclass(frozen=True)
class Blocked:
    """A person who has blocked the bot."""

    address: str


@dataclass(frozen=True)
class Ignored:
    """What needs nothing; `why` is a word for the log."""

    why: str


Read = Incoming | Pressed | NotPrivate | Blocked | Ignored


def read_update(raw: JSON) -> Read:
    """Read one update as it came; raises UnreadableError where a field is not as described.

    Nothing but the chat's number, the text and the message's number is kept of it.
    """
    if Update.CALLBACK_QUERY in raw:
        return _press(raw, _part(raw, Update.CALLBACK_QUERY))
    if Update.MY_CHAT_MEMBER in raw:
        return _membership(_part(raw, Update.MY_CHAT_MEMBER))
    kind = next((kind for kind in _MESSAGES if kind in raw), None)
    if kind is None:
        return Ignored("unknown")
    message = _part(raw, kind)
    chat = _part(message, "chat")
    if _word(chat, "type") != Chat.PRIVATE:
        return NotPrivate(_number(chat, "id"))
    if message.get("from") is None:
        return Ignored("no_sender")
    if _part(message, "from").get("is_bot"):
        return Ignored("bot")
    return _message(raw, message, _number(chat, "id"), is_edit=kind == Update.EDITED_MESSAGE)


def _message(raw: JSON, message: JSON, chat_id: int, *, is_edit: bool) -> Read:
    source = f"{chat_id}:{_number(message, 'message_id')}"
    text = clean(_word(message, "text"))
    if is_edit:
        return _incoming(raw, chat_id, Kind.EDIT, text, source) if text else Ignored("no_text")
    if not text and not any(message.get(name) for name in _ATTACHMENTS):
        # Nobody said anything.
        return Ignored("service")
    if not text:
        return _incoming(raw, chat_id, Kind.OTHER, "", source)
    kind, said = read_text(text)
    return _incoming(raw, chat_id, kind, said, source)


def _press(raw: JSON, query: JSON) -> Read:
    person = _part(query, "from")
    if person.get("is_bot"):
        return Ignored("bot")
    query_id = _word(query, "id")
    if not _QUERY_ID.fullmatch(query_id):
        raise UnreadableError
    data = clean(_word(query, "data"))
    chat_id = _number(person, "id")
    return Pressed(_incoming(raw, chat_id, Kind.PRESS, data, f"press:{query_id}"), query_id)


def _membership(change: JSON) -> Read:
    chat = _part(change, "chat")
    chat_id = _number(chat, "id")
    status = _word(_part(change, "new_chat_member"), "status")
    here = status not in (ChatMember.LEFT, ChatMember.BANNED)
    if _word(chat, "type") != Chat.PRIVATE:
        return NotPrivate(chat_id) if here else Ignored("left")
    return Ignored("opened") if here else Blocked(str(chat_id))


def _part(data: JSON, name: str) -> JSON:
    part = data.get(name)
    if not isinstance(part, dict):
        raise UnreadableError
    return part


def _number(data: JSON, name: str) -> int:
    number = data.get(name)
    if type(number) is not int or not -_LARGEST <= number < _LARGEST:
        raise UnreadableError
    return number


def _word(data: JSON, name: str) -> str:
    """Give a text, an empty one where there is none."""
    word = data.get(name)
    if word is not None and not isinstance(word, str):
        raise UnreadableError
    return word or ""


def _incoming(raw: JSON, chat_id: int, kind: Kind, text: str, source: str) -> Incoming:
    return Incoming(Channel.TELEGRAM, str(chat_id), _key(raw), kind, text, source)


def _key(raw: JSON) -> str:
    # Telegram restarts its numbers after a quiet week, so the number alone is not enough.
    text = json.dumps(raw, sort_keys=True).encode()
    return f"telegram:{_number(raw, 'update_id')}:{hashlib.sha256(text).hexdigest()[:32]}"
