"""Takes messages in: stored and committed before anybody is told that they arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.inbox import Incoming
from bot.services.bell import Bell
from bot.services.clock import Clock
from bot.services.ports import Store


class Intake:
    """The one door for messages of every channel."""

    def __init__(self, store: Store, clock: Clock, bell: Bell) -> None:
        """Ring `bell` after each commit."""
        self._store = store
        self._clock = clock
        self._bell = bell

    async def store(self, messages: Sequence[Incoming]) -> list[int | None]:
        """Store messages in one transaction; give their ids, None for one stored before.

        A channel that was closed (the person had blocked the bot) is open again.
        """
        ids = []
        async with self._store.write() as uow:
            for message in messages:
                talk = await uow.conversations.of(message.channel, message.address)
                if talk.is_closed:
                    talk = replace(talk, is_closed=False)
                    await uow.conversations.save(talk)
                ids.append(await uow.inbox.add(talk, message, self._clock.now()))
        self._bell.ring()
        return ids
