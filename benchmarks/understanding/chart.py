"""Draws curves as SVG: panels above each other over one axis, with the chosen value marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

_WIDTH = 760
_LEFT, _RIGHT = 64, 24
_HEAD, _FOOT = 66, 58
_TITLE, _GAP = 46, 12
_INK, _GRID, _MARK = "#22303a", "#dde4e9", "#5b6b77"
_FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Series:
    """One line: what it is, its colour, and a share for each value of the axis."""

    name: str
    colour: str
    shares: Sequence[float]
    is_dashed: bool = False
    #: the share that is demanded
    demand: float | None = None


@dataclass(frozen=True)
class Panel:
    """Lines over the same shares, from `base` to `top`; what lies beyond is drawn at the edge."""

    height: int
    base: float
    top: float
    step: float
    series: Sequence[Series]


@dataclass(frozen=True)
class Chart:
    """A whole picture; `chosen` is the value of the axis that the product uses."""

    title: str
    axis: str
    values: Sequence[float]
    chosen: float
    panels: Sequence[Panel]
    note: str


def draw(chart: Chart) -> str:
    """Give the picture as SVG text."""
    height = _HEAD + _FOOT + sum(_TITLE + panel.height for panel in chart.panels)
    height += _GAP * (len(chart.panels) - 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-labelledby="title" '
        f'font-family="{_FONT}" fill="{_INK}">',
        f'<title id="title">{escape(chart.title)}</title>',
        "<!-- A ground of its own, so that it reads the same on a light and on a dark page. -->",
        f'<rect x="1" y="1" width="{_WIDTH - 2}" height="{height - 2}" rx="14" fill="#fbfcfd" '
        'stroke="#9aa9b5" stroke-width="1.5"/>',
        _text(_LEFT - 40, 32, chart.title, size=18, weight=600),
        _text(_LEFT - 40, 53, chart.note, size=13, colour=_MARK),
    ]
    top = _HEAD
    for panel in chart.panels:
        parts += _panel(chart, panel, top)
        top += _TITLE + panel.height + _GAP
    bottom = top - _GAP
    parts += _axis(chart, bottom)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(chart: Chart, panel: Panel, top: float) -> Iterator[str]:
    begin = top + _TITLE
    end = begin + panel.height

    def height_of(share: float) -> float:
        seen = min(max(share, panel.base), panel.top)
        return end - (seen - panel.base) / (panel.top - panel.base) * panel.height

    for number in range(round((panel.top - panel.base) / panel.step) + 1):
        share = panel.base + number * panel.step
        at = height_of(share)
        yield _line(_LEFT, at, _WIDTH - _RIGHT, at, _GRID)
        yield _text(_LEFT - 8, at + 4, f"{100 * share:.0f} %", anchor="end", size=12)
    yield from _legend(panel, top + 26)
    for one in panel.series:
        if one.demand is not None:
            at = height_of(one.demand)
            yield _line(_LEFT, at, _WIDTH - _RIGHT, at, one.colour, dashes="1 5", width=1.5)
    at = _across(chart.chosen)
    yield _line(at, begin, at, end, _MARK, width=1.5)
    for one in panel.series:
        yield from _curve(chart, one, height_of)


def _curve(chart: Chart, one: Series, height_of: Callable[[float], float]) -> Iterator[str]:
    points = [
        (_across(value), height_of(share))
        for value, share in zip(chart.values, one.shares, strict=True)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = ' stroke-dasharray="5 4"' if one.is_dashed else ""
    width = 1.6 if one.is_dashed else 2.4
    yield (
        f'<polyline points="{path}" fill="none" stroke="{one.colour}" stroke-width="{width}" '
        f'stroke-linejoin="round"{dashes}/>'
    )
    if not one.is_dashed:
        x, y = _across(chart.chosen), height_of(_share_at(chart, one))
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{one.colour}"/>'


def _share_at(chart: Chart, one: Series) -> float:
    """Give the share at the chosen value, between its neighbours where it lies between them."""
    for (a, low), (b, high) in pairwise(zip(chart.values, one.shares, strict=True)):
        if a <= chart.chosen <= b:
            return low + (high - low) * (chart.chosen - a) / (b - a)
    return one.shares[-1]


def _legend(panel: Panel, at: float) -> Iterator[str]:
    left = float(_LEFT)
    for one in panel.series:
        if one.is_dashed:
            continue
        yield _line(left, at - 4, left + 22, at - 4, one.colour, width=2.4)
        yield _text(left + 28, at, one.name, size=13)
        left += 28 + 6.9 * len(one.name) + 22


def _axis(chart: Chart, bottom: float) -> Iterator[str]:
    yield _line(_LEFT, bottom, _WIDTH - _RIGHT, bottom, _MARK)
    for number in range(11):
        at = _across(number / 10)
        yield _line(at, bottom, at, bottom + 5, _MARK)
        yield _text(at, bottom + 19, f"{number / 10:.1f}", anchor="middle", size=12)
    yield _text(_LEFT, bottom + 42, chart.axis, size=13)
    chosen = f"vertical line: chosen, {chart.chosen:.2f}"
    yield _text(_WIDTH - _RIGHT, bottom + 42, chosen, anchor="end", size=13, colour=_MARK)


def _across(value: float) -> float:
    return _LEFT + value * (_WIDTH - _LEFT - _RIGHT)


def _line(
    x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "", width: float = 1
) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{dashed}/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    anchor: str = "start",
    weight: int = 400,
    colour: str = _INK,
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'font-weight="{weight}" fill="{colour}">{escape(text)}</text>'
    )
