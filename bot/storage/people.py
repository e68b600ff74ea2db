"""The rights of a person: everything that is stored about them, given or deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.person_chat import chat_of
from bot.storage.person_plans import erase_elsewhere, followed_plans
from bot.storage.tables import (
    answer,
    choice,
    contact,
    conversation,
    faq_vote,
    inbox,
    outbox,
    person,
    plan,
    turn,
)


class SqlPeople:
    """What the database holds about a person."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection
        self.has_erased = False

    async def export(self, person_id: str) -> dict[str, Any]:
        """Give everything that is stored about a person, as JSON."""
        plans = select(plan.c.id).where(plan.c.person_id == person_id)
        return {
            "person": await self._rows(select(person).where(person.c.id == person_id)),
            "conversations": await self._rows(
                select(
                    conversation.c.channel, conversation.c.address, conversation.c.created_at
                ).where(conversation.c.person_id == person_id)
            ),
            **await chat_of(self._connection, person_id),
            "plans": await self._rows(
                select(
                    plan.c.id,
                    plan.c.reference,
                    plan.c.questions_version,
                    plan.c.summary,
                    plan.c.created_at,
                    plan.c.changed_at,
                    plan.c.submitted_at,
                ).where(plan.c.person_id == person_id)
            ),
            "followed": await followed_plans(self._connection, person_id),
            "answers": await self._rows(
                select(
                    answer.c.plan_id,
                    answer.c.step,
                    answer.c.version,
                    answer.c.text,
                    answer.c.value,
                    answer.c.is_current,
                    answer.c.given_at,
                )
                .where(answer.c.plan_id.in_(plans))
                .order_by(answer.c.id)
            ),
            "deliveries": await self._rows(
                select(
                    outbox.c.plan_id,
                    outbox.c.channel,
                    # The chats of others are theirs.
                    case((outbox.c.channel == "email", outbox.c.address)).label("to"),
                    outbox.c.state,
                    outbox.c.sent_at,
                )
                .where(outbox.c.plan_id.in_(plans))
                .order_by(outbox.c.id)
            ),
        }

    async def delete(self, person_id: str, keep_turn: int | None) -> None:
        """Delete plans, answers and messages; of `keep_turn` only the bare row stays for now.

        The turn that asks for it needs its row for the receipt; its text is emptied. When nobody
        asked in the chat, the person and the bare chat go too. With a plan go
        its events, versions, links and due moments, so that a link to it opens nothing any more.
        """
        talks = select(conversation.c.id).where(conversation.c.person_id == person_id)
        plans = select(plan.c.id).where(plan.c.person_id == person_id)
        await erase_elsewhere(self._connection, person_id)
        for statement in (
            delete(answer).where(answer.c.plan_id.in_(plans)),
            delete(outbox).where(outbox.c.plan_id.in_(plans)),
            delete(outbox).where(outbox.c.conversation_id.in_(talks)),
            delete(choice).where(choice.c.conversation_id.in_(talks)),
            delete(faq_vote).where(
                faq_vote.c.turn_id.in_(select(inbox.c.id).where(inbox.c.conversation_id.in_(talks)))
            ),
            delete(turn).where(
                turn.c.id.in_(select(inbox.c.id).where(inbox.c.conversation_id.in_(talks)))
            ),
            delete(inbox).where(inbox.c.conversation_id.in_(talks), inbox.c.id != keep_turn),
            update(inbox).where(inbox.c.id == keep_turn).values(text="", source=None, open=None),
            update(conversation)
            .where(conversation.c.person_id == person_id)
            .values(plan_id=None, open_kind="none", under_kind="none", missed=0, pending=None),
            update(contact)
            .where(contact.c.conversation_id.in_(talks))
            .values(conversation_id=None),
            delete(plan).where(plan.c.person_id == person_id),
            *(() if keep_turn else (delete(person).where(person.c.id == person_id),)),
        ):
            await self._connection.execute(statement)
        self.has_erased = True

    async def _rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        rows = (await self._connection.execute(query)).all()
        return [
            {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in row._mapping.items()
            }
            for row in rows
        ]
