"""Groups and channels, into which somebody may put our bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.botapi import payloads
from tests.botapi.chats import Access, Chat, Received
from tests.botapi.people import User

if TYPE_CHECKING:
    from tests.botapi.world import TelegramWorld


class Group:
    """A group, supergroup or channel; made by `TelegramWorld.group`."""

    def __init__(self, world: TelegramWorld, chat: Chat) -> None:
        self.id = chat.id
        self.chat = chat
        self._world = world

    @property
    def received(self) -> list[Received]:
        """What the bot wrote here."""
        with self._world.lock:
            return list(self.chat.received)

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member now."""
        return self.chat.access is Access.OPEN

    def add_bot(self, by: User) -> None:
        """Put the bot in: a my_chat_member update, and the line that people see in the chat."""
        with self._world.lock:
            self.chat.access = Access.OPEN
            status = "administrator" if self.chat.kind == "channel" else "member"
            self._world.change_membership(self.chat, by.to_json(), "left", status)
            if self.chat.kind != "channel":
                self.send(by, {"new_chat_members": [self._world.bot_json()]})

    def remove_bot(self, by: User) -> None:
        """Throw the bot out: a my_chat_member update and 403 from now on."""
        with self._world.lock:
            self.chat.access = Access.KICKED
            self._world.change_membership(self.chat, by.to_json(), "member", "kicked")

    def send(self, by: User, content: dict[str, Any], **extra: Any) -> int:
        """Send any content; a channel shows no sender."""
        sender = None if self.chat.kind == "channel" else by.to_json()
        with self._world.lock:
            if not self.has_bot:
                raise RuntimeError("the bot sees no message of a group that it is not in")
            return self._world.post(self.chat, sender, content | extra)

    def send_text(self, by: User, text: str, **extra: Any) -> int:
        """Send a text."""
        return self.send(by, payloads.text_content(text), **extra)

    def send_as_anonymous_admin(self, text: str) -> int:
        """Send a text as an administrator who stays anonymous: the sender is Telegram's own."""
        sender = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
        content = payloads.text_content(text) | {"sender_chat": self.chat.to_json()}
        with self._world.lock:
            return self._world.post(self.chat, sender, content)

    def migrate(self, by: User) -> Group:
        """Become a supergroup with another id; the old id gives migrate_to_chat_id."""
        with self._world.lock:
            new = self._world.group(title=self.chat.names["title"], kind="supergroup")
            new.chat.access = Access.OPEN
            self.send(by, {"migrate_to_chat_id": new.id})
            self.chat.migrated_to = new.id
            new.send(by, {"migrate_from_chat_id": self.id})
            return new

    async def wait_for(self, count: int, within: float = 5.0) -> list[Received]:
        """Return what the bot wrote once there are `count` messages; else raise TimeoutError."""
        found = await self.chat.changes.until(
            lambda: list(self.chat.received) if len(self.chat.received) >= count else None, within
        )
        if found is None:
            raise TimeoutError(f"{len(self.received)} of {count} messages came")
        return found
