"""The pictures of the document, from the results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.understanding.chart import Chart, Panel, Series, draw
from benchmarks.understanding.figures import DEMANDS
from benchmarks.understanding.lines import ROOT, SETS
from benchmarks.understanding.results import Results

_FOLDER = ROOT / "docs" / "images"
_GOOD, _BAD, _WORSE = "#1d6e8f", "#c25a00", "#8a3f9e"
_NOTE = "Solid: development set. Dashed: second set. Dotted: what is demanded."


def draw_pictures(results: Results) -> list[Path]:
    """Write the pictures and give their files."""
    curves, chosen = results["curves"], results["thresholds"]
    sure = Chart(
        "A question outside a plan: from which likelihood it is answered",
        "threshold: sure",
        curves["values"],
        chosen["sure"],
        [
            Panel(190, 0.4, 1.0, 0.1, _series(curves["sure"], {"right": ("right at once", _GOOD)})),
            Panel(
                190,
                0.0,
                0.2,
                0.05,
                _series(
                    curves["sure"],
                    {"wrong": ("wrong", _BAD), "answered": ("out of scope answered", _WORSE)},
                ),
            ),
        ],
        _NOTE,
    )
    answer = Chart(
        "A text in the middle of a plan: from which likelihood it is the answer",
        "threshold: answer",
        curves["values"],
        chosen["answer"],
        [
            Panel(
                190,
                0.7,
                1.0,
                0.05,
                _series(
                    curves["answer"],
                    {"recognised": ("questions and commands recognised", _GOOD)},
                ),
            ),
            Panel(
                190,
                0.0,
                0.05,
                0.01,
                _series(curves["answer"], {"swallowed": ("answers swallowed", _BAD)}),
            ),
        ],
        _NOTE,
    )
    return [_write("understanding-sure.svg", sure), _write("understanding-answer.svg", answer)]


def _write(name: str, chart: Chart) -> Path:
    path = _FOLDER / name
    path.write_text(draw(chart), encoding="utf-8")
    return path


def _series(
    curves: Mapping[str, Mapping[str, Sequence[float]]], drawn: Mapping[str, tuple[str, str]]
) -> list[Series]:
    return [
        Series(name, colour, curves[set_][key], set_ != next(iter(SETS)), _demand(set_, key))
        for set_ in SETS
        if set_ in curves
        for key, (name, colour) in drawn.items()
    ]


def _demand(set_: str, key: str) -> float | None:
    demand: Any = DEMANDS[key]
    return (demand.at_least or demand.at_most) if set_ == next(iter(SETS)) else None
