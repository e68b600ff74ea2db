"""The people on the other side: what they send, press and see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.botapi import payloads
from tests.botapi.chats import Access, Chat, Received
from tests.botapi.limits import MAX_TEXT, utf16_units

if TYPE_CHECKING:
    from tests.botapi.world import TelegramWorld

JSON = dict[str, Any]
Wanted = int | str | Callable[[list[Received]], bool]
PATIENCE = 5.0


class User:
    """A person (or another bot) with a private chat with our bot; made by `TelegramWorld.user`."""

    def __init__(self, world: TelegramWorld, chat: Chat, is_bot: bool, language_code: str) -> None:
        self.id = chat.id
        self.chat = chat
        self.is_bot = is_bot
        self._world = world
        self._language_code = language_code

    def to_json(self) -> JSON:
        """Give the person as the sender of something."""
        person = {"id": self.id, "is_bot": self.is_bot, **self.chat.names}
        return person | ({} if self.is_bot else {"language_code": self._language_code})

    @property
    def received(self) -> list[Received]:
        """The messages of the bot in the private chat, oldest first, as they are now."""
        with self._world.lock:
            return list(self.chat.received)

    @property
    def actions(self) -> list[str]:
        """The chat actions that were shown, such as "typing"."""
        with self._world.lock:
            return list(self.chat.actions)

    @property
    def callback_answers(self) -> list[str]:
        """The texts with which the bot answered presses ("" without a text), in order."""
        with self._world.lock:
            presses = self._world.callbacks.values()
            return [p.answer for p in presses if p.user_id == self.id and p.answer is not None]

    def send(self, content: JSON, **extra: Any) -> int:
        """Send any content and return its message id; `extra` adds fields to the message."""
        with self._world.lock:
            if self.chat.access is Access.BLOCKED:
                raise RuntimeError("Telegram makes a person unblock the bot before writing")
            if self.chat.access is Access.NEVER_STARTED:
                self.chat.access = Access.OPEN
            return self._world.post(self.chat, self.to_json(), content | extra)

    def send_text(self, text: str, **extra: Any) -> int:
        """Send a text as it is; longer than Telegram's own apps send is a mistake in the test."""
        if not text or utf16_units(text) > MAX_TEXT:
            raise ValueError(f"a person can send 1 to {MAX_TEXT} units, not {utf16_units(text)}")
        return self.send(payloads.text_content(text), **extra)

    def send_long_text(self, text: str) -> list[int]:
        """Send a long text in several messages, as Telegram's own apps split it."""
        parts, room = [""], MAX_TEXT
        for character in text:
            units = utf16_units(character)
            if units > room:
                parts.append("")
                room = MAX_TEXT
            parts[-1] += character
            room -= units
        return [self.send_text(part) for part in parts]

    def send_sticker(self, emoji: str = "👍", **extra: Any) -> int:
        """Send a sticker."""
        return self.send(payloads.sticker_content(emoji), **extra)

    def send_voice(self, seconds: int = 3, **extra: Any) -> int:
        """Send a voice message."""
        return self.send(payloads.voice_content(seconds), **extra)

    def send_photo(self, caption: str = "", **extra: Any) -> int:
        """Send a photo; `media_group_id="1"` makes it part of an album."""
        return self.send(payloads.photo_content(caption), **extra)

    def send_contact(self, **extra: Any) -> int:
        """Send somebody's contact card."""
        return self.send(payloads.contact_content(), **extra)

    def send_location(self, **extra: Any) -> int:
        """Send a place on the map."""
        return self.send(payloads.location_content(), **extra)

    def send_document(
        self,
        name: str = "plan.pdf",
        *,
        size: int = 1000,
        mime_type: str = "application/pdf",
        caption: str = "",
        **extra: Any,
    ) -> int:
        """Send a file; only its name and size are known to the bot."""
        return self.send(payloads.document_content(name, size, mime_type, caption), **extra)

    def send_poll(self, question: str = "Wat vind je?", **extra: Any) -> int:
        """Send a poll."""
        return self.send(payloads.poll_content(question), **extra)

    def send_dice(self, **extra: Any) -> int:
        """Throw a die."""
        return self.send(payloads.dice_content(), **extra)

    def edit(self, message_id: int, text: str) -> None:
        """Change the text of a message that this person sent."""
        with self._world.lock:
            old = self.chat.messages[message_id]
            if old["from"]["id"] != self.id:
                raise ValueError("a person edits only own messages")
            kept = {key: value for key, value in old.items() if key != "entities"}
            new = kept | payloads.text_content(text) | {"edit_date": self._world.now()}
            self.chat.messages[message_id] = new
            self._world.push("edited_message", new, self.chat.id)

    def press(self, label: str) -> str:
        """Press a button of the newest message that has it; return the callback query's id."""
        with self._world.lock:
            for shown in reversed(self.chat.received):
                for button in shown.buttons:
                    if button.label == label and button.data is not None:
                        return self.press_data(button.data, shown.message_id)
            seen = [label for shown in self.chat.received[-3:] for label in shown.labels]
        raise LookupError(f"no button {label!r}; the newest messages have {seen}")

    def press_data(self, data: str, message_id: int) -> str:
        """Press with any data, also one that no button has; return the callback query's id."""
        with self._world.lock:
            return self._world.call_back(self, data, self.chat.messages[message_id])

    def block(self) -> None:
        """Block the bot: it gets a my_chat_member update and 403 from now on."""
        with self._world.lock:
            self.chat.access = Access.BLOCKED
            self._world.change_membership(self.chat, self.to_json(), "member", "kicked")

    def unblock(self) -> None:
        """Let the bot in again."""
        with self._world.lock:
            self.chat.access = Access.OPEN
            self._world.change_membership(self.chat, self.to_json(), "kicked", "member")

    def deactivate(self) -> None:
        """Delete the account: the bot gets no update, and 403 from now on."""
        with self._world.lock:
            self.chat.access = Access.DEACTIVATED

    async def wait_for(self, wanted: Wanted, within: float = PATIENCE) -> list[Received]:
        """Return all received messages once they are as wanted; else raise TimeoutError.

        `wanted` is how many there are at least, a part of any message's text, or a check of the
        list.
        """
        found = await self.chat.changes.until(lambda: self._as_wanted(wanted), within)
        return found if found is not None else self._give_up(wanted)

    def wait_for_blocking(self, wanted: Wanted, within: float = PATIENCE) -> list[Received]:
        """Do the same as `wait_for` in a test without an event loop."""
        found = self.chat.changes.until_blocking(lambda: self._as_wanted(wanted), within)
        return found if found is not None else self._give_up(wanted)

    async def ask(self, text: str, replies: int = 1, within: float = PATIENCE) -> list[Received]:
        """Send a text and return the messages that came after it, at least `replies`."""
        before = len(self.received)
        self.send_text(text)
        return (await self.wait_for(before + replies, within))[before:]

    async def tap(self, label: str, replies: int = 1, within: float = PATIENCE) -> list[Received]:
        """Press a button and return the messages that came after it, at least `replies`."""
        before = len(self.received)
        self.press(label)
        return (await self.wait_for(before + replies, within))[before:]

    def _as_wanted(self, wanted: Wanted) -> list[Received] | None:
        messages = list(self.chat.received)
        if isinstance(wanted, int):
            fits = len(messages) >= wanted
        elif isinstance(wanted, str):
            fits = any(wanted in message.text for message in messages)
        else:
            fits = wanted(messages)
        return messages if fits else None

    def _give_up(self, wanted: Wanted) -> list[Received]:
        last = [(message.text, message.labels) for message in self.received[-3:]]
        raise TimeoutError(f"waited for {wanted!r}, got {len(self.received)}; the last: {last}")
