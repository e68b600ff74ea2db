"""Compares what is stored with the model of what teachers may rely on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table

from bot.storage.database import Database
from bot.storage.review_tables import plan_event
from bot.storage.tables import answer, inbox, metadata, outbox, plan, turn
from tests.faults.model import FREE, Written

Rows = Sequence[Row[Any]]


async def everything(database: Database) -> dict[str, list[str]]:
    """Give all rows of all tables, to see whether anything has changed."""
    found = await _rows(database, *metadata.sorted_tables)
    return {name: [repr(tuple(row)) for row in rows] for name, rows in found.items()}


async def _rows(database: Database, *tables: Table) -> dict[str, Rows]:
    async with database.engine.connect() as plain:
        connection = await plain.execution_options(sqlite_begin="DEFERRED")
        return {
            table.name: (
                await connection.execute(table.select().order_by(*table.primary_key))
            ).all()
            for table in tables
        }


async def check_model(database: Database, written: Sequence[Written]) -> list[str]:
    """Give in sentences what differs from the model."""
    rows = await _rows(database, plan, answer, plan_event, inbox, turn, outbox)
    plans = {row.id: row for row in rows["plan"]}
    known = {teacher.plan_id for teacher in written if teacher.plan_id}
    if known != set(plans):
        return [f"plans {sorted(plans)} instead of {sorted(known)}"]
    wrong = _of_turns(rows["inbox"], rows["turn"], rows["outbox"])
    keys = [row.key for row in rows["outbox"]]
    for teacher in written:
        if not teacher.plan_id:
            continue
        own = [row for row in rows["answer"] if row.plan_id == teacher.plan_id]
        wrong += _of_answers(teacher, own)
        wrong += _of_plan(teacher, plans[teacher.plan_id], rows["plan_event"])
        handed_over = keys.count(f"hand_over:{teacher.plan_id}")
        if handed_over != teacher.is_with_region:
            wrong.append(f"plan of {teacher.address} is handed over {handed_over} times")
    return wrong


def _of_answers(teacher: Written, rows: Rows) -> list[str]:
    wrong = []
    by_step: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_step[row.step].append(row)
    for said in teacher.said:
        # The choices of a school leave an answer in our words instead of theirs.
        kept = [row for row in by_step[said.step] if row.source == said.source]
        if not kept:
            wrong.append(f"{said} is lost")
    for step, versions in by_step.items():
        if [row.version for row in versions] != list(range(1, len(versions) + 1)):
            wrong.append(f"versions of {step}: {[row.version for row in versions]}")
        if [row.is_current for row in versions] != [False] * (len(versions) - 1) + [True]:
            wrong.append(f"not just the last answer to {step} counts")
        texts = [said.text for said in teacher.said if said.step == step]
        if step in FREE and [row.text for row in versions] != texts:
            wrong.append(f"{step} is {[row.text for row in versions]}, said was {texts}")
    return wrong


def _of_plan(teacher: Written, row: Any, events: Rows) -> list[str]:
    wrong = []
    if row.reference != teacher.reference:
        wrong.append(f"{row.reference} was told as {teacher.reference}")
    if teacher.is_with_region and row.status != teacher.status.value:
        wrong.append(f"plan is {row.status} instead of {teacher.status.value}")
    own = [(one.action, one.before, one.after) for one in events if one.plan_id == row.id]
    if own != teacher.events:
        wrong.append(f"events {own} instead of {teacher.events}")
    return wrong


def _of_turns(messages: Rows, turns: Rows, out: Rows) -> list[str]:
    wrong = [f"message {row.id} is {row.state}" for row in messages if row.state != "done"]
    keys = Counter(row.key for row in out)
    wrong += [f"{key} is queued {times} times" for key, times in keys.items() if times > 1]
    replies = Counter(row.turn_id for row in out if row.key.startswith("turn:"))
    for row in turns:
        if replies[row.id] != len(row.replies):
            wrong.append(f"turn {row.id} said {len(row.replies)}, queued {replies[row.id]}")
    return wrong
