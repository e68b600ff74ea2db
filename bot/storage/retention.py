"""Clears away what is kept long enough: deletes rows, and whatever hangs on them goes along."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Table, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.keeping import Limits
from bot.domain.plan import WRITING, PlanStatus
from bot.domain.troubles import NO_TROUBLE
from bot.services.retention import Swept
from bot.services.review_ports import DueKind
from bot.storage.half_way import let_go
from bot.storage.review_tables import due, link
from bot.storage.tables import (
    choice,
    contact,
    conversation,
    faq_vote,
    gap,
    inbox,
    outbox,
    person,
    plan,
)

_WRITING = [status.value for status in WRITING]
_WITHDRAWN = PlanStatus.WITHDRAWN.value
#: The operator decides about what was parked, however long ago it came in.
_UNANSWERED = ("new", "parked")


class SqlRetention:
    """Sweeps the database; the order matters: people go last, when nothing of them is left."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection
        self.has_erased = False

    async def idle_drafts(self, before: datetime) -> list[str]:
        """Give the ids of the drafts that were changed before this moment for the last time."""
        query = select(plan.c.id).where(plan.c.status.in_(_WRITING), plan.c.changed_at < before)
        return list(await self._connection.scalars(query.order_by(plan.c.changed_at)))

    async def sweep(self, limits: Limits, waiting: Collection[str]) -> Swept:
        """Delete what is older than `limits`, with all that hangs on it, but no draft `waiting`."""
        counts = {
            name: sum([await _clear(self._connection, *part) for part in parts])
            for name, parts in _parts(limits, waiting).items()
        }
        # Nobody may be in the middle of a plan that is gone.
        await self._connection.execute(
            update(conversation)
            .where(
                conversation.c.plan_id.is_not(None),
                ~exists().where(plan.c.id == conversation.c.plan_id),
            )
            .values(plan_id=None, open_kind="none", under_kind="none", pending=None)
        )
        # What somebody typed half-way stays no longer than the messages around it.
        await let_go(self._connection, _is_quiet(limits))
        # Also when nothing went: another process may have erased something, or ours before it fell.
        self.has_erased = True
        return Swept(**counts)


Part = tuple[Table, ColumnElement[bool]]


def _parts(limits: Limits, waiting: Collection[str]) -> dict[str, list[Part]]:
    said_before = outbox.c.due_at < limits.messages
    is_over = or_(
        outbox.c.state.in_(("sent", "shown", "cancelled")),
        and_(outbox.c.state == "given_up", ~_is_left_to_the_operator()),
    )
    old_inbox = and_(inbox.c.received_at < limits.messages, inbox.c.state.not_in(_UNANSWERED))
    lonely_choice = ~exists().where(inbox.c.id == choice.c.turn_id)
    return {
        "drafts": [
            (
                plan,
                and_(
                    plan.c.status.in_(_WRITING),
                    plan.c.changed_at < limits.drafts,
                    plan.c.id.not_in(waiting),
                ),
            )
        ],
        "plans": [
            (
                plan,
                and_(
                    plan.c.status.not_in([*_WRITING, _WITHDRAWN]),
                    plan.c.changed_at < limits.plans,
                ),
            )
        ],
        "withdrawn": [
            (plan, and_(plan.c.status == _WITHDRAWN, plan.c.changed_at < limits.withdrawn))
        ],
        "mails": [
            (outbox, and_(outbox.c.conversation_id.is_(None), is_over, said_before)),
            (outbox, and_(outbox.c.plan_id.is_not(None), _is_gone_plan())),
        ],
        "messages": [
            (outbox, and_(outbox.c.conversation_id.is_not(None), is_over, said_before)),
            (inbox, old_inbox),
            (choice, lonely_choice),
        ],
        "questions": [
            (gap, gap.c.noted_at < limits.questions),
            (faq_vote, faq_vote.c.given_at < limits.questions),
        ],
        "traces": [
            (link, link.c.expires_at < limits.traces),
            (
                due,
                and_(
                    due.c.state.not_in(("due", "held")),
                    due.c.due_at < limits.traces,
                    ~_is_told_of_its_end(),
                ),
            ),
        ],
        "people": [(person, _is_forgotten(limits))],
    }


def _is_told_of_its_end() -> ColumnElement[bool]:
    """Say whether a moment is the notice of a draft that nobody touched since: it is needed yet."""
    return and_(
        due.c.kind == DueKind.DRAFT_ENDS.value,
        due.c.state == "done",
        exists().where(
            plan.c.id == due.c.plan_id,
            plan.c.status.in_(_WRITING),
            plan.c.changed_at <= due.c.done_at,
        ),
    )


def _is_quiet(limits: Limits) -> ColumnElement[bool]:
    """Say whether nothing came in in a chat for so long that its messages are gone."""
    is_recent = or_(inbox.c.received_at >= limits.messages, inbox.c.state == "new")
    return ~exists().where(inbox.c.conversation_id == conversation.c.id, is_recent)


def _is_left_to_the_operator() -> ColumnElement[bool]:
    """Say whether a delivery that was given up can be mended, for a plan or chat that is there."""
    return and_(
        func.coalesce(outbox.c.problem, "").not_in(sorted(NO_TROUBLE)),
        or_(outbox.c.plan_id.is_not(None), outbox.c.conversation_id.is_not(None)),
    )


def _is_gone_plan() -> ColumnElement[bool]:
    return ~exists().where(plan.c.id == outbox.c.plan_id)


def _is_forgotten(limits: Limits) -> ColumnElement[bool]:
    """Say whether nothing of a person is left but the bare row of a chat that is quiet."""
    own_talk = conversation.c.person_id == person.c.id
    has_message = exists().where(own_talk, inbox.c.conversation_id == conversation.c.id)
    is_coupled = exists().where(own_talk, contact.c.conversation_id == conversation.c.id)
    has_delivery = exists().where(
        own_talk,
        outbox.c.conversation_id == conversation.c.id,
        or_(outbox.c.state.in_(("due", "sending", "held")), outbox.c.due_at >= limits.messages),
    )
    return and_(
        person.c.created_at < limits.messages,
        ~exists().where(plan.c.person_id == person.c.id),
        ~has_message,
        ~has_delivery,
        ~is_coupled,
    )


async def _clear(connection: AsyncConnection, table: Table, condition: ColumnElement[bool]) -> int:
    counted: Any = select(func.count()).select_from(table).where(condition)
    number = int((await connection.execute(counted)).scalar_one())
    if number:
        statement: Delete = delete(table).where(condition)
        await connection.execute(statement)
    return number
