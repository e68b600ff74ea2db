"""A message as it waits in the inbox, whatever way it came in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """The ways in."""

    TELEGRAM = "telegram"
    WEB = "web"
    TERMINAL = "terminal"


class Kind(StrEnum):
    """What an incoming message is."""

    #: typed text
    TEXT = "text"
    #: typed text that is a question, whatever is open
    QUESTION = "question"
    #: a button, named by its key or its label
    PRESS = "press"
    #: a command with a slash, without its slash in `text`
    COMMAND = "command"
    #: a link of ours, behind /start: its word until it is taken in, its id from there
    LINK = "link"
    #: a changed version of an earlier message
    EDIT = "edit"
    #: something that is no text: a sticker, voice, photo, contact, location, …
    OTHER = "other"


@dataclass(frozen=True)
class Incoming:
    """One message from a person.

    `address` is the channel's own name for the chat (never shown to Rasa or the logs); `key` is
    unique for this very delivery, so that the same update twice is one message; `source` names
    the person's message, so that an edit finds the answer it gave.
    """

    channel: Channel
    address: str
    key: str
    kind: Kind
    text: str
    source: str | None = None
