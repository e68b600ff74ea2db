"""Whole turns against a bare parse: what storing, ruling and answering add to understanding.

Twenty people write plans at the same time through the real inbox, worker, Rasa and services. The
reference is Rasa's own parse of the same texts, one by one, in the same run.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from bot.bootstrap import make_parts
from bot.chat.terminal import TerminalChat
from bot.config import Settings
from bot.domain.inbox import Channel
from bot.logs import set_up_logs
from bot.running import running
from tests.harness import ROOT, SharedRasa, shared_rasa, trained_model
from tests.person import PLAN_ANSWERS

PEOPLE = 20
PARSES = 200


async def parse_seconds(rasa: SharedRasa) -> float:
    """Give the median time of a bare parse."""
    texts = list(PLAN_ANSWERS.values())
    taken = []
    headers = {"Authorization": f"Bearer {rasa.token}"}
    async with httpx.AsyncClient(base_url=rasa.url, headers=headers, trust_env=False) as client:
        for number in range(PARSES):
            body = {"text": texts[number % len(texts)], "metadata": {"open": "plan"}}
            begun = time.perf_counter()
            answer = await client.post("/webhooks/wegwijzer/parse", json=body)
            answer.raise_for_status()
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


async def write_plan(talk: TerminalChat) -> list[float]:
    """Write a whole plan and give the seconds of each turn."""
    taken = []
    for text in ("plan maken", *PLAN_ANSWERS.values(), "versturen"):
        begun = time.perf_counter()
        await talk.say(text)
        taken.append(time.perf_counter() - begun)
    return taken


async def measure(rasa: SharedRasa, folder: Path) -> None:
    """Print one person's and twenty people's turns beside the reference."""
    settings = Settings(
        _env_file=None, home=ROOT, data_dir=folder, rasa_url=rasa.url, rasa_token=rasa.token
    )
    parts = make_parts(settings, (Channel.TERMINAL,), rasa.app_port)
    async with running(parts):
        await parts.watch.ready.wait()

        def talk(name: str) -> TerminalChat:
            return TerminalChat(
                parts.database,
                parts.intake,
                parts.said,
                parts.documents.make,
                parts.services.book.fill,
                folder,
                name,
            )

        reference = await parse_seconds(rasa)
        alone = await write_plan(talk("alone"))
        begun = time.perf_counter()
        together = await asyncio.gather(*(write_plan(talk(f"p{n}")) for n in range(PEOPLE)))
        whole = time.perf_counter() - begun
    turns = [seconds for person in together for seconds in person]
    print(f"reference: a parse takes {reference * 1000:.1f} ms (median of {PARSES})")
    print(f"one person: a turn takes {statistics.median(alone) / reference:.1f} x a parse")
    print(f"{PEOPLE} people: {len(turns) / whole:.0f} turns a second, ", end="")
    print(f"{len(turns) / whole * reference:.2f} x the speed of parses one by one")
    print(
        f"{PEOPLE} people: a turn takes {statistics.median(turns) / reference:.1f} x a parse ",
        end="",
    )
    print(f"(p95 {sorted(turns)[int(len(turns) * 0.95)] / reference:.1f} x)")


def main() -> None:
    """Run the benchmark with a Rasa of its own."""
    set_up_logs("ERROR")
    with (
        tempfile.TemporaryDirectory() as folder,
        shared_rasa(trained_model(), Path(folder)) as rasa,
    ):
        asyncio.run(measure(rasa, Path(folder)))


if __name__ == "__main__":
    main()
