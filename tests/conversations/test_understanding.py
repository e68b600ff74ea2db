"""How well real Rasa understands the development set, along the road of the chat.

`make understanding` measures the same, with the second set and other pipelines beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from benchmarks.understanding.figures import DEMANDS, figures_of, is_interruption
from benchmarks.understanding.hearing import make_understanding, understand_all
from benchmarks.understanding.lines import FOLDER, read_set
from benchmarks.understanding.scoring import Result, Scored, Share, score
from bot.chat.rasa_client import RasaClient
from bot.services.content import read_content
from tests.harness import ROOT, SharedRasa

#: Figures that are no demand of their own, or are counted without Rasa.
DEMANDED = [key for key, demand in DEMANDS.items() if demand.at_least or demand.at_most]
BY_RASA = [key for key in DEMANDED if not key.startswith("school_")]
SHOWN_AT_MOST = 12


@pytest.fixture(scope="module")
def scored(rasa: SharedRasa) -> list[Scored]:
    return asyncio.run(understood_by(rasa))


async def understood_by(rasa: SharedRasa) -> list[Scored]:
    client = RasaClient(rasa.url, rasa.token, 60)
    understanding = make_understanding(client, read_content(ROOT / "content"))
    lines = read_set(FOLDER)
    understood = await understand_all(understanding, lines)
    await client.close()
    return score(lines, understood)


@pytest.mark.parametrize("key", BY_RASA)
def test_understanding_reaches_its_figure(scored: list[Scored], key: str) -> None:
    share = figures_of(scored)[key]

    assert DEMANDS[key].is_met(share), report(key, share, scored)


def report(key: str, share: Share, scored: Sequence[Scored]) -> str:
    """Name the lines that spoil a figure, those answered as if sure first."""
    spoiling = [one for one in scored if spoils(key, one)]
    spoiling.sort(key=lambda one: (one.result is not Result.WRONG, -one.understood.confidence))
    told = [f"{DEMANDS[key].what}: {share.hits} of {share.of}, {len(spoiling)} lines spoil it"]
    for one in spoiling[:SHOWN_AT_MOST]:
        expected = "/".join(one.line.expected) or one.line.command or one.line.kind
        understood = one.understood
        came_to = understood.faq or understood.command or ",".join(understood.suggestions)
        told.append(
            f"  {one.result:8} {understood.confidence:.2f} {one.line.text[:70]!r}"
            f" -> {understood.outcome} {came_to} (expected {expected})"
        )
    return "\n".join(told)


def spoils(key: str, one: Scored) -> bool:
    """Tell if the figure would be better without this line."""
    alone = figures_of([one])[key]
    is_bad = DEMANDS[key].at_most is not None
    return alone.of == 1 and bool(alone.hits) is is_bad


def test_report_names_the_worst_lines_first(scored: list[Scored]) -> None:
    within = [one for one in scored if is_interruption(one)]
    bad = [one for one in within if one.result not in (Result.RIGHT, Result.OFFERED)]

    told = report("recognised", Share(0, len(within)), scored).splitlines()

    assert len(told) == 1 + min(len(bad), SHOWN_AT_MOST)
