"""The page about understanding: what is made in it, and its pictures."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.understanding.chart import Chart, Panel, Series, draw
from benchmarks.understanding.document import filled, made_parts
from benchmarks.understanding.lines import ROOT
from benchmarks.understanding.results import read_results
from benchmarks.understanding.scoring import Share
from benchmarks.understanding.tables import percent, table
from benchmarks.understanding.thresholds import excess, grid

SVG = "{http://www.w3.org/2000/svg}"


def test_made_part_leaves_the_prose_alone() -> None:
    page = "Before\n<!-- made: a -->\nold\n<!-- end: a -->\nafter\n"

    once = filled(page, {"a": "new \\1"})

    assert once == "Before\n<!-- made: a -->\n\nnew \\1\n\n<!-- end: a -->\nafter\n"
    assert filled(once, {"a": "new \\1"}) == once


@pytest.mark.parametrize("page", ["none", "<!-- made: a --><!-- end: a -->" * 2])
def test_page_without_one_place_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="made: a"):
        filled(page, {"a": "new"})


@pytest.mark.content
def test_page_says_what_was_measured_last() -> None:
    page = (ROOT / "docs" / "understanding.md").read_text(encoding="utf-8")

    assert filled(page, made_parts(read_results())) == page


def test_table_has_a_line_under_its_head() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert percent(Share(1, 8)) == "12.5 %"
    assert percent(Share(0, 0)) == "-"


def test_picture_holds_every_line_and_mark() -> None:
    solid = Series("right & wrong", "#000000", [0.0, 1.0], demand=0.5)
    dashed = Series("right & wrong", "#000000", [0.2, 0.4], is_dashed=True)
    panel = Panel(100, 0.0, 1.0, 0.5, [solid, dashed])

    picture = ElementTree.fromstring(draw(Chart("a < b", "axis", [0.0, 1.0], 0.5, [panel], "")))

    assert len(picture.findall(f"{SVG}polyline")) == 2
    marks = picture.findall(f"{SVG}circle")
    lines = picture.findall(f"{SVG}polyline")[0].attrib["points"].split()
    low, high = (float(point.split(",")[1]) for point in lines)
    assert [float(mark.attrib["cy"]) for mark in marks] == [(low + high) / 2]


def test_grid_parts_what_occurs_evenly() -> None:
    values = [0.0] * 50 + [number / 100 for number in range(51)]

    assert grid(values, 4) == [0.0, 0.25, 0.5]


def test_excess_counts_only_what_is_over() -> None:
    found = {"wrong": Share(4, 100), "acted": Share(8, 100), "swallowed": Share(2, 100)}

    assert excess(found) == pytest.approx(0.03 + 0.01)
