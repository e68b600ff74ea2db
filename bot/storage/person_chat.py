"""What is stored about a person's own chats, as it is given to that person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.access import without_addresses
from bot.storage.tables import conversation, faq_vote, inbox, outbox

Rows = list[dict[str, Any]]


async def chat_of(connection: AsyncConnection, person_id: str) -> dict[str, Rows]:
    """Give what a person typed and pressed, what was said, the votes, and what is half-way."""
    talks = select(conversation.c.id).where(conversation.c.person_id == person_id)
    turns = select(inbox.c.id).where(inbox.c.conversation_id.in_(talks))
    typed = select(inbox).where(inbox.c.conversation_id.in_(talks)).order_by(inbox.c.id)
    # What was said stands with each turn as well, word for word.
    said = select(outbox).where(outbox.c.conversation_id.in_(talks)).order_by(outbox.c.id)
    voted = select(faq_vote).where(faq_vote.c.turn_id.in_(turns)).order_by(faq_vote.c.given_at)
    open_talks = select(conversation).where(conversation.c.person_id == person_id)
    return {
        "messages": [_message(row) for row in await connection.execute(typed)],
        "replies": [_reply(row) for row in await connection.execute(said)],
        "votes": [
            {"entry": row.entry, "is_up": row.is_up, "given_at": row.given_at.isoformat()}
            for row in await connection.execute(voted)
        ],
        "half_way": [
            {"channel": row.channel, **row.pending}
            for row in await connection.execute(open_talks)
            if row.pending
        ],
    }


def _message(row: Row[Any]) -> dict[str, Any]:
    return {
        "received_at": row.received_at.isoformat(),
        "kind": row.kind,
        "text": row.text,
        "pressed": row.pressed["label"] if row.pressed else None,
    }


def _reply(row: Row[Any]) -> dict[str, Any]:
    document = row.payload.get("document")
    return {
        "said_at": (row.sent_at or row.due_at).isoformat(),
        "text": without_addresses(row.payload["text"]),
        "buttons": [choice["label"] for choice in row.payload["choices"]],
        "document": document and document["name"],
    }
