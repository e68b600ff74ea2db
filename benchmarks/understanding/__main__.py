"""Trains, serves, measures and writes: `python -m benchmarks.understanding`.

With `--chosen` only the product's own pipeline is measured; the comparison stays as it was.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict

from benchmarks.understanding.confusions import confusions
from benchmarks.understanding.contenders import CHOSEN, PIPELINES, REFERENCE, Pipeline
from benchmarks.understanding.curves import curves_of, values
from benchmarks.understanding.document import write_document
from benchmarks.understanding.figures import figures_of
from benchmarks.understanding.lines import read_sets
from benchmarks.understanding.measuring import Measured, Sets, compare, measure, milliseconds
from benchmarks.understanding.results import (
    Results,
    inputs_key,
    read_results,
    shares_out,
    write_results,
)
from benchmarks.understanding.schools import school_figures
from benchmarks.understanding.serving import Server, serve
from benchmarks.understanding.thresholds import Rejudge
from benchmarks.understanding.training import Trained, trained
from bot.services.content import Content, read_content
from tests.harness import settings_of_cache

_MEGABYTE = 1024 * 1024


def main() -> None:
    """Measure what is not measured yet, and write the document."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--chosen", action="store_true", help="only the product's pipeline")
    options.add_argument("--again", action="store_true", help="measure even if nothing changed")
    given = options.parse_args()
    results, key = read_results(), inputs_key()
    is_compared = results.get("comparison", {}).get("key") == key
    # The document needs a comparison: where none was kept, the short way is no way.
    only_chosen = given.chosen and "comparison" in results
    if given.again or results.get("key") != key or not (only_chosen or is_compared):
        results |= measured_results((CHOSEN,) if only_chosen else PIPELINES, key)
        results["is_mixed"] = inputs_key() != key
        write_results(results)
    write_document(results)


def measured_results(pipelines: Sequence[Pipeline], key: str) -> Results:
    """Train and serve pipelines, all at the same time, and measure them."""
    content, sets = read_content(settings_of_cache().content), read_sets()
    models = {pipeline: _trained(pipeline) for pipeline in pipelines}
    with ExitStack() as stack:
        servers: dict[Pipeline, Server] = {}
        measured: dict[Pipeline, Measured] = {}
        for pipeline, model in models.items():
            print(f"measuring {pipeline.what}", flush=True)
            servers[pipeline] = stack.enter_context(serve(model.model))
            measured[pipeline] = measure(servers[pipeline], content, sets)
        times = milliseconds(servers, content, next(iter(sets.values())))
    results = {"key": key, "milliseconds": times[CHOSEN]}
    results |= _chosen_results(measured[CHOSEN], content, sets)
    if REFERENCE in models:
        rows = {
            pipeline.key: _row(models[pipeline], servers[pipeline], measured[pipeline])
            | {"milliseconds": times[pipeline], "ratio": times[pipeline] / times[REFERENCE]}
            | _compared(measured[pipeline], content, sets)
            for pipeline in pipelines
        }
        results["comparison"] = {"key": key, "cores": os.cpu_count(), "rows": rows}
    return results


def _trained(pipeline: Pipeline) -> Trained:
    print(f"training {pipeline.what}", flush=True)
    return trained(pipeline)


def _chosen_results(measured: Measured, content: Content, sets: Sets) -> Results:
    rejudge = Rejudge(measured.heard, content)
    for name, lines in sets.items():
        # What is judged again without Rasa has to be what Rasa itself made of it.
        assert rejudge.scored(lines, rejudge.chosen) == measured.scored[name], name
    return {
        "sets": {
            name: {
                "lines": len(lines),
                "figures": shares_out(
                    figures_of(measured.scored[name]) | school_figures(lines, content.directory)
                ),
                "confusions": [asdict(one) for one in confusions(measured.scored[name])],
            }
            for name, lines in sets.items()
        },
        "thresholds": asdict(rejudge.chosen),
        "curves": {"values": values(), **curves_of(rejudge, sets)},
    }


def _row(model: Trained, server: Server, measured: Measured) -> dict[str, float]:
    return {
        "training": model.seconds,
        "loading": server.loading,
        "megabytes": measured.memory / _MEGABYTE,
    }


def _compared(measured: Measured, content: Content, sets: Sets) -> Results:
    found = compare(measured, content, sets)
    figures = {name: shares_out(shares) for name, shares in found.figures.items()}
    return {"figures": figures, "thresholds": dict(found.thresholds)}


if __name__ == "__main__":
    main()
