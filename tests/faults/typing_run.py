"""Teachers who type at one app while something happens to it."""

from __future__ import annotations

import asyncio
import random
import time
from typing import ClassVar

from tests.botapi import TelegramWorld
from tests.faults.sizes import size
from tests.faults.stored import Stored
from tests.faults.teachers import Progress, Teacher
from tests.harness import RunningApp


class TypingRun:
    """One app, its Telegram and the teachers who type; `seed` makes the same run again."""

    #: On a server what a dead process held waits 20 seconds: among very many kills some message is
    #: held by a dead one again and again.
    patience: ClassVar[float] = size(90, 900)

    def __init__(
        self,
        app: RunningApp,
        world: TelegramWorld,
        stored: Stored,
        *,
        teachers: int = 20,
        seed: int | None = None,
    ) -> None:
        self.seed = seed if seed is not None else random.SystemRandom().randrange(10**6)
        self._random = random.Random(self.seed)
        self._app = app
        self._world = world
        self._stored = stored
        self._progress = Progress()
        self.teachers = [
            Teacher(world, number, self._progress, self.patience, self.seed)
            for number in range(teachers)
        ]
        self._is_enough = False

    async def _come_to_rest(self) -> None:
        deadline = time.monotonic() + self.patience
        while not self._stored.is_quiet():
            assert time.monotonic() < deadline, "something still waits in the inbox or the outbox"
            # Another process writes the database; nothing tells when.
            await asyncio.sleep(0.05)

    def _said(self, *events: str) -> dict[str, int]:
        """Give how often the app logged each of these events."""
        return {event: self._app.log.count(f'"{event}"') for event in events}
