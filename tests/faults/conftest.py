"""What the tests of faults share: a Telegram, an app that talks to it, and their figures."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.botapi import TOKEN, BotApiServer, TelegramWorld
from tests.faults.kill_run import Report
from tests.faults.sizes import IS_LONG
from tests.harness import RunningApp

_reports: list[str] = []


@pytest.fixture
def telegram_app(app: RunningApp, world: TelegramWorld) -> Iterator[RunningApp]:
    """The app, not started yet; its e-mail goes into the Maildir."""
    with BotApiServer(world) as server:
        app.environment |= {
            "WEGWIJZER_TELEGRAM_TOKEN": TOKEN,
            "WEGWIJZER_TELEGRAM_API_URL": server.url,
            "WEGWIJZER_OPERATOR_EMAIL": "beheer@regio.example",
        }
        yield app


@pytest.fixture
def report(request: pytest.FixtureRequest, tmp_path: Path) -> Report:
    """Keep figures as a file, where `make faults` asks for them, and show them at the end.

    With them is kept which test counted them, and whether it ran in its long form.
    """
    origin = {"test": request.node.originalname, "form": "long" if IS_LONG else "short"}

    def keep(name: str, figures: dict[str, Any]) -> None:
        line = json.dumps({**origin, **figures}, ensure_ascii=False)
        folder = Path(os.environ.get("WEGWIJZER_FIGURES", tmp_path))
        (folder / f"{name}.json").write_text(line, encoding="utf-8")
        _reports.append(f"{name}: {line}")

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _reports:
        terminalreporter.section("figures of faults")
        for line in _reports:
            terminalreporter.write_line(line)
