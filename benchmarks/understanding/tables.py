"""The tables of the document, from the results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.understanding.contenders import CHOSEN, PIPELINES, REFERENCE
from benchmarks.understanding.figures import DEMANDS, Demand
from benchmarks.understanding.results import Results, shares_in
from benchmarks.understanding.scoring import Share

_CONFUSIONS_AT_MOST = 15
_COMPARED = {
    "right": "right at once",
    "helped": "helped",
    "wrong": "wrong",
    "answered": "out of scope answered",
    "acted": "or acted upon",
    "swallowed": "answers swallowed",
    "recognised": "recognised in a plan",
    "navigation": "navigation",
    "english": "English",
}
_COSTS = ("ms a message", "x DIET", "MB", "training, s", "loading, s")


def figures_table(results: Results) -> str:
    """Give every figure of every set beside what is demanded."""
    sets = results["sets"]
    heads = [f"{name} ({one['lines']} lines)" for name, one in sets.items()]
    figures = [shares_in(one["figures"]) for one in sets.values()]
    rows = [
        [demand.what, _demanded(demand), *(_held(demand, found[key]) for found in figures)]
        for key, demand in DEMANDS.items()
    ]
    return table(["Figure", "Demanded", *heads], rows)


def comparison_table(results: Results) -> str:
    """Give the pipelines at their own best thresholds, on the development set, and their costs."""
    first = next(iter(results["sets"]))
    rows = []
    for name, one in _compared(results):
        figures = shares_in(one["figures"][first])
        rows.append([name, *(percent(figures[key]) for key in _COMPARED), *_costs(one)])
    return table(["Pipeline", *_COMPARED.values(), *_COSTS], rows)


def second_comparison_table(results: Results) -> str:
    """Give the same on the other sets, where nothing was chosen."""
    rows = [
        [f"{name}, {set_} set", *(percent(shares_in(found)[key]) for key in _COMPARED)]
        for name, one in _compared(results)
        for set_, found in list(one["figures"].items())[1:]
    ]
    return table(["Pipeline", *_COMPARED.values()], rows)


def thresholds_table(results: Results) -> str:
    """Give the product's thresholds beside those that the rule finds for each pipeline."""
    names = list(results["thresholds"])
    rows = [["the product", *(f"{results['thresholds'][name]:.2f}" for name in names)]]
    rows += [
        [name, *(f"{one['thresholds'][key]:.2f}" for key in names)]
        for name, one in _compared(results)
    ]
    return table(["", *(f"`{name}`" for name in names)], rows)


def confusions_table(results: Results) -> str:
    """Give the pairs of the development set that are confused most."""
    first: dict[str, Any] = next(iter(results["sets"].values()))
    found = [one for one in first["confusions"] if one["times"] > 1 or one["sure"]]
    rows = [
        [f"`{one['expected']}`", f"`{one['taken_for']}`", str(one["times"]), str(one["sure"])]
        for one in found[:_CONFUSIONS_AT_MOST]
    ]
    return table(["Expected", "Taken for", "Times", "As if sure"], rows)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def percent(share: Share) -> str:
    """Give a share as people read it."""
    return f"{100 * share.value:.1f} %" if share.of else "-"


def _demanded(demand: Demand) -> str:
    if demand.at_least is not None:
        return f"at least {100 * demand.at_least:.0f} %"
    return "" if demand.at_most is None else f"at most {100 * demand.at_most:.0f} %"


def _held(demand: Demand, share: Share) -> str:
    counted = f"{percent(share)} ({share.hits} of {share.of})" if share.of else "-"
    return counted if demand.is_met(share) else f"**{counted}**"


def _compared(results: Results) -> list[tuple[str, dict[str, Any]]]:
    rows = results["comparison"]["rows"]
    return [
        (f"**{one.what}**" if one is CHOSEN else one.what, rows[one.key])
        for one in PIPELINES
        if one.key in rows
    ]


def _costs(one: dict[str, Any]) -> list[str]:
    return [
        f"{one['milliseconds']:.1f}",
        f"{one['ratio']:.2f}",
        f"{one['megabytes']:.0f}",
        f"{one['training']:.0f}",
        f"{one['loading']:.1f}",
    ]


def speed_sentence(results: Results) -> str:
    """Say how long a message takes, and how that compares with DIET in the same run."""
    rows = results["comparison"]["rows"]
    ours, reference = rows[CHOSEN.key], rows[REFERENCE.key]
    is_alone = results["milliseconds"] != ours["milliseconds"]
    alone = f" Measured by itself, later: {results['milliseconds']:.1f} ms." if is_alone else ""
    return (
        f"One message through the channel, warm: {ours['milliseconds']:.1f} ms (median), "
        f"{ours['ratio']:.2f} of the {reference['milliseconds']:.1f} ms of DIET alone in the same "
        f"run on {results['comparison']['cores']} cores; at most 20 ms is demanded."
        f"{alone}"
    )
