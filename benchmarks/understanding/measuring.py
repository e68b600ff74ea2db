"""Measures running pipelines: what they understand, how fast, and what they cost."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.understanding.contenders import Pipeline
from benchmarks.understanding.hearing import Heard, make_understanding, understand_all
from benchmarks.understanding.lines import Line
from benchmarks.understanding.scoring import Scored, Share, score
from benchmarks.understanding.serving import Server
from benchmarks.understanding.thresholds import Rejudge, choose
from bot.services.content import Content

_TIMED = 240

Sets = Mapping[str, Sequence[Line]]


@dataclass(frozen=True)
class Measured:
    """What a running pipeline made of each set, with the product's thresholds, and its memory."""

    scored: Mapping[str, Sequence[Scored]]
    heard: Mapping[str, Heard]
    memory: int


@dataclass(frozen=True)
class Compared:
    """A pipeline at its own best thresholds: figures by set, and the thresholds."""

    figures: Mapping[str, Mapping[str, Share]]
    thresholds: Mapping[str, float]


def measure(server: Server, content: Content, sets: Sets) -> Measured:
    """Send every line of every set through the channel, as the chat does."""

    async def send() -> Measured:
        client = server.client()
        understanding = make_understanding(client, content)
        scored = {
            name: score(lines, await understand_all(understanding, lines))
            for name, lines in sets.items()
        }
        await client.close()
        return Measured(scored, client.heard, server.memory())

    return asyncio.run(send())


def milliseconds(
    servers: Mapping[Pipeline, Server], content: Content, lines: Sequence[Line]
) -> dict[Pipeline, float]:
    """Give the median time of a message, warm; each message goes to all pipelines in turn."""
    taken: dict[Pipeline, list[float]] = {pipeline: [] for pipeline in servers}
    sample = [line for line in lines if line.kind != "school"]
    sample = sample[:: max(1, len(sample) // _TIMED)]

    async def send() -> None:
        clients = {pipeline: server.client() for pipeline, server in servers.items()}
        understanding = {
            pipeline: make_understanding(client, content) for pipeline, client in clients.items()
        }
        for line in sample:
            for pipeline, one in understanding.items():
                begun = time.perf_counter()
                await one.of(line.text, line.during)
                taken[pipeline].append(1000 * (time.perf_counter() - begun))
        for client in clients.values():
            await client.close()

    asyncio.run(send())
    return {pipeline: statistics.median(times) for pipeline, times in taken.items()}


def compare(measured: Measured, content: Content, sets: Sets) -> Compared:
    """Choose thresholds on the first set, and give the figures of all sets at these."""
    rejudge = Rejudge(measured.heard, content)
    at = choose(rejudge, next(iter(sets.values())), measured.heard)
    figures = {name: rejudge.figures(lines, at) for name, lines in sets.items()}
    return Compared(figures, asdict(at))
