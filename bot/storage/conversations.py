"""Conversations: who talks on which channel, what is open, and who works on it now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Conversation
from bot.domain.inbox import Channel
from bot.domain.turn import OpenKind
from bot.services.clock import Clock
from bot.storage.insert_once import insert_once
from bot.storage.tables import conversation, inbox, person


class SqlConversations:
    """The conversations in the database."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        """Work on `connection`."""
        self._connection = connection
        self._clock = clock

    async def find(self, channel: Channel, address: str) -> Conversation | None:
        """Find the conversation of an address."""
        query = select(conversation).where(
            conversation.c.channel == channel.value, conversation.c.address == address
        )
        row = (await self._connection.execute(query)).first()
        return _conversation(row) if row else None

    async def of(self, channel: Channel, address: str) -> Conversation:
        """Find the conversation of an address; make it, and its person, when it is new."""
        found = await self.find(channel, address)
        if found:
            return found
        now = self._clock.now()
        new = Conversation(str(uuid.uuid4()), str(uuid.uuid4()), channel, address)
        await self._connection.execute(insert(person).values(id=new.person_id, created_at=now))
        made = await insert_once(
            self._connection,
            conversation,
            "channel",
            "address",
            id=new.id,
            person_id=new.person_id,
            channel=channel.value,
            address=address,
            open_kind=new.open_kind.value,
            under_kind=new.under.value,
            is_closed=False,
            created_at=now,
        )
        if made:
            return new
        # Somebody else was first with this address; its person is the one.
        await self._connection.execute(delete(person).where(person.c.id == new.person_id))
        query = select(conversation).where(
            conversation.c.channel == channel.value, conversation.c.address == address
        )
        return _conversation((await self._connection.execute(query)).one())

    async def get(self, conversation_id: str) -> Conversation:
        """Give a conversation by its id."""
        query = select(conversation).where(conversation.c.id == conversation_id)
        return _conversation((await self._connection.execute(query)).one())

    async def find_by_id(self, conversation_id: str) -> Conversation | None:
        """Give a conversation by its id, None when it is gone."""
        query = select(conversation).where(conversation.c.id == conversation_id)
        row = (await self._connection.execute(query)).first()
        return _conversation(row) if row else None

    async def of_person(self, person_id: str) -> list[Conversation]:
        """Give the conversations of a person, the newest first."""
        query = (
            select(conversation)
            .where(conversation.c.person_id == person_id)
            .order_by(conversation.c.created_at.desc())
        )
        return [_conversation(row) for row in (await self._connection.execute(query)).all()]

    async def save(self, changed: Conversation) -> None:
        """Store what is open, the plan in hand and whether the channel is closed."""
        await self._connection.execute(
            update(conversation)
            .where(conversation.c.id == changed.id)
            .values(
                open_kind=changed.open_kind.value,
                under_kind=changed.under.value,
                plan_id=changed.plan_id,
                missed=changed.missed,
                pending=changed.pending,
                is_closed=changed.is_closed,
            )
        )

    async def renew(self, owner: str, busy: Iterable[str], seconds: float) -> None:
        """Keep the conversations that this owner is busy with for `seconds` more."""
        # One that somebody changes at this moment is left for the next time: who waits here and
        # holds others could be waited for.
        mine = (
            select(conversation.c.id)
            .where(conversation.c.id.in_(list(busy)), conversation.c.lease_owner == owner)
            .order_by(conversation.c.id)
            .with_for_update(key_share=True, skip_locked=True)
        )
        ids = list((await self._connection.execute(mine)).scalars())
        if not ids:
            return
        await self._connection.execute(
            update(conversation)
            .where(conversation.c.id.in_(ids))
            .values(lease_until=self._clock.now() + timedelta(seconds=seconds))
        )

    async def lease(
        self,
        owner: str,
        channels: Iterable[Channel],
        limit: int,
        seconds: float,
        *,
        busy: Iterable[str] = (),
    ) -> list[str]:
        """Take conversations whose oldest open message may be worked on now; oldest first.

        A conversation is with one owner at a time, and none of those that this owner is `busy`
        with already is given again.
        """
        now = self._clock.now()
        oldest = (
            select(inbox.c.conversation_id, func.min(inbox.c.id).label("first"))
            .where(inbox.c.state == "new")
            .group_by(inbox.c.conversation_id)
            .subquery()
        )
        query = (
            select(conversation.c.id)
            .join(oldest, oldest.c.conversation_id == conversation.c.id)
            .join(inbox, inbox.c.id == oldest.c.first)
            .where(
                conversation.c.channel.in_([channel.value for channel in channels]),
                or_(
                    conversation.c.lease_until.is_(None),
                    conversation.c.lease_until < now,
                    conversation.c.lease_owner == owner,
                ),
                conversation.c.id.not_in(list(busy)),
                or_(inbox.c.retry_at.is_(None), inbox.c.retry_at <= now),
            )
            .order_by(oldest.c.first)
            .limit(limit)
            .with_for_update(of=conversation, skip_locked=True)
        )
        ids = list((await self._connection.execute(query)).scalars())
        if ids:
            await self._connection.execute(
                update(conversation)
                .where(conversation.c.id.in_(ids))
                .values(lease_owner=owner, lease_until=now + timedelta(seconds=seconds))
            )
        return ids

    async def release(self, conversation_id: str, owner: str) -> None:
        """Give a conversation back, if it is still with this owner."""
        await self._connection.execute(
            update(conversation)
            .where(conversation.c.id == conversation_id, conversation.c.lease_owner == owner)
            .values(lease_owner=None, lease_until=None)
        )

    async def release_all(self, channels: Iterable[Channel]) -> None:
        """Free what a process that is no more held; only safe where one process works."""
        await self._connection.execute(
            update(conversation)
            .where(
                and_(
                    conversation.c.channel.in_([channel.value for channel in channels]),
                    conversation.c.lease_owner.is_not(None),
                )
            )
            .values(lease_owner=None, lease_until=None)
        )


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        person_id=row.person_id,
        channel=Channel(row.channel),
        address=row.address,
        open_kind=OpenKind(row.open_kind),
        plan_id=row.plan_id,
        is_closed=row.is_closed,
        under=OpenKind(row.under_kind),
        missed=row.missed,
        pending=row.pending,
    )
