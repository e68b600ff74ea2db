"""After a deletion, and after each term, nothing of a person is left in any table.

Every table has a rule here; one that is added without a rule makes these tests fail.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Delete, Table, delete, false, insert, select, update

from bot.domain.access import Link, Purpose
from bot.domain.keeping import Keep
from bot.domain.plan import PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.turn import OpenKind
from bot.services.management_chat import TEXT
from bot.services.retention import Retention
from bot.services.review_ports import Due, DueKind
from bot.storage import directory_tables, heartbeats, people, review_tables
from bot.storage.database import Database
from bot.storage.tables import metadata
from tests.clocks import SteppingClock
from tests.person import PLAN_ANSWERS, Person, make_services, write_plan
from tests.reviews import act, actor, add_contacts, filled_in, only_plan, put_in

assert directory_tables.metadata is review_tables.metadata is heartbeats.metadata is metadata

#: The term of each table in which something stands about a teacher; the last of them is gone with
#: the plan. "nobody": it is about no teacher, and stays. A column that is emptied before its row
#: goes has a rule of its own.
LAST, NOBODY = "plans", "nobody"
RULES = {
    "person": LAST,
    "conversation": LAST,
    "conversation.pending": "messages",
    "plan": "plans",
    "answer": "plans",
    "plan_event": "plans",
    "plan_version": "plans",
    "review": "plans",
    "inbox": "messages",
    "turn": "messages",
    "choice": "messages",
    "outbox": "messages",
    "gap": "questions",
    "faq_vote": "questions",
    "link": "traces",
    "due": "traces",
    #: the operator changes and removes these
    "contact": NOBODY,
    "question_set": NOBODY,
    "reference_counter": NOBODY,
    "school": NOBODY,
    "heartbeat": NOBODY,
}
EMPTIED = [name for name in RULES if "." in name]
#: What docs/avg/register.md says is left after a deletion: the bare person and chat, the message
#: that asked for it without its text, the receipt, and questions that do not say whose they are.
LEFT = {"person", "conversation", "inbox", "turn", "outbox", "gap"}
STATES = ("due", "sending", "sent", "shown", "given_up", "cancelled", "held")
SECRET = "Geheim van de docent"


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


async def stored(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Give every row of every table that is not empty."""
    found = {}
    async with database.engine.connect() as connection:
        for name, table in metadata.tables.items():
            found[name] = [
                dict(row) for row in (await connection.execute(select(table))).mappings()
            ]
    for column in EMPTIED:
        name, _, key = column.partition(".")
        found[column] = [row for row in found[name] if row[key] is not None]
    return {name: rows for name, rows in found.items() if rows}


def of_a_person(rows: dict[str, list[dict[str, Any]]]) -> set[str]:
    """Give the tables in which something stands about a teacher."""
    return {name for name in rows if RULES[name] != NOBODY}


async def whole_life(person: Person) -> None:
    """Let every kind of row about a teacher come to be, by the services and then by hand."""
    services, now = person.services, person.clock.now()
    await add_contacts(person.database)
    await person.do(services.welcome.greet, "hallo")
    await person.do(services.faq.unknown, f"mag dit ook: {SECRET}?")
    await person.do(services.faq.answer, "wat is STO?", near=("wat-is-sto",))
    thumb = next(choice for choice in person.choices if choice.intent == "faq_thumb")
    await person.press_old(services.faq.thumb, thumb)
    await write_plan(person)
    await person.do(services.hand_over.send, "Versturen")
    plan = await only_plan(person)
    await act(person, actor("manager"), plan.id, filled_in(Action.ASK, now))
    async with person.database.write() as uow:
        for action in Action:
            await uow.reviews.add_event(
                PlanEvent(
                    plan.id,
                    now,
                    Role.TEACHER,
                    SECRET,
                    action,
                    plan.status,
                    plan.status,
                    text=SECRET,
                )
            )
        for kind in DueKind:
            await uow.due.add(Due(f"{kind}:{plan.id}", kind, now + timedelta(days=1), plan.id))
        for number, purpose in enumerate(Purpose):
            ends = now + timedelta(days=1)
            await uow.links.add(
                Link(f"link-of-a-{number}", purpose, now, ends, plan.id, email="a@school.example")
            )
    async with person.database.engine.begin() as connection:
        rows = [
            {
                "key": f"mail:{state}",
                "channel": "email",
                "address": "a@school.example",
                "plan_id": plan.id,
                "payload": {"text": SECRET},
                "state": state,
                "due_at": now,
                "tries": 0,
                "parts_sent": 0,
            }
            for state in STATES
        ]
        await connection.execute(insert(metadata.tables["outbox"]), rows)
    async with person.database.write() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        half_way = {"kind": TEXT, "name": SECRET}
        await uow.conversations.save(replace(talk, open_kind=OpenKind.DESK, pending=half_way))


async def deleted(person: Person) -> None:
    await person.do(person.services.privacy.ask_delete, "/verwijder")
    await person.do(person.services.privacy.delete, "ja, wis alles")


async def sweep(person: Person) -> None:
    await Retention(person.database, person.clock, Keep()).sweep()


def test_every_table_has_a_rule() -> None:
    assert set(metadata.tables) == set(RULES) - set(EMPTIED)
    assert set(RULES.values()) <= {*vars(Keep()), NOBODY}


async def test_life_touches_every_table_about_a_person(person: Person) -> None:
    await whole_life(person)

    assert of_a_person(await stored(person.database)) == {
        name for name, rule in RULES.items() if rule != NOBODY
    }


def traces(rows: dict[str, list[dict[str, Any]]], marks: list[str]) -> list[str]:
    """Give what a deletion forgot: tables that should be empty, rows too many, words of theirs."""
    found = sorted(of_a_person(rows) ^ LEFT)
    found += [name for name in LEFT & set(rows) if len(rows[name]) != 1]
    said = {name: json.dumps(rows.get(name), default=str, ensure_ascii=False) for name in LEFT}
    found += [mark for mark in marks if any(mark in text for text in said.values())]
    return found + [name for name, text in said.items() if SECRET in text and name != "gap"]


async def marks_of(person: Person) -> list[str]:
    """Give what nobody may find any more."""
    plan = await only_plan(person)
    assert plan.reference
    words = (text.partition("\n")[0] for text in PLAN_ANSWERS.values())
    return [plan.id, plan.reference, "a@school.example", *words]


async def test_deletion_leaves_what_the_register_says_and_no_word_of_the_person(
    person: Person,
) -> None:
    await whole_life(person)
    marks = await marks_of(person)
    before = traces(await stored(person.database), marks)

    await deleted(person)

    rows = await stored(person.database)
    assert set(marks) <= set(before)
    assert traces(rows, marks) == []
    assert rows["inbox"][0]["text"] == ""


@pytest.mark.parametrize("forgotten", ["faq_vote", "choice", "outbox", "plan"])
async def test_check_sees_a_table_that_a_deletion_forgets(
    person: Person, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    def forgetful(table: Table) -> Delete:
        statement = delete(table)
        return statement.where(false()) if table.name == forgotten else statement

    await whole_life(person)
    marks = await marks_of(person)
    monkeypatch.setattr(people, "delete", forgetful)

    await deleted(person)

    assert forgotten in traces(await stored(person.database), marks)


async def test_what_a_deletion_leaves_goes_by_itself(person: Person) -> None:
    await whole_life(person)
    await deleted(person)
    await all_over(person)

    person.clock.step(days=Keep().messages, seconds=1)
    await sweep(person)
    messages = of_a_person(await stored(person.database))
    person.clock.step(days=Keep().questions - Keep().messages)
    await sweep(person)

    assert messages == {"gap"}
    assert of_a_person(await stored(person.database)) == set()


async def test_each_table_is_empty_after_its_term_and_not_before(person: Person) -> None:
    await whole_life(person)
    await put_in(person.database, await only_plan(person), PlanStatus.SUBMITTED, person.clock.now())
    await all_over(person)
    began = person.clock.now()
    terms = sorted({getattr(Keep(), rule) for rule in RULES.values() if rule != NOBODY})

    for days in terms:
        due = {n for n, r in RULES.items() if r != NOBODY and getattr(Keep(), r) >= days}
        person.clock.moment = began + timedelta(days=days)
        await sweep(person)
        before = of_a_person(await stored(person.database))
        person.clock.step(seconds=1)
        await sweep(person)
        after = of_a_person(await stored(person.database))

        assert before == due, days
        assert after == {name for name in due if getattr(Keep(), RULES[name]) > days}, days


async def all_over(person: Person) -> None:
    """Let everything that waits be sent or over at this moment."""
    now = person.clock.now()
    tables = metadata.tables
    async with person.database.engine.begin() as connection:
        await connection.execute(update(tables["outbox"]).values(state="sent", due_at=now))
        await connection.execute(update(tables["due"]).values(state="cancelled", due_at=now))
        await connection.execute(update(tables["link"]).values(expires_at=now))
