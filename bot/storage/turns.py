"""Answered turns: their replies are saved with the change of state they belong to."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Conversation
from bot.domain.inbox import Channel
from bot.domain.turn import Reply, Turn
from bot.services.clock import Clock
from bot.storage.tables import choice, conversation, inbox, outbox, turn


class SqlTurns:
    """The answered turns in the database."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        """Work on `connection`."""
        self._connection = connection
        self._clock = clock

    async def replies(self, turn_id: int) -> list[Reply] | None:
        """Give the replies that were saved for a turn, or None when it was not answered."""
        saved = (
            await self._connection.execute(select(turn.c.replies).where(turn.c.id == turn_id))
        ).scalar()
        return None if saved is None else [Reply.from_dict(reply) for reply in saved]

    async def is_over(self, turn_id: int) -> bool:
        """Say whether a message needs no more work: answered, or put aside."""
        query = select(inbox.c.state).where(inbox.c.id == turn_id)
        return (await self._connection.execute(query)).scalar() != "new"

    async def save(self, answered: Turn, talk: Conversation, replies: list[Reply]) -> None:
        """Save the replies, queue them for delivery and mark the message as done."""
        now = self._clock.now()
        await self._connection.execute(
            insert(turn).values(
                id=answered.id, replies=[reply.to_dict() for reply in replies], saved_at=now
            )
        )
        await self._connection.execute(
            update(inbox).where(inbox.c.id == answered.id).values(state="done", done_at=now)
        )
        await self.say(talk, f"turn:{answered.id}", replies, turn_id=answered.id)

    async def push(self, talk: Conversation, key: str, replies: list[Reply]) -> None:
        """Queue what is said without being asked, once under `key`, after all that was said.

        It stands with the last message of the conversation; what is open there stays open.
        """
        said_before = select(outbox.c.id).where(outbox.c.key == f"{key}:0")
        if (await self._connection.execute(said_before)).first():
            return
        last = select(func.max(inbox.c.id)).where(inbox.c.conversation_id == talk.id)
        turn_id = (await self._connection.execute(last)).scalar() or 0
        await self.say(talk, key, replies, turn_id=turn_id)

    async def say(
        self, talk: Conversation, key: str, replies: Iterable[Reply], *, turn_id: int
    ) -> None:
        """Queue replies for a conversation, each with its buttons under keys of their own.

        Who says something in the same conversation at the same moment waits until this transaction
        has ended: the ids tell the order in which things were said, and a page that has read up to
        one of them asks for what comes after it.
        """
        now = self._clock.now()
        this = select(conversation.c.id).where(conversation.c.id == talk.id)
        await self._connection.execute(this.with_for_update(key_share=True))
        for number, reply in enumerate(replies):
            buttons = []
            for offered in reply.choices:
                button = secrets.token_urlsafe(12)
                await self._connection.execute(
                    insert(choice).values(
                        key=button,
                        conversation_id=talk.id,
                        turn_id=turn_id,
                        choice=offered.to_dict(),
                        label=offered.label,
                    )
                )
                buttons.append({"key": button, "label": offered.label})
            payload = {**reply.to_dict(), "choices": buttons}
            await self._connection.execute(
                insert(outbox).values(
                    key=f"{key}:{number}",
                    channel=talk.channel.value,
                    address=talk.address,
                    conversation_id=talk.id,
                    turn_id=turn_id,
                    payload=payload,
                    state="due" if talk.channel is Channel.TELEGRAM else "shown",
                    due_at=now,
                    tries=0,
                    parts_sent=0,
                )
            )
