"""Takes messages in: stored and committed before anybody is told that they arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.domain.conversation import Conversation
from bot.domain.errors import TooFastError
from bot.domain.floods import A_MINUTE, MOST_A_MINUTE, Room, room_beside
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.turn import Reply
from bot.services.bell import Bell
from bot.services.clock import Clock
from bot.services.links import LinkSigner
from bot.services.ports import Store, UnitOfWork
from bot.texts.conversation import TOO_FAST

log = structlog.get_logger()

#: Who sits at the terminal of this machine floods nobody but themselves, and scripts are quick.
_UNLIMITED = frozenset({Channel.TERMINAL})


#: Where a message comes from: a channel, and an address in it.
Place = tuple[Channel, str]


class Intake:
    """The one door for messages of every channel."""

    def __init__(self, store: Store, clock: Clock, bell: Bell, signer: LinkSigner) -> None:
        """Ring `bell` after each commit; know the words of our links by `signer`."""
        self._signer = signer
        self._store = store
        self._clock = clock
        self._bell = bell

    async def store(
        self, messages: Sequence[Incoming], on_refused: Callable[[str], None] | None = None
    ) -> list[int | None]:
        """Store messages in one transaction; give their ids, None for one not stored now.

        That is one stored before, or one over the limit of its chat: its person is told in the
        same transaction, once in a minute, and `on_refused` gets its key afterwards. The count is
        of rows in the database, so it holds over restarts; those who store at the very same moment
        may be one message over it each.

        A channel that was closed (the person had blocked the bot) is open again.
        """
        async with self._store.write() as uow:
            taking = await _Taking.of(uow, messages, self._clock.now())
            ids = [await taking.take(self._without_secret(message)) for message in messages]
            refused = await taking.refused()
            await taking.tell(refused.values())
        self._bell.ring()
        if on_refused:
            for key in refused:
                on_refused(key)
        return ids

    async def store_one(self, message: Incoming) -> int | None:
        """Store a message of somebody who waits for our word; give its id, None if stored before.

        Raises TooFastError when it is over the limit of its chat: nothing is stored or said, and
        the caller gives the text back.
        """
        async with self._store.write() as uow:
            taking = await _Taking.of(uow, [message], self._clock.now())
            row_id = await taking.take(self._without_secret(message))
            if await taking.refused():
                raise TooFastError
        self._bell.ring()
        return row_id

    def _without_secret(self, message: Incoming) -> Incoming:
        """Give a message without what opens a link: of one behind /start only its id is left."""
        if message.kind is Kind.LINK:
            return replace(message, text=self._signer.link_id(message.text) or "")
        return replace(message, text=self._signer.without_words(message.text))


class _Taking:
    """One transaction of the intake: what it knows of each chat it reads once."""

    def __init__(self, uow: UnitOfWork, talks: dict[Place, Conversation], now: datetime) -> None:
        self._uow = uow
        self._now = now
        self._talks = talks
        self._rooms: dict[str, Room] = {}
        #: The chats of messages for which there was no room, by key.
        self._refused: dict[str, Conversation] = {}

    @classmethod
    async def of(cls, uow: UnitOfWork, messages: Sequence[Incoming], now: datetime) -> _Taking:
        """Read the chats of messages; one that was closed is open again."""
        places = dict.fromkeys((message.channel, message.address) for message in messages)
        talks = {place: await uow.conversations.of(*place) for place in places}
        # In the order of their ids, as everywhere where more than one is changed.
        for place, talk in sorted(talks.items(), key=lambda item: item[1].id):
            if talk.is_closed:
                talks[place] = replace(talk, is_closed=False)
                await uow.conversations.save(talks[place])
        return cls(uow, talks, now)

    async def take(self, message: Incoming) -> int | None:
        """Store a message, or note that its chat goes too fast."""
        talk = self._talks[message.channel, message.address]
        if message.channel in _UNLIMITED:
            return await self._uow.inbox.add(talk, message, self._now)
        room = await self._room(talk)
        if room.is_full(message.kind):
            self._refused[message.key] = talk
            return None
        row_id = await self._uow.inbox.add(talk, message, self._now)
        if row_id is not None:
            room.take(message.kind)
        return row_id

    async def refused(self) -> dict[str, Conversation]:
        """Give the chats of the messages that are not stored, by the keys of those."""
        # What was stored before is not lost, though it comes once more.
        known = await self._uow.floods.known(self._refused) if self._refused else set()
        return {key: talk for key, talk in self._refused.items() if key not in known}

    async def tell(self, talks: Iterable[Conversation]) -> None:
        """Tell everybody who went too fast, unless they heard it less than a minute ago."""
        # In the order of their ids, as everywhere where more than one is locked.
        for _, talk in sorted({talk.id: talk for talk in talks}.items()):
            # Updates of one chat may come in beside each other; one of them tells.
            key, earlier = _key(talk, self._now), _key(talk, self._now - A_MINUTE)
            if await self._uow.floods.is_first(talk, key, after=earlier):
                log.warning("chat_too_fast", conversation=talk.id)
                await self._uow.turns.push(talk, key, [Reply(TOO_FAST)])

    async def _room(self, talk: Conversation) -> Room:
        if talk.id not in self._rooms:
            newest = await self._uow.floods.newest(talk.id, MOST_A_MINUTE)
            self._rooms[talk.id] = room_beside(newest, self._now)
        return self._rooms[talk.id]


def _key(talk: Conversation, at: datetime) -> str:
    # In whole seconds, all of one length: their order is that of time in any collation.
    return f"flood:{talk.id}:{int(at.timestamp()):011}"
