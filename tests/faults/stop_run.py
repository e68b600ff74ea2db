"""Stops the database again and again under teachers who type; the app is never restarted."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.botapi import TOKEN, TelegramWorld
from tests.faults.findings import Findings
from tests.faults.invariants import check_invariants
from tests.faults.stored import Stored
from tests.faults.typing_run import TypingRun
from tests.harness import RunningApp

#: Until this many messages were both sent and answered, another stop proves nothing.
MOST_ANSWERED_FIRST = 8
#: How long the database stays away, at most.
LONGEST_AWAY = 0.5


class StopRun(TypingRun):
    """Takes something below the app away, and gives it back."""

    def __init__(
        self, app: RunningApp, world: TelegramWorld, stored: Stored, *, teachers: int = 20
    ) -> None:
        super().__init__(app, world, stored, teachers=teachers)
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
        await self._progress.until(lambda: answered(back_at) >= 1, self.patience)
        self._recovered_after.append(time.time() - back_at)
        await self._progress.until(lambda: answered(back_at) >= first, self.patience)
        await asyncio.sleep(self._random.uniform(0, 0.3))
        self._answered.append(answered(back_at))

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
            "app_says": self._said(
                "updates_not_stored",
                "turn_failed",
                "conversation_failed",
                "sending_not_recorded",
                "part_failed",
            ),
        }
