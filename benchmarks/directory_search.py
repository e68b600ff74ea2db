"""Times the directory search beside a plain fuzzy match over the same names.

Run with `python -m benchmarks.directory_search`; it prints milliseconds a question and the ratio.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.services.directory_content import read_regions
from bot.services.directory_search import DirectorySearch

REGIONS_FILE = Path(__file__).parents[1] / "content" / "regions.csv"
ROUNDS = 20
QUESTIONS = (
    "dr nassau assen",
    "dr nasau asen",
    "ichtus veenendal",
    "karmel emmen",
    "pantarijn",
    "Hardenberg",
    "groningen",
    "o.r.s. lek en linge culemborg",
    "ik geef les op het esdal in klazienaveen",
    "ik werk bij rsg wolfsbos hoogeveen als docent D&P",
    "goedemiddag, ik zou graag willen weten bij welke regio het christelijk college in zeist hoort",
    "hogwarts",
    "wat eten we vanavond",
)


def milliseconds_a_question(search: Callable[[str], object]) -> tuple[float, float]:
    """Give the median and the slowest of all questions, each the median of its rounds."""
    times = []
    for question in QUESTIONS:
        rounds = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            search(question)
            rounds.append(1000 * (time.perf_counter() - start))
        times.append(statistics.median(rounds))
    return statistics.median(times), max(times)


def main() -> None:
    """Print the times of both searches, in one run on one machine."""
    regions = read_regions(REGIONS_FILE)
    start = time.perf_counter()
    directory = DirectorySearch(regions)
    build = 1000 * (time.perf_counter() - start)
    names = sorted({name for r in regions for name in (r.name, *r.places, *r.schools)})

    ours, our_slowest = milliseconds_a_question(directory.find)
    plain, plain_slowest = milliseconds_a_question(
        lambda text: process.extract(text, names, scorer=fuzz.WRatio, limit=3)
    )

    print(f"{len(regions)} regions, {len(names)} names, {len(QUESTIONS)} questions")
    print(f"index built once:        {build:8.2f} ms")
    print(f"directory search:        {ours:8.2f} ms median, {our_slowest:.2f} ms slowest")
    print(f"plain process.extract:   {plain:8.2f} ms median, {plain_slowest:.2f} ms slowest")
    print(f"ratio (ours / plain):    {ours / plain:8.2f}")


if __name__ == "__main__":
    main()
