"""Writes the made parts of docs/understanding.md; what stands outside the markers is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping

from benchmarks.understanding import tables
from benchmarks.understanding.lines import ROOT
from benchmarks.understanding.pictures import draw_pictures
from benchmarks.understanding.results import Results

_PAGE = ROOT / "docs" / "understanding.md"
_OUTDATED = (
    "The comparison was measured on other inputs than the figures: run `make understanding` "
    "without `COMPARE=0`."
)
_MIXED = (
    "Code, content or training changed while this was measured, so that not all rows belong to the "
    "same state: run `make understanding` again."
)


def write_document(results: Results) -> None:
    """Draw the pictures and fill in every part of the page."""
    draw_pictures(results)
    page = _PAGE.read_text(encoding="utf-8")
    _PAGE.write_text(filled(page, made_parts(results)), encoding="utf-8")


def made_parts(results: Results) -> dict[str, str]:
    """Give the text of every part by its name."""
    comparison = [tables.comparison_table(results)]
    if results["comparison"]["key"] != results["key"]:
        comparison.append(_OUTDATED)
    if results["is_mixed"]:
        comparison.append(_MIXED)
    return {
        "figures": tables.figures_table(results),
        "speed": tables.speed_sentence(results),
        "comparison": "\n\n".join(comparison),
        "second comparison": tables.second_comparison_table(results),
        "thresholds": tables.thresholds_table(results),
        "confusions": tables.confusions_table(results),
    }


def filled(page: str, parts: Mapping[str, str]) -> str:
    """Put each part between its markers; raises ValueError where a marker lacks."""
    for name, text in parts.items():
        begin, end = f"<!-- made: {name} -->", f"<!-- end: {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if len(pattern.findall(page)) != 1:
            raise ValueError(f"the page needs {begin} and {end}, once")
        before, after = pattern.split(page)
        page = f"{before}{begin}\n\n{text}\n\n{end}{after}"
    return page
