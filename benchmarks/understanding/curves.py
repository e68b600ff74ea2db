"""How the figures change with a threshold, everything else as chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.understanding.lines import Line
from benchmarks.understanding.thresholds import Rejudge

#: For each threshold the figures that hang on it.
DRAWN = {
    "sure": ("right", "wrong", "answered"),
    "answer": ("recognised", "swallowed"),
}
_VALUES = [round(0.02 * step, 2) for step in range(1, 50)]

#: Threshold, set, figure: its share at each value.
Curves = Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]]


def curves_of(rejudge: Rejudge, sets: Mapping[str, Sequence[Line]]) -> Curves:
    """Give the share of each figure over the values of its threshold, for every set."""
    return {
        threshold: {
            name: _curve(rejudge, threshold, figures, lines) for name, lines in sets.items()
        }
        for threshold, figures in DRAWN.items()
    }


def values() -> list[float]:
    """Give the values of a threshold that curves are drawn over."""
    return list(_VALUES)


def _curve(
    rejudge: Rejudge, threshold: str, figures: Sequence[str], lines: Sequence[Line]
) -> dict[str, list[float]]:
    is_within = threshold == "answer"
    used = [line for line in lines if line.kind != "school" and bool(line.during) == is_within]
    found = [
        rejudge.figures(used, replace(rejudge.chosen, **{threshold: value})) for value in _VALUES
    ]
    return {name: [round(one[name].value, 4) for one in found] for name in figures}
