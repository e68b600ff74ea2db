"""Whatever people do and whichever statement fails: what was acknowledged is there, and once."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import create_engine, text

from bot.domain.plan_states import Action
from bot.storage.plans import SqlPlans
from bot.storage.tables import metadata
from tests.faults.kill_run import Report
from tests.faults.machine import Machine
from tests.faults.model import ROAD
from tests.faults.sizes import IS_LONG, size


def machine_on(url: str) -> type[Machine]:
    """Give the machine, for each example an empty database of the kind of this one."""

    def copied() -> str:
        empty = Path(url.partition(":///")[2])
        copy = shutil.copy(empty, empty.with_name("example.db"))
        for log in empty.parent.glob("example.db-*"):
            log.unlink()
        return f"sqlite+aiosqlite:///{copy}"

    def emptied() -> str:
        # Much faster than making one: that writes all of it to disk.
        engine = create_engine(url)
        names = ", ".join(table.name for table in metadata.sorted_tables)
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        engine.dispose()
        return url

    new_database = copied if url.startswith("sqlite") else emptied
    own = {"new_database": staticmethod(new_database), "done": Counter()}
    return type("OwnMachine", (Machine,), own)


def run(machine: type[Machine], examples: int, **more: Any) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=size(30, 50),
        deadline=None,
        database=None,
        # A change is judged by the same examples each time; long runs find new ones.
        derandomize=not IS_LONG,
        suppress_health_check=list(HealthCheck),
        **more,
    )
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.timeout(size(300, 6 * 3600))
def test_failing_statements_lose_and_double_nothing(database_url: str, report: Report) -> None:
    machine = machine_on(database_url)
    examples = size(8, 200)

    run(machine, examples)

    kind = database_url.partition("+")[0]
    report(f"stateful_{kind}", {"examples": examples, **machine.done})
    # What never happens proves nothing.
    for what in ("failed_statements", "sent", "edited", "managed", "refused", "deleted"):
        assert machine.done[what] > 0, what


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("decided_in", [Action.RECEIVE, Action.INVITE])
def test_model_knows_where_a_plan_goes_when_a_decision_is_undone(
    database_url: str, decided_in: Action
) -> None:
    machine = machine_on(database_url)()
    try:
        machine.begin(number=0, fails_at=0)
        machine.answer(number=0, fails_at=0, twice=False, many=len(ROAD))
        machine.send(number=0, fails_at=0, presses=1)
        for action in (decided_in, Action.NOT_NOW, Action.NOTE, Action.UNDO):
            machine.manage(number=0, action=action, fails_at=0)
            machine.model_holds()
    finally:
        machine.teardown()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_answers_outside_the_transaction_are_noticed(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = SqlPlans.save

    async def save_at_once(self: SqlPlans, *arguments: Any) -> None:
        await save(self, *arguments)
        await self._connection.exec_driver_sql("COMMIT")
        await self._connection.exec_driver_sql("BEGIN IMMEDIATE")

    monkeypatch.setattr(SqlPlans, "save", save_at_once)

    with pytest.raises(AssertionError):
        run(machine_on(database_url), 100, phases=[Phase.generate], report_multiple_bugs=False)
