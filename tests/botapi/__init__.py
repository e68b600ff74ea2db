"""A Telegram Bot API server for tests: strict where Telegram is, with switches for its faults."""

from __future__ import annotations

from tests.botapi.chats import Button, Document, Received
from tests.botapi.faults import Fault
from tests.botapi.groups import Group
from tests.botapi.people import User
from tests.botapi.records import Call
from tests.botapi.server import BotApiServer
from tests.botapi.world import TOKEN, TelegramWorld

__all__ = [
    "TOKEN",
    "BotApiServer",
    "Button",
    "Call",
    "Document",
    "Fault",
    "Group",
    "Received",
    "TelegramWorld",
    "User",
]
