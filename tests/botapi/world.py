"""Telegram's side as one object: people, updates, calls and the switches that break things."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.botapi.changes import Changes
from tests.botapi.chats import Access, Chat
from tests.botapi.errors import bad_request
from tests.botapi.faults import Fault
from tests.botapi.groups import Group
from tests.botapi.payloads import membership_content
from tests.botapi.people import User
from tests.botapi.records import Call, Press, Profile
from tests.botapi.updates import Update, UpdateQueue
from tests.botapi.webhook import Webhook

JSON = dict[str, Any]
TOKEN = "700000001:" + "T" * 35
FIRST_UPDATE = 731_000_001
# Above 32 bits, so that a column or parser that is too small shows.
FIRST_USER = 5_000_000_001
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


class TelegramWorld:
    """One bot's Telegram. Every public method may be called from any thread.

    `clock` gives the time of messages. `strict_pace` adds Telegram's own brakes on a client that
    asks too often. `webhook_second` is how long a second of webhook back-off lasts here.
    """

    def __init__(self, token: str = TOKEN, first_update_id: int = FIRST_UPDATE) -> None:
        self.token = token
        self.is_token_revoked = False
        self.clock: Callable[[], float] = time.time
        self.strict_pace = False
        self.webhook_second = 0.01
        self.lock = threading.RLock()
        self.changes = Changes(self.lock)
        self.arrivals = Changes(self.lock)
        self.queue = UpdateQueue(first_update_id)
        self.calls: list[Call] = []
        self.callbacks: dict[str, Press] = {}
        self.chats: dict[int, Chat] = {}
        self.profile = Profile()
        self.webhook = Webhook()
        self.allowed_updates: set[str] | None = None
        self.poll_number = 0
        self._users: dict[int, User] = {}
        self._groups: dict[int, Group] = {}
        self._faults: list[Fault] = []
        self._duplicates = 0
        starts = {"message": 1, "user": FIRST_USER, "group": 1, "press": 10**18}
        self._numbers = {name: itertools.count(start) for name, start in starts.items()}

    def bot_json(self) -> JSON:
        """Give the bot as a sender."""
        names = {"first_name": "Wegwijzer", "username": "wegwijzer_bot"}
        return {"id": int(self.token.split(":")[0]), "is_bot": True} | names

    def now(self) -> int:
        """Give the Unix time for a message."""
        return int(self.clock())

    # People

    def user(
        self,
        id: int | None = None,
        *,
        first_name: str = "Docent",
        is_bot: bool = False,
        language_code: str = "nl",
    ) -> User:
        """Give the person with an id, a new one when it is not known or not given."""
        with self.lock:
            number = id if id is not None else next(self._numbers["user"])
            if number not in self._users:
                chat = self._new_chat(number, "private", {"first_name": first_name})
                self._users[number] = User(self, chat, is_bot, language_code)
            return self._users[number]

    def group(self, *, title: str = "Team techniek", kind: str = "group") -> Group:
        """Make a group without the bot; `kind` may be group, supergroup or channel."""
        with self.lock:
            number = next(self._numbers["group"])
            chat_id = -number if kind == "group" else -1_000_000_000_000 - number
            chat = self._new_chat(chat_id, kind, {"title": title})
            chat.access = Access.LEFT
            self._groups[chat_id] = Group(self, chat)
            return self._groups[chat_id]

    def group_message(self, user: User, text: str) -> Group:
        """Put the bot in a new group in which the user says something; return the group."""
        group = self.group()
        group.add_bot(user)
        group.send_text(user, text)
        return group

    # What reaches the bot

    def push(self, kind: str, content: JSON, lane: int = 0) -> Update | None:
        """Queue any update, also of an unknown kind; None when the bot does not want the kind."""
        with self.lock:
            allowed = self.allowed_updates
            if kind not in allowed if allowed else kind in NOT_BY_DEFAULT:
                return None
            again = 1 if self._duplicates else 0
            self._duplicates -= again
            update = self.queue.push(kind, content, lane, again)
            self.tell_all()
            return update

    def post(self, chat: Chat, sender: JSON | None, content: JSON) -> int:
        """Put somebody's message in a chat and queue its update; return the message id."""
        message_id = self.next_message_id()
        head: JSON = {"message_id": message_id, "chat": chat.to_json(), "date": self.now()}
        shown_sender = {"from": sender} if sender else {"sender_chat": chat.to_json()}
        chat.messages[message_id] = head | shown_sender | content
        kind = "channel_post" if chat.kind == "channel" else "message"
        self.push(kind, chat.messages[message_id], chat.id)
        return message_id

    def call_back(self, user: User, data: str, message: JSON) -> str:
        """Queue a pressed button and return the callback query's id."""
        query_id = str(next(self._numbers["press"]))
        self.callbacks[query_id] = Press(user.id, data)
        content = {
            "id": query_id,
            "from": user.to_json(),
            "message": message,
            "chat_instance": str(user.id * 31),
            "data": data,
        }
        self.push("callback_query", content, user.chat.id)
        return query_id

    def change_membership(self, chat: Chat, by: JSON, old: str, new: str) -> None:
        """Queue the my_chat_member update of the bot's place in a chat."""
        content = {"chat": chat.to_json(), "from": by, "date": self.now()}
        content |= membership_content(self.bot_json(), old, new)
        self.push("my_chat_member", content, chat.id)

    def next_message_id(self) -> int:
        """Give the number of the next message; people and bot share the count."""
        return next(self._numbers["message"])

    # Switches

    def fail(self, method: str, **fault: Any) -> Fault:
        """Break the next calls of a method; see `Fault` for what can be given."""
        with self.lock:
            self._faults.append(Fault(method, **fault))
            return self._faults[-1]

    def take_fault(self, method: str, chat_id: int | None) -> Fault | None:
        """Give the oldest switch that is on for a call, and count the call."""
        with self.lock:
            fault = next((f for f in self._faults if f.matches(method, chat_id)), None)
            if fault:
                fault.touch()
            return fault

    def release_faults(self) -> None:
        """Let go every call that is held or delayed."""
        with self.lock:
            for fault in self._faults:
                fault.release()

    def duplicate_next(self, count: int = 1) -> None:
        """Deliver each of the next `count` updates once more after it was confirmed."""
        with self.lock:
            self._duplicates += count

    def deliver_all_again(self) -> None:
        """Bring everything once more, from the first update on."""
        with self.lock:
            self.queue.deliver_all_again()
            self.tell_all()

    def restart_ids(self, at: int) -> None:
        """Number the next update `at`, as after a week without any; nothing may be waiting."""
        with self.lock:
            self.queue.restart_ids(at)

    def expire_updates(self) -> None:
        """Drop what waits, as Telegram does after a day."""
        with self.lock:
            self.queue.forget_all_but(0)

    def expire_callbacks(self) -> None:
        """Make every press so far too old to be answered."""
        with self.lock:
            for press in self.callbacks.values():
                press.is_expired = True

    # What a test looks at

    @property
    def updates(self) -> list[Update]:
        """Every update so far, in order of arrival."""
        with self.lock:
            return list(self.queue.log)

    @property
    def confirmed(self) -> set[int]:
        """The ids of the updates that the bot confirmed by an offset or a webhook 2xx."""
        return {update.update_id for update in self.updates if update.confirmed}

    def calls_of(self, method: str) -> list[Call]:
        """Give the calls of one method, in order."""
        with self.lock:
            return [call for call in self.calls if call.method.lower() == method.lower()]

    async def wait_for(self, check: Callable[[TelegramWorld], bool], within: float = 5.0) -> None:
        """Return once the check holds; raise TimeoutError when it does not in time."""
        if await self.changes.until(lambda: check(self) or None, within) is None:
            raise TimeoutError("the world did not become as wanted")

    # For the server

    def tell_all(self) -> None:
        """Let everybody who waits for an update or for the world look again."""
        self.arrivals.tell()
        self.changes.tell()

    def chat_for_bot(self, chat_id: str) -> Chat:
        """Give the chat that a call names, or refuse it."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(int(chat_id)) if chat_id.lstrip("-").isdecimal() else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _new_chat(self, chat_id: int, kind: str, names: JSON) -> Chat:
        self.chats[chat_id] = Chat(chat_id, kind, names, self.lock)
        return self.chats[chat_id]
