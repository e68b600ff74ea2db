"""Chooses the thresholds of a pipeline by one rule, the same for all.

Outside a plan: most right answers at once, with at most 4 % wrong ones and at most 5 % of what is
out of scope answered or acted upon; commands likewise; choices are offered as sparingly as still
helps 95 %. In a plan: most questions and commands recognised, with at most 1 % of the answers
swallowed. One threshold after the other, in two rounds, over the likelihoods that occur.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from benchmarks.understanding.figures import DEMANDS, figures_of
from benchmarks.understanding.hearing import Heard, Rejudging, make_understanding, understand_all
from benchmarks.understanding.lines import Line
from benchmarks.understanding.scoring import Scored, Share, score
from bot.services.content import Content

Figures = Mapping[str, Share]
_STEPS = 24
_ROUNDS = 2
_WRONG_AT_MOST = 0.04
_ACTED_AT_MOST = 0.05
_SWALLOWED_AT_MOST = 0.01
_HELPED_AT_LEAST = DEMANDS["helped"].at_least or 0.0


class Rejudge:
    """Gives the figures of a set for any thresholds."""

    def __init__(self, heard: Mapping[str, Heard], content: Content) -> None:
        """Judge what was heard in the texts."""
        self._rasa = Rejudging(heard)
        self._understanding = make_understanding(self._rasa, content)
        self.chosen: Any = self._rasa.at

    def scored(self, lines: Sequence[Line], at: Any) -> list[Scored]:
        """Score lines at these thresholds."""
        self._rasa.at = at
        return score(lines, asyncio.run(understand_all(self._understanding, lines)))

    def figures(self, lines: Sequence[Line], at: Any) -> dict[str, Share]:
        """Give the figures of lines at these thresholds."""
        return figures_of(self.scored(lines, at))


def choose(rejudge: Rejudge, lines: Sequence[Line], heard: Mapping[str, Heard]) -> Any:
    """Choose the thresholds on these lines."""
    outside = [line for line in lines if not line.during and line.kind != "school"]
    within = [line for line in lines if line.during]
    known = [heard[line.text] for line in outside if line.text in heard]
    told = [heard[line.text] for line in within if line.text in heard]
    sure = grid((one.sure for one in known), 2 * _STEPS)
    answer = grid((one.answer for one in told), _STEPS)
    at = rejudge.chosen
    for _ in range(_ROUNDS):
        at = _best(rejudge, outside, at, "sure", sure, lambda found: found["right"].value)
        at = _best(rejudge, outside, at, "command", sure, lambda found: found["navigation"].value)
    at = _best(rejudge, outside, at, "maybe", sure, _sparing)
    for _ in range(_ROUNDS):
        for name in ("answer", "order", "aside", "question", "unknown_question"):
            at = _best(rejudge, within, at, name, answer, lambda found: found["recognised"].value)
    return at


def grid(values: Iterable[float], steps: int) -> list[float]:
    """Give values that part what occurs in equal numbers, rounded, lowest first."""
    ordered = sorted(values)
    places = [round(step * (len(ordered) - 1) / steps) for step in range(steps + 1)]
    return sorted({round(ordered[place], 4) for place in places})


def excess(found: Figures) -> float:
    """Give by how much the figures that have a limit are over it."""
    return (
        max(0.0, found["wrong"].value - _WRONG_AT_MOST)
        + max(0.0, found["acted"].value - _ACTED_AT_MOST)
        + max(0.0, found["swallowed"].value - _SWALLOWED_AT_MOST)
    )


def _sparing(found: Figures) -> float:
    return min(found["helped"].value, _HELPED_AT_LEAST)


def _best(
    rejudge: Rejudge,
    lines: Sequence[Line],
    at: Any,
    name: str,
    values: Sequence[float],
    gain: Callable[[Figures], float],
) -> Any:
    """Set one threshold: within the limits first, then the most gain, then the most careful."""
    is_careful_low = name not in ("sure", "command", "maybe")
    tried = []
    for value in values:
        found = rejudge.figures(lines, replace(at, **{name: value}))
        careful = -value if is_careful_low else value
        tried.append((-round(excess(found), 6), gain(found), careful, value))
    return replace(at, **{name: max(tried)[-1]})
