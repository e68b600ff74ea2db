"""The fixture with the commands of the beheerder on the test's own database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.integration.operator_cli import OperatorCli, operator_cli


@pytest.fixture
def cli(
    database: Database, clock: SteppingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> OperatorCli:
    return operator_cli(tmp_path, database.url, monkeypatch, clock)
