"""Reads Telegram's updates into our own messages, and names what asks for something else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from telegram import Chat, ChatMember, Message, Update

from bot.chat.commands import read_text
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


Read = Incoming | Pressed | NotPrivate | Blocked


def read_update(update: Update, raw: dict[str, Any]) -> Read | None:
    """Read one update, `raw` as it came; None for what needs nothing (a bot, our own joins).

    Nothing but the chat's number, the text and the message's number is kept of it.
    """
    if update.callback_query:
        return _press(update, raw)
    if update.my_chat_member:
        return _membership(update)
    message = update.message or update.edited_message or update.channel_post
    if message is None:
        return None
    if message.chat.type != Chat.PRIVATE:
        return NotPrivate(message.chat.id)
    if message.from_user is None or message.from_user.is_bot:
        return None
    return _message(update, message, raw)


def _message(update: Update, message: Message, raw: dict[str, Any]) -> Incoming | None:
    source = f"{message.chat.id}:{message.message_id}"
    text = clean(message.text or "")
    if update.edited_message:
        return _incoming(raw, message.chat.id, Kind.EDIT, text, source) if text else None
    if not text and not message.effective_attachment:
        # A service message, such as a pinned one: nobody said anything.
        return None
    if not text:
        return _incoming(raw, message.chat.id, Kind.OTHER, "", source)
    kind, said = read_text(text)
    return _incoming(raw, message.chat.id, kind, said, source)


def _press(update: Update, raw: dict[str, Any]) -> Pressed | None:
    query = update.callback_query
    if query is None or query.from_user.is_bot:
        return None
    incoming = _incoming(
        raw, query.from_user.id, Kind.PRESS, clean(query.data or ""), f"press:{query.id}"
    )
    return Pressed(incoming, query.id)


def _membership(update: Update) -> Read | None:
    change = update.my_chat_member
    if change is None:
        return None
    here = change.new_chat_member.status not in (ChatMember.LEFT, ChatMember.BANNED)
    if change.chat.type != Chat.PRIVATE:
        return NotPrivate(change.chat.id) if here else None
    return None if here else Blocked(str(change.chat.id))


def _incoming(raw: dict[str, Any], chat_id: int, kind: Kind, text: str, source: str) -> Incoming:
    return Incoming(Channel.TELEGRAM, str(chat_id), _key(raw), kind, text, source)


def _key(raw: dict[str, Any]) -> str:
    # Telegram restarts its numbers after a quiet week, so the number alone is not enough.
    text = json.dumps(raw, sort_keys=True).encode()
    return f"telegram:{raw['update_id']}:{hashlib.sha256(text).hexdigest()[:32]}"
