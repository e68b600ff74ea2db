"""Kills the app again and again while teachers type, and keeps account of every life it had."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.botapi import TOKEN, TelegramWorld
from tests.faults.findings import Findings
from tests.faults.invariants import check_invariants, state_of
from tests.faults.managers import Manager
from tests.faults.stored import Stored
from tests.faults.typing_run import TypingRun
from tests.harness import RunningApp

#: Keeps the figures of a run under a name.
Report = Callable[[str, dict[str, Any]], None]

#: Until this many messages were both sent and answered in a life, killing it proves nothing.
MOST_ANSWERED_FIRST = 12
#: Every so many lives, from the very first, one is cut off while it starts; counted apart.
EARLY_EVERY = 8
MOMENTS = ("after sending", "after an answer", "any time")


@dataclass
class Life:
    """One process, from its start to its kill."""

    started: float
    killed: float
    moment: str


class KillRun(TypingRun):
    """Kills the app, and lets a manager decide about what the teachers send."""

    def __init__(
        self,
        app: RunningApp,
        world: TelegramWorld,
        stored: Stored,
        *,
        teachers: int = 20,
        seed: int | None = None,
    ) -> None:
        super().__init__(app, world, stored, teachers=teachers, seed=seed)
        self.lives: list[Life] = []
        self.early = 0
        self.manager = Manager(app.maildir, self.patience)

    async def kill(self, times: int) -> Findings:
        """Kill `times` times, let everybody finish and everything come to rest, then check.

        At last everything is brought once more, which must change nothing.
        """
        print(f"kill run with seed {self.seed}")
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            writing = [
                tasks.create_task(teacher.write_plans(lambda: self._is_enough))
                for teacher in self.teachers
            ]
            tasks.create_task(self.manager.decide_about_all(lambda: self._is_over(writing)))
            for number in range(times):
                if number % EARLY_EVERY == 0:
                    await self._die_early()
                await self._live_and_die()
            self._is_enough = True
            self._app.start(wait=False)
        await self._come_to_rest()
        status = self._app.stop()
        findings = check_invariants(
            self._stored,
            self._world,
            self.teachers,
            self._app.maildir,
            kills=times + self.early,
            decisions=self.manager.decisions,
            log=self._app.log,
            secrets=(TOKEN,),
        )
        findings.expect(status == 0, f"the app stopped with {status}")
        await self._bring_again(findings)
        findings.figures |= self._figures() | {"seconds": round(time.monotonic() - began)}
        return findings

    async def _bring_again(self, findings: Findings) -> None:
        """I6: let Telegram bring every update once more.

        In a long run decisions leave meanwhile, ten minutes after they were taken: not because of
        what is brought.
        """
        self._stored.hold_what_the_clock_does()
        before, heard = state_of(self._stored), self._heard()
        self._world.deliver_all_again()
        self._app.start()
        await self._world.wait_for(lambda now: not now.queue.pending, within=self.patience)
        await self._come_to_rest()
        self._app.stop()
        for table, rows in state_of(self._stored).items():
            findings.expect(rows == before[table], f"once more changes {table}")
        findings.expect(self._heard() == heard, "once more is answered once more")

    def _heard(self) -> int:
        return sum(len(teacher.user.received) for teacher in self.teachers)

    def _is_over(self, writing: list[asyncio.Task[None]]) -> bool:
        return all(task.done() for task in writing) and self._stored.is_quiet()

    async def kill_until(self, is_found: Callable[[], bool], at_most: int) -> None:
        """Kill until something is found in what is stored after a kill, or it was enough."""
        print(f"kill run with seed {self.seed}")
        writing = [
            asyncio.create_task(teacher.write_plans(lambda: self._is_enough))
            for teacher in self.teachers
        ]
        try:
            while len(self.lives) < at_most and not (self.lives and is_found()):
                await self._live_and_die()
        finally:
            for task in writing:
                task.cancel()
            await asyncio.gather(*writing, return_exceptions=True)

    async def _die_early(self) -> None:
        self._app.start(wait=False)
        await asyncio.sleep(self._random.uniform(0, 2.5))
        self._app.kill()
        self.early += 1

    async def _live_and_die(self) -> None:
        started = time.time()
        self._app.start(wait=False)
        first = self._random.randint(1, MOST_ANSWERED_FIRST)
        await self._progress.until(
            lambda: self._progress.answered_since(started) >= first, self.patience
        )
        moment = await self._wait_for_the_moment()
        self._app.kill()
        self.lives.append(Life(started, time.time(), moment))

    async def _wait_for_the_moment(self) -> str:
        progress = self._progress
        moment = self._random.choice(MOMENTS)
        longest = 0.01
        if moment == "after sending":
            sent = len(progress.sent_at)
            await progress.until(lambda: len(progress.sent_at) > sent, self.patience)
        elif moment == "after an answer":
            heard = len(progress.answered)
            await progress.until(lambda: len(progress.answered) > heard, self.patience)
        else:
            longest = 0.3
        # The moment of the kill itself is the one thing here that nothing should announce.
        await asyncio.sleep(self._random.uniform(0, longest))
        return moment

    def _figures(self) -> dict[str, Any]:
        turns = self._per_life("SELECT saved_at AS at FROM turn")
        updates = self._per_life("SELECT received_at AS at FROM inbox")
        return {
            "seed": self.seed,
            "teachers": len(self.teachers),
            "kills": len(self.lives),
            "kills_while_starting": self.early,
            "kills_by_moment": {
                moment: sum(life.moment == moment for life in self.lives) for moment in MOMENTS
            },
            "progress_between_kills": {
                "turns_saved": _spread(turns),
                "updates_stored": _spread(updates),
            },
            "app_says": self._said("turn_kept", "turn_failed", "delivery_not_made", "part_failed"),
        }

    def _per_life(self, query: str) -> list[int]:
        moments = [_unix(row["at"]) for row in self._stored.rows(query)]
        return [sum(life.started <= at <= life.killed for at in moments) for life in self.lives]


def _spread(counts: list[int]) -> dict[str, float]:
    return {
        "least": min(counts),
        "median": statistics.median(counts),
        "most": max(counts),
        "in_all": sum(counts),
    }


def _unix(at: Any) -> float:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
