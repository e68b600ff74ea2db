"""Stops the database again and again under teachers who type; the app is never restarted."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.botapi import TOKEN, TelegramWorld
from tests.faults.findings import Findings
from tests.faults.invariants import check_invariants
from tests.faults.stored import Stored
from tests.faults.teachers import Progress, Teacher
from tests.harness import RunningApp

#: Until this many messages were both sent and answered, another stop proves nothing.
MOST_ANSWERED_FIRST = 8
#: How long the database stays away, at most.
LONGEST_AWAY = 0.5
WITHIN = 90.0


class StopRun:
    """One app, its Telegram, the teachers who type, and something below it that comes and goes."""

    def __init__(
        self, app: RunningApp, world: TelegramWorld, stored: Stored, *, teachers: int = 20
    ) -> None:
        self.seed = random.SystemRandom().randrange(10**6)
        self._random = random.Random(self.seed)
        self._app = app
        self._world = world
        self._stored = stored
        self._progress = Progress()
        self.teachers = [
            Teacher(world, number, self._progress, WITHIN, self.seed) for number in range(teachers)
        ]
        self._is_enough = False
        self._recovered_after: list[float] = []
        self._answered: list[int] = []

    async def stop(
        self, times: int, *, take_away: Callable[[], None], give_back: Callable[[], None]
    ) -> Findings:
        """Take it away `times` times, let everybody finish, and check what is stored."""
        print(f"stop run with seed {self.seed}")
        began = time.monotonic()
        self._app.start()
        async with asyncio.TaskGroup() as tasks:
            for teacher in self.teachers:
                tasks.create_task(teacher.write_plans(lambda: self._is_enough))
            back_at = time.time()
            for _ in range(times):
                await self._work_goes_on(back_at)
                await asyncio.to_thread(take_away)
                await asyncio.sleep(self._random.uniform(0, LONGEST_AWAY))
                await asyncio.to_thread(give_back)
                back_at = time.time()
            self._is_enough = True
        await self._come_to_rest()
        assert self._app.process
        was_running = self._app.process.poll() is None
        status = self._app.stop()
        findings = check_invariants(
            self._stored,
            self._world,
            self.teachers,
            self._app.maildir,
            kills=0,
            log=self._app.log,
            secrets=(TOKEN,),
        )
        findings.expect(was_running and status == 0, f"the app ended with {status}")
        findings.figures |= self._figures(times) | {"seconds": round(time.monotonic() - began)}
        return findings

    async def _work_goes_on(self, back_at: float) -> None:
        """Wait until people are answered again, and then for a moment that nothing announces."""
        first = self._random.randint(1, MOST_ANSWERED_FIRST)
        answered = self._progress.answered_since
        await self._progress.until(lambda: answered(back_at) >= 1, WITHIN)
        self._recovered_after.append(time.time() - back_at)
        await self._progress.until(lambda: answered(back_at) >= first, WITHIN)
        await asyncio.sleep(self._random.uniform(0, 0.3))
        self._answered.append(answered(back_at))

    async def _come_to_rest(self) -> None:
        deadline = time.monotonic() + WITHIN
        while not self._stored.is_quiet():
            assert time.monotonic() < deadline, "something still waits in the inbox or the outbox"
            # Another process writes the database; nothing tells when.
            await asyncio.sleep(0.05)

    def _figures(self, times: int) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "teachers": len(self.teachers),
            "stops": times,
            "answered_between_stops": {
                "least": min(self._answered),
                "median": statistics.median(self._answered),
            },
            "seconds_until_answered_again": {
                "median": round(statistics.median(self._recovered_after), 2),
                "most": round(max(self._recovered_after), 2),
            },
            "app_says": {
                event: self._app.log.count(f'"{event}"')
                for event in (
                    "updates_not_stored",
                    "turn_failed",
                    "conversation_failed",
                    "sending_not_recorded",
                    "part_failed",
                )
            },
        }
