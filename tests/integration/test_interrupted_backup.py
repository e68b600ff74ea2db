"""A copy that is broken off leaves no plans behind in a hidden file, however it was broken off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.harness import ROOT
from tests.integration.operator_cli import OperatorCli
from tests.integration.running_chat import sqlite_only
from tests.integration.test_backup import acknowledge, back_up, postgres_only

pytest_plugins = ["tests.integration.cli_fixtures"]

#: The command itself, halted where the hidden file holds everything.
HALTED = """
import signal
from bot.cli import main
from bot.storage import backup, restore

def halt(file):
    print("halted", flush=True)
    signal.pause()

# As from a terminal: whoever runs the tests in the background may have these ignored.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
backup.examine = restore.examine = halt
main()
"""
#: In the place of pg_dump: writes something and then takes long.
SLOW_DUMP = """#!/bin/sh
for argument; do
  case "$argument" in --file=*) echo "plan" > "${argument#--file=}";; esac
done
echo $$ > "$PID_FILE"
exec sleep 60
"""

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(cli: OperatorCli) -> Iterator[Start]:
    """Starts a command in a process of its own, until it has halted."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str) -> subprocess.Popen[bytes]:
        process = launched(cli.folder, "-c", HALTED, *arguments)
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == b"halted\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def launched(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@sqlite_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_stopped_backup_leaves_nothing(
    database: Database, cli: OperatorCli, start: Start, number: signal.Signals
) -> None:
    await acknowledge(database, 1)
    process = start("backup", "kopie")
    hidden = names(cli.folder / "kopie")

    process.send_signal(number)
    status = process.wait(timeout=20)

    assert [name.startswith(".wegwijzer-") for name in hidden] == [True]
    assert status not in (0, -number)
    assert names(cli.folder / "kopie") == []


@sqlite_only
async def test_stopped_restore_leaves_nothing_and_changes_nothing(
    database: Database, cli: OperatorCli, start: Start
) -> None:
    await acknowledge(database, 1)
    copy = await back_up(cli)
    await database.close()
    before = {path.name: path.read_bytes() for path in cli.folder.glob("*test.db*")}
    process = start("restore", str(copy))
    halfway = names(cli.folder)

    process.terminate()
    status = process.wait(timeout=20)

    left = {path.name: path.read_bytes() for path in cli.folder.glob("*test.db*")}
    assert [name for name in halfway if name.endswith(".part")]
    assert status == 128 + signal.SIGTERM
    assert {name: left[name] for name in left if not name.endswith(".lock")} == before


@sqlite_only
async def test_next_run_removes_what_a_killed_one_left(
    database: Database, cli: OperatorCli, start: Start
) -> None:
    process = start("backup", "kopie")
    process.kill()
    process.wait(timeout=20)
    (hidden,) = names(cli.folder / "kopie")
    # As it is left in the middle of the secret.
    (cli.folder / "kopie/.wegwijzer-20200101T000000Z.geheim.part").write_text("half")
    (cli.folder / f"kopie/{hidden}-journal").write_text("half")

    copy = await back_up(cli)

    assert names(cli.folder / "kopie") == [copy.name, copy.with_suffix(".json").name]


@sqlite_only
async def test_next_restore_removes_what_a_killed_one_left(
    database: Database, cli: OperatorCli, start: Start
) -> None:
    copy = await back_up(cli)
    await database.close()
    process = start("restore", str(copy))
    process.kill()
    process.wait(timeout=20)
    before = [name for name in names(cli.folder) if name.endswith(".part")]

    await cli.says("restore", str(copy))

    assert before
    assert [name for name in names(cli.folder) if ".part" in name] == []


@sqlite_only
async def test_run_leaves_another_that_is_busy_alone(
    database: Database, cli: OperatorCli, start: Start
) -> None:
    start("backup", "kopie")
    (hidden,) = names(cli.folder / "kopie")
    whole = (cli.folder / "kopie" / hidden).read_bytes()

    await back_up(cli)

    assert (cli.folder / "kopie" / hidden).read_bytes() == whole


@postgres_only
async def test_stopped_dump_leaves_neither_file_nor_program(
    database: Database, cli: OperatorCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin/pg_dump"
    program.parent.mkdir()
    program.write_text(SLOW_DUMP)
    program.chmod(0o755)
    pid_file = tmp_path / "pid"
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PID_FILE", str(pid_file))
    process = launched(cli.folder, "-m", "bot", "backup", "kopie")
    dump = written(pid_file)
    hidden = names(cli.folder / "kopie")

    process.terminate()
    process.communicate(timeout=20)

    assert [name.startswith(".wegwijzer-") for name in hidden] == [True]
    assert process.returncode == 128 + signal.SIGTERM
    assert names(cli.folder / "kopie") == []
    with pytest.raises(ProcessLookupError):
        os.kill(dump, 0)


def written(file: Path) -> int:
    """Give the number in a file, once it is there."""
    for _ in range(200):
        if file.exists() and (text := file.read_text().strip()):
            return int(text)
        time.sleep(0.1)
    raise TimeoutError(f"{file} was not written")
