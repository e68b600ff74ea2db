"""How well the directory finds the region that a text about a school means."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.understanding.lines import Line
from benchmarks.understanding.scoring import Share
from bot.services.directory_search import DirectorySearch


def school_figures(lines: Sequence[Line], search: DirectorySearch) -> dict[str, Share]:
    """Count how often the first region is right, one of three is, and one is named for none."""
    found = [
        (line.regions, [match.region.id for match in search.find(line.text)])
        for line in lines
        if line.kind == "school"
    ]
    known = [(wanted, ids) for wanted, ids in found if wanted]
    none = [ids for wanted, ids in found if not wanted]
    return {
        "school_first": Share(sum(bool(set(ids[:1]) & set(to)) for to, ids in known), len(known)),
        "school_three": Share(sum(bool(set(ids[:3]) & set(to)) for to, ids in known), len(known)),
        "school_named": Share(sum(map(bool, none)), len(none)),
    }
