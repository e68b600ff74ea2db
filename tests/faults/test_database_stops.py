"""A database server that falls over again and again costs nobody an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.botapi import TelegramWorld
from tests.faults.databases import new_database
from tests.faults.kill_run import Report
from tests.faults.sizes import size
from tests.faults.stop_run import StopRun
from tests.faults.stored import Stored
from tests.harness import RunningApp
from tests.postgres import PostgresServer, own_server


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with own_server() as running:
        yield running


@pytest.mark.timeout(size(300, 2400))
async def test_database_that_falls_over_loses_and_doubles_nothing(
    telegram_app: RunningApp, world: TelegramWorld, report: Report, server: PostgresServer
) -> None:
    url = new_database(server.url)
    telegram_app.environment["WEGWIJZER_DATABASE_URL"] = url
    run = StopRun(telegram_app, world, Stored(url), teachers=size(4, 20))

    findings = await run.stop(size(4, 200), take_away=server.stop_at_once, give_back=server.start)

    report("database_stops", findings.figures)
    assert findings.violations == []
    # Stopping what has done nothing yet proves nothing.
    assert findings.figures["answered_between_stops"]["least"] >= 1
