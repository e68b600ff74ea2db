"""Gives the commands of the beheerder as they are typed, beside whatever runs in the test."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.services.clock import Clock
from tests.harness import ROOT


@dataclass(frozen=True)
class OperatorCli:
    """Runs commands on one database; the settings are those of the environment."""

    folder: Path

    async def run(self, *arguments: str) -> Result:
        """Run a command in a thread of its own, as it has an event loop of its own."""
        return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))

    async def says(self, *arguments: str) -> str:
        """Give what a command says, on lines of any length; fails when the command does."""
        done = await self.run(*arguments)
        if done.exception:
            raise done.exception
        return " ".join(done.stdout.split())

    async def refuses(self, *arguments: str) -> str:
        """Give why a command refuses; fails when it does not."""
        done = await self.run(*arguments)
        assert done.exception, done.stdout
        return str(done.exception)


def operator_cli(
    folder: Path, url: str | None, monkeypatch: pytest.MonkeyPatch, clock: Clock | None = None
) -> OperatorCli:
    """Give the commands, for the database `url` or for the SQLite file of the data folder."""
    if clock:
        for module in ("bot.bootstrap", "bot.cli.backup"):
            monkeypatch.setattr(import_module(module), "SystemClock", lambda: clock)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("WEGWIJZER_DATA_DIR", str(folder / "var"))
    monkeypatch.setenv("WEGWIJZER_HOME", str(ROOT))
    if url:
        monkeypatch.setenv("WEGWIJZER_DATABASE_URL", url)
    return OperatorCli(folder)
