"""Everything that Telegram and the line to it do wrong, mixed, while teachers write plans."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.botapi import TelegramWorld
from tests.faults.invariants import check_invariants
from tests.faults.kill_run import Report
from tests.faults.proxy import LOOPBACK, TcpProxy, Way
from tests.faults.sizes import size
from tests.faults.stored import Stored
from tests.faults.teachers import Progress, Teacher
from tests.harness import RunningApp

PATIENCE = 90.0
#: After so many answers that teachers got, the next thing goes wrong.
EVERY = 3


class Chaos:
    """Lets one thing after another go wrong while teachers type, and counts what that may cost."""

    def __init__(
        self, world: TelegramWorld, networks: list[TcpProxy], progress: Progress, seed: int
    ) -> None:
        self.done: Counter[str] = Counter()
        #: As many messages may arrive twice: each was under way when its receipt was lost.
        self.at_most_twice = 0
        self._world = world
        self._networks = networks
        self._progress = progress
        self._random = random.Random(seed)
        self._id_bases: Iterator[int] = iter(range(1_000, 2**31, 1_000_000))

    async def reign(self, times: int) -> None:
        """Let `times` things go wrong."""
        steps = {
            "duplicates": self._duplicates,
            "ids_restarted": self._restart_ids,
            "polls_failed": self._fail_polls,
            "sends_failed": self._fail_sends,
            "sends_lost_their_receipt": self._lose_receipts,
            "connections_reset": self._reset,
            "connections_half_closed": self._half_close,
            "requests_cut": self._cut_requests,
        }
        for number in range(times):
            enough = len(self._progress.answered) + EVERY
            await self._progress.until(
                lambda enough=enough: len(self._progress.answered) >= enough, PATIENCE
            )
            # First each of them once, then by chance.
            names = list(steps)
            name = names[number] if number < len(names) else self._random.choice(names)
            steps[name]()
            self.done[name] += 1

    def _duplicates(self) -> None:
        self._world.duplicate_next(self._random.randint(1, 4))

    def _restart_ids(self) -> None:
        with self._world.lock:
            # Telegram does this only after a week of silence.
            if not self._world.queue.pending:
                self._world.restart_ids(next(self._id_bases))

    def _fail_polls(self) -> None:
        fault = self._random.choice(({"status": 502}, {"status": 409}, {"drop": "after"}))
        self._world.fail("getUpdates", **fault)

    def _fail_sends(self) -> None:
        fault = self._random.choice(({"status": 429}, {"status": 500}, {"drop": "before"}))
        self._world.fail("sendMessage", **fault)

    def _lose_receipts(self) -> None:
        self._networks[0].cut_after(0, Way.DOWN, having=b"/sendMessage")
        self.at_most_twice += 1

    def _reset(self) -> None:
        for network in self._networks:
            self.at_most_twice += network.open_connections
            network.reset_all()

    def _half_close(self) -> None:
        for network in self._networks:
            self.at_most_twice += network.open_connections
            network.half_close()

    def _cut_requests(self) -> None:
        for network in self._networks:
            network.cut_after(self._random.randint(0, 200), Way.UP, having=b"POST")


async def at_rest(stored: Stored) -> None:
    async with asyncio.timeout(PATIENCE):
        for _ in range(10_000):
            if stored.is_quiet():
                return
            # Another process writes the database; nothing tells when.
            await asyncio.sleep(0.05)


@pytest.mark.timeout(size(240, 3_600))
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_chaos_at_telegram_loses_nothing(
    telegram_app: RunningApp, world: TelegramWorld, report: Report, mode: str
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"chaos with seed {seed}")
    app, progress = telegram_app, Progress()
    telegram_port = int(app.environment["WEGWIJZER_TELEGRAM_API_URL"].rpartition(":")[2])
    async with (
        TcpProxy(LOOPBACK, telegram_port) as outward,
        TcpProxy(LOOPBACK, app.port) as inward,
    ):
        app.environment |= {
            "WEGWIJZER_TELEGRAM_API_URL": f"http://{LOOPBACK}:{outward.port}",
            "WEGWIJZER_TELEGRAM_MODE": mode,
            "WEGWIJZER_TELEGRAM_WEBHOOK_URL": f"http://{LOOPBACK}:{inward.port}",
        }
        teachers = [Teacher(world, number, progress, PATIENCE, seed) for number in range(4)]
        chaos = Chaos(world, [outward, inward], progress, seed)
        await asyncio.to_thread(app.start)
        async with asyncio.TaskGroup() as tasks:
            trouble = tasks.create_task(chaos.reign(size(16, 400)))
            for teacher in teachers:
                tasks.create_task(teacher.write_plans(trouble.done))
        stored = Stored(f"sqlite:///{app.folder / 'wegwijzer.db'}")
        await at_rest(stored)
        await world.wait_for(lambda now: not now.queue.pending, PATIENCE)
        status = await asyncio.to_thread(app.stop)

    findings = check_invariants(stored, world, teachers, app.maildir, kills=chaos.at_most_twice)
    figures = {"seed": seed, "went_wrong": dict(chaos.done), **findings.figures}
    report(f"telegram_chaos_{mode}", figures)
    assert findings.violations == []
    assert status == 0
    assert '"level": "error"' not in app.log
    assert findings.figures["updates_fetched_again"] > 0
