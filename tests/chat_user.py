"""A person in a chat, through the worker itself, while Rasa is away: real database, no network."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, cast

from bot.chat.commands import command_table, read_text
from bot.chat.presses import press_table
from bot.chat.turn_taker import Bells, Desk, TurnTaker
from bot.domain.access import Link, Purpose
from bot.domain.conversation import Conversation
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.turn import Choice, Reply
from bot.services.bell import Bell, Broadcast
from bot.services.clock import Clock
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.tables import outbox

_keys = itertools.count(1)


def make_taker(database: Database, services: UseCases, clock: Clock) -> TurnTaker:
    """The worker's part that answers, as the app wires it; Rasa is never ready."""

    async def no_typing(talk: Conversation) -> None:
        return None

    desk = Desk(
        commands=command_table(services),
        presses=press_table(services),
        link=services.desk_chat.open_link,
        at_desk=services.desk_chat.typed,
        edit=services.desk_chat.edited,
        go_on=services.answers.go_on,
        only_text=services.desk_chat.only_text,
        expired=services.welcome.expired,
    )
    bells = Bells(Bell(), Broadcast())
    return TurnTaker(database, clock, cast(Any, None), services.runner, desk, bells, no_typing)


@dataclass
class ChatUser:
    """Types and presses; what only Rasa could answer is an error here."""

    database: Database
    services: UseCases
    clock: Clock
    address: str
    channel: Channel = Channel.TELEGRAM
    last: list[Reply] = field(default_factory=list)

    async def say(self, text: str, kind: Kind | None = None, source: str | None = None) -> str:
        """Send a message, as the door reads it; give what is said back."""
        number = next(_keys)
        read, said = (kind, text) if kind else read_text(text)
        message = Incoming(
            self.channel, self.address, f"chat:{number}", read, said, source or f"c{number}"
        )
        async with self.database.write() as uow:
            talk = await uow.conversations.of(self.channel, self.address)
            turn = await uow.inbox.add(talk, message, self.clock.now())
        assert turn is not None
        taker = make_taker(self.database, self.services, self.clock)
        while await taker.take_one(talk.id):
            pass
        async with self.database.read() as uow:
            replies = await uow.turns.replies(turn)
        assert replies is not None, f"goes to Rasa: {text}"
        self.last = replies
        return self.said

    async def edit(self, text: str, source: str) -> str:
        return await self.say(text, Kind.EDIT, source)

    async def press(self, label: str) -> str:
        """Press a button by its label; of two with one name the one that was shown last."""
        button = next(one for one in await self.shown() if one["label"] == label)
        return await self.say(button["key"], Kind.PRESS)

    async def press_made(self, choice: Choice) -> str:
        """Press a button with this meaning, as if it had been shown once."""
        async with self.database.write() as uow:
            talk = await uow.conversations.of(self.channel, self.address)
            number = next(_keys)
            await uow.turns.push(talk, f"made:{number}", [Reply("een oude knop", (choice,))])
        return await self.press(choice.label)

    async def shown(self) -> list[dict[str, str]]:
        """Every button that was ever shown here, the newest first."""
        return [button for row in reversed(await self._rows()) for button in row["choices"]]

    async def heard(self) -> list[str]:
        """Everything that was said here, the oldest first."""
        return [row["text"] for row in await self._rows()]

    async def _rows(self) -> list[dict[str, Any]]:
        async with self.database.engine.connect() as connection:
            query = outbox.select().where(
                outbox.c.address == self.address, outbox.c.channel == self.channel.value
            )
            rows = (await connection.execute(query.order_by(outbox.c.id))).all()
        return [row.payload for row in rows]

    async def open(self, link: Link) -> str:
        """Open the address of a link that goes to the chat."""
        return await self.say(f"/start l{self.services.book.signer.word(link.id)}")

    async def couple(self, contact_id: str) -> str:
        """Couple this chat to a contact, as the page of the contact offers it."""
        async with self.database.write() as uow:
            link = await self.services.book.give(
                uow, self.clock.now(), Purpose.COUPLE, contact_id=contact_id
            )
        return await self.open(link)

    @property
    def said(self) -> str:
        return "\n".join(reply.text for reply in self.last)

    @property
    def choices(self) -> list[Choice]:
        return [choice for reply in self.last for choice in reply.choices]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.choices]
