"""What is stored about a person's plans once others read them: given, and erased everywhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Text, and_, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.inbox import Kind
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent
from bot.domain.teacher_view import WRITTEN_TO_OTHERS, shown_events, shown_status
from bot.storage.plans import SqlPlans
from bot.storage.review_tables import due, link
from bot.storage.reviews import SqlReviews
from bot.storage.tables import choice, conversation, inbox, outbox, plan, turn
from bot.texts.conversation import EXPORT_WITHHELD


async def followed_plans(connection: AsyncConnection, person_id: str) -> list[dict[str, Any]]:
    """Give, for each plan of a person, what happened to it and which versions there are.

    What those who receive plans wrote to each other is left out, and a decision that can still be
    undone does not show.
    """
    plans = await SqlPlans(connection).of(person_id)
    return [await _followed(connection, one) for one in plans]


async def _followed(connection: AsyncConnection, one: Plan) -> dict[str, Any]:
    reviews = SqlReviews(connection)
    review = await reviews.get(one.id)
    events = await reviews.events(one.id)
    shown = shown_events(events, review)
    told = [event for event in events if event in shown or event.action in WRITTEN_TO_OTHERS]
    links = select(link.c.purpose, link.c.email, link.c.created_at, link.c.expires_at)
    moments = select(due.c.kind, due.c.due_at, due.c.state)
    return {
        "plan_id": one.id,
        "status": shown_status(one, review, events).value,
        "now_with": review.holder_role.value if review else None,
        "events": [_event(event) for event in told],
        "events_withheld": EXPORT_WITHHELD,
        "versions": [
            {
                "number": version.number,
                "made_at": version.made_at.isoformat(),
                "summary": version.summary,
            }
            for version in await reviews.versions(one.id)
        ],
        "links": [
            {
                "purpose": row.purpose,
                "email": row.email,
                "created_at": row.created_at.isoformat(),
                "expires_at": row.expires_at.isoformat(),
            }
            for row in await connection.execute(links.where(link.c.plan_id == one.id))
        ],
        "reminders": [
            {"kind": row.kind, "due_at": row.due_at.isoformat(), "state": row.state}
            for row in await connection.execute(
                moments.where(due.c.plan_id == one.id, due.c.kind != "release")
            )
        ],
    }


def _event(event: PlanEvent) -> dict[str, Any]:
    is_theirs = event.action in WRITTEN_TO_OTHERS
    return {
        "at": event.at.isoformat(),
        "role": event.role.value,
        "name": event.name,
        "action": event.action.value,
        "version": event.version,
        "step": event.step,
        "text": "" if is_theirs else event.text,
        "data": dict(event.data),
    }


async def erase_elsewhere(connection: AsyncConnection, person_id: str) -> None:
    """Erase what the chats of others were told about the plans of a person, and did with them.

    Our copies alone: what was delivered is with them. Such a row is found by the number of the
    plan, its id or the id of a link to it. Call it while the plans are still there.
    """
    query = select(plan.c.id, plan.c.reference).where(plan.c.person_id == person_id)
    marks_of = {}
    for row in (await connection.execute(query)).all():
        links = await connection.scalars(select(link.c.id).where(link.c.plan_id == row.id))
        marks_of[row.id] = [mark for mark in (row.id, row.reference, *links) if mark]
    for marks in marks_of.values():
        await _erase_brought(connection, person_id, marks)
    # As a reader's turn does: its message first, then the plan, then what it said.
    locked = select(plan.c.id).where(plan.c.id.in_(marks_of)).order_by(plan.c.id)
    await connection.execute(locked.with_for_update())
    for marks in marks_of.values():
        await _erase_marked(connection, person_id, marks)
        await _erase_from_mails(connection, marks)


async def _erase_from_mails(connection: AsyncConnection, marks: list[str]) -> None:
    """Take a plan out of mails about several plans; one that then names no plan is not sent."""
    is_mail = outbox.c.conversation_id.is_(None)
    query = select(outbox.c.id, outbox.c.payload).where(
        is_mail, outbox.c.plan_id.is_(None), _names_one(outbox.c.payload, marks)
    )
    for row in (await connection.execute(query)).all():
        before = row.payload.get("paragraphs", [])
        left = [text for text in before if not any(mark in text for mark in marks)]
        named = [text for text in left if "⟦link:" in text]
        if named:
            values = {**row.payload, "paragraphs": left}
            await connection.execute(
                update(outbox).where(outbox.c.id == row.id).values(payload=values)
            )
        else:
            await connection.execute(delete(outbox).where(outbox.c.id == row.id))


async def _erase_brought(connection: AsyncConnection, person_id: str, marks: list[str]) -> None:
    """Erase which buttons about a plan others pressed, and which links to it they opened."""
    is_others = inbox.c.conversation_id.not_in(_own(person_id))
    pressed = _names_one(inbox.c.pressed, marks)
    await connection.execute(update(inbox).where(is_others, pressed).values(pressed=None))
    opened = and_(inbox.c.kind == Kind.LINK.value, inbox.c.text.in_(marks))
    await connection.execute(update(inbox).where(is_others, opened).values(text=""))


def _own(person_id: str) -> Select[str]:
    return select(conversation.c.id).where(conversation.c.person_id == person_id)


async def _erase_marked(connection: AsyncConnection, person_id: str, marks: list[str]) -> None:
    own = _own(person_id)
    others = select(inbox.c.id).where(inbox.c.conversation_id.not_in(own))
    query = select(turn.c.id).where(turn.c.id.in_(others), _names_one(turn.c.replies, marks))
    turns = list(await connection.scalars(query))
    # What was said unasked stands with a turn that may be about something else.
    is_reply = and_(outbox.c.turn_id.in_(turns), outbox.c.key.startswith("turn:"))
    await connection.execute(
        delete(outbox).where(
            outbox.c.conversation_id.is_not(None),
            outbox.c.conversation_id.not_in(own),
            or_(is_reply, _names_one(outbox.c.payload, marks)),
        )
    )
    await connection.execute(update(turn).where(turn.c.id.in_(turns)).values(replies=[]))
    await connection.execute(
        delete(choice).where(
            choice.c.conversation_id.not_in(own), _names_one(choice.c.choice, marks)
        )
    )
    # The chat still waits for what it asked for, so that what is typed for it is given back.
    await connection.execute(
        update(conversation)
        .where(conversation.c.id.not_in(own), _names_one(conversation.c.pending, marks))
        .values(pending=None)
    )


def _names_one(column: Column[Any], marks: list[str]) -> ColumnElement[bool]:
    text = cast(column, Text)
    return or_(*(text.contains(mark, autoescape=True) for mark in marks))
