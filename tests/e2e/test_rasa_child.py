"""The Rasa server that the app starts itself: late, gone and back, never costing a message."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import TOKEN, BotApiServer, TelegramWorld
from tests.harness import RunningApp, free_port

WITHIN = 90.0


@pytest.fixture
def own_rasa_app(model: Path, tmp_path: Path, world: TelegramWorld) -> Iterator[RunningApp]:
    """An app with its own Rasa, started but not waited for."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "models").symlink_to(model.parent)
    with BotApiServer(world) as server:
        app = RunningApp(
            folder,
            free_port(),
            {"WEGWIJZER_TELEGRAM_TOKEN": TOKEN, "WEGWIJZER_TELEGRAM_API_URL": server.url},
        )
        app.start(wait=False)
        yield app
        assert app.process
        if app.process.poll() is None:
            app.kill()


def children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


async def test_early_messages_are_kept_and_answered_in_order(
    own_rasa_app: RunningApp, world: TelegramWorld
) -> None:
    user = world.user()

    user.send_text("hallo")
    user.send_text("wat is sto?")
    user.send_text("dankjewel")

    received = await user.wait_for("Graag gedaan", within=WITHIN)
    said = [message.text or "" for message in received]
    order = [
        next(index for index, text in enumerate(said) if words in text)
        for words in ("Ik start net op", "automatische assistent", "Bron:", "Graag gedaan")
    ]
    assert order == sorted(order)
    assert sum("Ik start net op" in text for text in said) == 1


async def test_killed_rasa_comes_back_and_nothing_is_lost(
    own_rasa_app: RunningApp, world: TelegramWorld
) -> None:
    user = world.user()
    user.send_text("hallo")
    await user.wait_for("automatische assistent", within=WITHIN)
    assert own_rasa_app.process
    (child,) = children_of(own_rasa_app.process.pid)

    os.kill(child, signal.SIGKILL)
    user.send_text("wat is sto?")

    received = await user.wait_for("Bron:", within=WITHIN)
    assert sum("Bron:" in (message.text or "") for message in received) == 1
    assert children_of(own_rasa_app.process.pid) != [child]


async def test_rasa_does_not_outlive_a_killed_app(
    own_rasa_app: RunningApp, world: TelegramWorld
) -> None:
    user = world.user()
    user.send_text("hallo")
    await user.wait_for("automatische assistent", within=WITHIN)
    assert own_rasa_app.process
    (child,) = children_of(own_rasa_app.process.pid)
    watch = os.pidfd_open(child)

    own_rasa_app.kill()

    assert has_ended(watch, within=30.0)


def has_ended(pidfd: int, within: float) -> bool:
    """Wait for a process that is not our child; the descriptor becomes readable at its end."""
    ready, _, _ = select.select([pidfd], [], [], within)
    os.close(pidfd)
    return bool(ready)
