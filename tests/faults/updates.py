"""Makes updates as Telegram would never send them, out of such as it does, from a seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from typing import Any

from tests.botapi import TelegramWorld, User
from tests.botapi.payloads import (
    contact_content,
    dice_content,
    document_content,
    location_content,
    membership_content,
    photo_content,
    poll_content,
    sticker_content,
    text_content,
    voice_content,
)
from tests.botapi.updates import Update
from tests.security.corpus import INJECTIONS

JSON = dict[str, Any]

SAID = (
    "hallo", "plan maken", "welke regio", "/start", "/terug", "/help", "/overzicht", "/vraag",
    "/start l_" + "A" * 54, "nee", "ok", "?", "Plan maken", "Drones op het schoolplein 🚁",
)  # fmt: skip
NASTY = (
    *INJECTIONS.values(),
    "\x00",
    "\ud83d",
    "\ud83d\ude00\udc00",
    "\u202e\u2066nalp",
    "مرحبا שלום",
    "e" + "\u0301" * 100_000,
    "\u200b\u200d\ufeff",
    "👩🏽‍🔬" * 600,
    "a" * 5_000,
    " \n\t",
    "",
)
ODD = (
    None, True, False, 0, -1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**300, 1.5, -0.0, 1e308,
    "", "0", "x" * 300, "\x00", "\ud800", [], {}, [[]], [None], {"": None}, {"id": {}}, [{}],
)  # fmt: skip
#: What people send that is no text.
NOT_TEXT: tuple[JSON, ...] = (
    sticker_content(),
    voice_content(),
    photo_content("dit is mijn plan"),
    contact_content(),
    location_content(),
    document_content("plan.pdf", 60_000_000, "application/pdf"),
    poll_content(),
    dice_content(),
    {"story": {"id": 1, "chat": {"id": 1, "type": "private"}}},
    {"venue": {"location": {"latitude": 1.0, "longitude": 1.0}, "title": "x", "address": "y"}},
    {"video_note": {"file_id": "x", "file_unique_id": "y", "length": 1, "duration": 1}},
)
_ELSE: tuple[JSON, ...] = (
    *NOT_TEXT,
    {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
    {"new_chat_title": "Team", "migrate_to_chat_id": -1_000_000_000_123},
    {"iets_nieuws": {"soort": "onbekend", "waarde": [1, 2, {"a": None}]}},
)
_ELSEWHERE = (
    "message_reaction", "chat_member", "poll", "poll_answer", "inline_query", "business_message",
    "edited_channel_post", "chat_join_request", "purchased_paid_media", "iets_nieuws",
)  # fmt: skip


class RawUpdate(Update):
    """An update that goes over the wire with any fields."""

    def to_json(self) -> JSON:
        return self.content | {"update_id": self.update_id}


def push_raw(world: TelegramWorld, raw: JSON) -> None:
    """Queue an update with any fields; only its number is Telegram's own."""
    with world.lock:
        known = world.queue.push("raw", raw, lane=0)
        made = RawUpdate(known.update_id, "raw", raw, lane=0)
        world.queue.pending[made.update_id] = world.queue.log[-1] = made
        world.tell_all()


class UpdateMaker:
    """Makes updates of every type that Telegram has, and spoils most of them."""

    def __init__(self, world: TelegramWorld, users: Sequence[User], seed: int) -> None:
        self._world = world
        self._users = users
        self._random = random.Random(seed)

    def make(self) -> JSON:
        """Give the fields of one update."""
        raw = self._whole()
        for _ in range(self._random.choice((0, 0, 1, 1, 1, 2, 3, 6))):
            if raw:
                self._spoil(raw)
        return raw

    def _whole(self) -> JSON:
        pick, user = self._random, self._random.choice(self._users)
        message = self._message(user)
        match pick.randrange(10):
            case 0:
                content = {"id": str(pick.randrange(10**18)), "from": user.to_json()}
                data = pick.choice((*NASTY, "k" * 22))
                return {"callback_query": content | {"message": message, "data": data}}
            case 1:
                content = {"chat": user.chat.to_json(), "from": user.to_json(), "date": 1}
                status = pick.choice(("member", "kicked", "left", "administrator"))
                membership = membership_content(self._world.bot_json(), "member", status)
                return {"my_chat_member": content | membership}
            case 2:
                return {pick.choice(_ELSEWHERE): message}
            case 3:
                return {"edited_message": message | {"edit_date": 2}}
            case 4:
                kind = pick.choice(("group", "supergroup", "channel"))
                chat = {"id": -pick.randrange(1, 10**12), "type": kind, "title": "Team"}
                key = "channel_post" if kind == "channel" else "message"
                return {key: message | {"chat": chat}}
            case _:
                return {"message": message}

    def _message(self, user: User) -> JSON:
        pick = self._random
        head = {
            "message_id": self._world.next_message_id(),
            "chat": user.chat.to_json(),
            "from": user.to_json(),
            "date": self._world.now(),
        }
        if pick.random() < 0.3:
            return head | copy.deepcopy(pick.choice(_ELSE))
        extra: JSON = pick.choice(
            (
                {},
                {},
                {"via_bot": self._world.bot_json()},
                {"forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1}},
                {"reply_to_message": head | {"text": "eerder"}},
                {"sender_chat": {"id": -1, "type": "channel"}},
            )
        )
        return head | text_content(pick.choice((*SAID, *SAID, *NASTY))) | extra

    def _spoil(self, raw: JSON) -> None:
        """Change one thing somewhere: take it away, make it odd, nest it, or add to it."""
        pick = self._random
        part, key = self._somewhere(raw)
        match pick.randrange(6):
            case 0:
                del part[key]
            case 1 | 2:
                part[key] = copy.deepcopy(pick.choice(ODD))
            case 3:
                for _ in range(pick.choice((1, 5, 300))):
                    part[key] = {"a": part[key]} if pick.random() < 0.5 else [part[key]]
            case 4 if isinstance(part, dict):
                added = pick.choice(("nieuw", "from", "text", "chat", "\x00"))
                part[added] = copy.deepcopy(pick.choice(ODD))
            case _:
                part[key] = pick.choice(NASTY)

    def _somewhere(self, raw: JSON) -> tuple[Any, Any]:
        part: Any = raw
        while True:
            if isinstance(part, list):
                key: Any = self._random.randrange(len(part))
            else:
                key = self._random.choice(list(part))
            inner = part[key]
            if not isinstance(inner, dict | list) or not inner or self._random.random() < 0.25:
                return part, key
            part = inner
