"""How much of a conversation came in lately, and whether its person heard that it was too much."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conversation import Conversation
from bot.domain.floods import Recent
from bot.domain.inbox import Kind
from bot.storage.tables import conversation, inbox, outbox


class SqlFloods:
    """What the intake asks of the database; each query reads a few rows by an index."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def newest(self, conversation_id: str, most: int) -> list[Recent]:
        """Give the newest messages of a conversation, at most so many."""
        query = (
            select(inbox.c.state, inbox.c.kind, inbox.c.received_at)
            .where(inbox.c.conversation_id == conversation_id)
            .order_by(inbox.c.id.desc())
            .limit(most)
        )
        rows = (await self._connection.execute(query)).all()
        return [Recent(row.state == "new", Kind(row.kind), row.received_at) for row in rows]

    async def known(self, keys: Collection[str]) -> set[str]:
        """Give which of these deliveries were stored before."""
        query = select(inbox.c.key).where(inbox.c.key.in_(keys))
        return set((await self._connection.execute(query)).scalars())

    async def is_first(self, talk: Conversation, key: str, after: str) -> bool:
        """Say whether nothing was said here under a key up to `key` and later than `after`.

        Both order as text by the moment in them. Until this transaction ends nobody else gets an
        answer about this conversation; messages can still be added to it.
        """
        this = select(conversation.c.id).where(conversation.c.id == talk.id)
        await self._connection.execute(this.with_for_update(key_share=True))
        # The rows have the number of a reply behind the key: `:0`, which is between `:` and `:9`.
        said = select(outbox.c.id).where(outbox.c.key.between(f"{after}:9", f"{key}:9")).limit(1)
        return (await self._connection.execute(said)).first() is None
