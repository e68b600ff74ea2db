"""Which entries and commands are taken for which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.understanding.scoring import Result, Scored
from bot.chat.understanding import Understood

_GOOD = {Result.RIGHT}


@dataclass(frozen=True)
class Confusion:
    """What was expected and what it was taken for: how often, and how often as if sure."""

    expected: str
    taken_for: str
    times: int
    sure: int


def confusions(scored: Iterable[Scored]) -> list[Confusion]:
    """Give the pairs that were confused, those that were acted upon most often first."""
    times: Counter[tuple[str, str]] = Counter()
    sure: Counter[tuple[str, str]] = Counter()
    for one in scored:
        if one.result in _GOOD:
            continue
        pair = (_expected(one), taken_for(one.understood))
        times[pair] += 1
        sure[pair] += one.result is Result.WRONG
    found = [Confusion(*pair, count, sure[pair]) for pair, count in times.items()]
    return sorted(found, key=lambda one: (-one.sure, -one.times, one.expected, one.taken_for))


def taken_for(understood: Understood) -> str:
    """Name what a text was taken for: an entry, a command, or what it was left as."""
    if understood.outcome == "suggest" and understood.suggestions:
        return understood.suggestions[0]
    return understood.faq or understood.command or understood.outcome


def _expected(one: Scored) -> str:
    if one.line.expected:
        return one.line.expected[0]
    return one.line.command or one.line.kind
