"""The messages that were put aside after failing again and again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.inbox import Kind
from bot.domain.turn import Open, OpenKind
from bot.services.parked_ports import ParkedMessage
from bot.storage.tables import answer, conversation, inbox


class SqlParked:
    """The messages that were put aside, in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def all(self) -> list[ParkedMessage]:
        """Give them, the oldest first."""
        later = inbox.alias("later")
        went_on = exists().where(
            later.c.conversation_id == inbox.c.conversation_id,
            later.c.id > inbox.c.id,
            later.c.state == "done",
        )
        query = (
            select(inbox, conversation.c.channel, went_on.label("went_on"))
            .join(conversation, conversation.c.id == inbox.c.conversation_id)
            .where(inbox.c.state == "parked")
            .order_by(inbox.c.id)
        )
        rows = (await self._connection.execute(query)).all()
        return [await self._message(row) for row in rows]

    async def retry(self, message_id: int) -> bool:
        """Let a message be taken up again as if it had never failed; False when it is not there.

        An attempt of before cannot commit any more.
        """
        return await self._leave(
            message_id, state="new", attempt=inbox.c.attempt + 1, failures=0, retry_at=None
        )

    async def drop(self, message_id: int) -> bool:
        """Leave a message unanswered for good; it stays stored. False when it is not there."""
        return await self._leave(message_id, state="done")

    async def _leave(self, message_id: int, **values: Any) -> bool:
        changed = await self._connection.execute(
            update(inbox)
            .where(inbox.c.id == message_id, inbox.c.state == "parked")
            .values(**values)
        )
        return bool(changed.rowcount)

    async def _message(self, row: Row[Any]) -> ParkedMessage:
        return ParkedMessage(
            id=row.id,
            conversation_id=row.conversation_id,
            channel=row.channel,
            text=row.text,
            received_at=row.received_at,
            failures=row.failures,
            attempt=row.attempt,
            went_on=row.went_on and not await self._is_still_open(row),
        )

    async def _is_still_open(self, row: Row[Any]) -> bool:
        """Say whether a message answers a question of a plan that nobody answered since."""
        at = Open.from_dict(row.open) if row.open else Open()
        if row.kind != Kind.TEXT or at.kind is not OpenKind.PLAN:
            return False
        since = select(answer.c.id).where(
            answer.c.plan_id == at.plan_id,
            answer.c.step == at.step,
            answer.c.turn_id > row.id,
            # One that was skipped still waits for an answer.
            answer.c.text.is_not(None),
        )
        return (await self._connection.execute(since.limit(1))).first() is None
