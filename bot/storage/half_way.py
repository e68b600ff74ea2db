"""What people are in the middle of in their chats: let go, and what was open before is again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.turn import ONE_TURN, OpenKind
from bot.storage.tables import conversation

#: What somebody is in the middle of, as text; the text "null" where it is nothing.
PENDING: ColumnElement[Any] = cast(conversation.c.pending, Text)


async def let_go(connection: AsyncConnection, *which: ColumnElement[bool]) -> None:
    """Forget what people are in the middle of, in the chats for which all of this holds."""
    is_half_way = PENDING != "null"
    query = select(conversation.c.id).where(is_half_way, *which).order_by(conversation.c.id)
    # A chat that is saved at this moment has gone on.
    ids = list(await connection.scalars(query.with_for_update(skip_locked=True)))
    is_side = conversation.c.open_kind.in_(sorted(kind.value for kind in ONE_TURN))
    await connection.execute(
        update(conversation)
        .where(conversation.c.id.in_(ids))
        .values(
            open_kind=case((is_side, conversation.c.under_kind), else_=conversation.c.open_kind),
            under_kind=OpenKind.NONE.value,
            pending=None,
        )
    )
