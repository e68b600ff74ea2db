"""A simulated school year: no reminder double or lost, every plan comes to an end."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.services.review_ports import Due
from bot.services.school_days_content import SchoolDays
from bot.storage.database import Database
from bot.storage.due import SqlDueMoments
from bot.storage.review_tables import due
from tests.clocks import SteppingClock
from tests.integration.school_year import LEAVES, LEAVES_AT, STANDSTILLS, SchoolYear, contacts
from tests.integration.school_year_check import Checker, Findings

#: A whole year has 500 plans; fewer are enough to see at every change that it still works.
PLANS = int(os.environ.get("SCHOOL_YEAR_PLANS", "60"))
FEW = 15


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: a year has thousands of commits."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as made:
        yield Path(made)


async def findings(year: SchoolYear) -> Findings:
    database = Database(year.url, SteppingClock())
    try:
        return await Checker(contacts(), STANDSTILLS, (LEAVES, LEAVES_AT)).check(database)
    finally:
        await database.close()


@pytest.mark.timeout(900)
async def test_school_year_loses_and_doubles_nothing(folder: Path) -> None:
    year = SchoolYear(folder, PLANS, seed=2026)

    await year.run()
    found = await findings(year)

    print(PLANS, dict(sorted(found.counts.items())))
    assert (found.lost, found.double, found.wrong) == ([], [], [])
    ends = {key: count for key, count in found.counts.items() if key.startswith("ends ")}
    assert ends["ends withdrawn"]
    assert ends["ends at last station"]
    assert ends["ends approved"]
    assert all(found.counts[action] for action in ("remind", "escalate", "lapse", "undo", "revise"))
    assert found.counts["escalate absent"]
    assert found.counts["reminder mails about several plans"]


async def test_checker_finds_reminders_that_are_double(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without keys that are unique for ever, setting the clocks once more repeats reminders."""
    add = SqlDueMoments.add

    async def forgetful(self: SqlDueMoments, row: Due) -> bool:
        number = row.key.rpartition(":")[2]
        return await add(self, replace(row, key=f"{uuid.uuid4()}:{number}"))

    monkeypatch.setattr(SqlDueMoments, "add", forgetful)
    year = SchoolYear(folder, FEW, seed=7)

    await year.run()

    assert (await findings(year)).double


async def test_checker_finds_holidays_of_another_region(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SchoolDays, "holiday_region", lambda *_: "zuid")
    year = SchoolYear(folder, FEW, seed=7)

    await year.run()
    found = await findings(year)

    # Each was done on another day than it should have been.
    assert found.lost
    assert found.double


async def test_checker_finds_the_reminder_that_is_lost(folder: Path) -> None:
    dropped: list[Any] = []

    async def drop_one(year: SchoolYear) -> None:
        is_spring = year.clock.now() > datetime(2027, 4, 1, tzinfo=UTC)
        if dropped or not is_spring:
            return
        query = select(due.c.id, due.c.key).where(
            due.c.state == "due", due.c.kind == "remind", due.c.due_at <= year.clock.now()
        )
        async with year.database.engine.begin() as connection:
            for row in (await connection.execute(query.limit(1))).all():
                dropped.append(row)
                await connection.execute(delete(due).where(due.c.id == row.id))

    year = SchoolYear(folder, FEW, seed=7)
    year.before_look = drop_one

    await year.run()
    found = await findings(year)

    assert len(dropped) == 1
    assert len(found.lost) == 1
