"""Times the directory search beside a plain fuzzy match over the same names.

Run with `python -m benchmarks.directory_search`; it prints milliseconds a question and the ratio.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz import fuzz, process

from bot.domain.directory import School
from bot.services.directory_content import read_other_places, read_regions
from bot.services.directory_import import place_schools
from bot.services.directory_import_file import read_school_file
from bot.services.directory_search import DirectorySearch
from tests.school_lists import duo_file, made_schools

CONTENT = Path(__file__).parents[1] / "content"
SCHOOLS = 1500
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
    regions = read_regions(CONTENT / "regions.csv")
    start = time.perf_counter()
    directory = DirectorySearch(regions, read_other_places(CONTENT / "other_places.csv"))
    build = 1000 * (time.perf_counter() - start)
    names = sorted({n for r in regions for n in (r.name, *r.places, *r.derived_places, *r.schools)})
    print(f"{len(regions)} regions, {len(names)} names, {len(QUESTIONS)} questions")
    print(f"index built once:        {build:8.2f} ms")
    compare(directory, names)

    with TemporaryDirectory() as folder:
        schools = read_schools(Path(folder) / "scholen.csv", directory)
    start = time.perf_counter()
    directory.know(schools)
    build = 1000 * (time.perf_counter() - start)
    print(f"with {len(schools)} imported schools")
    print(f"index built again:       {build:8.2f} ms")
    compare(directory, sorted({*names, *(school.name for school in schools)}))


def read_schools(path: Path, directory: DirectorySearch) -> list[School]:
    """Make a list in DUO's columns, and read it as an import does."""
    path.write_bytes(duo_file(made_schools(directory.regions, SCHOOLS)))
    start = time.perf_counter()
    file = read_school_file(path)
    schools, _ = place_schools(file.rows, directory.places(), file.usual_list, "2025-10-01")
    print(f"list read and placed:    {1000 * (time.perf_counter() - start):8.2f} ms")
    assert len(schools) == SCHOOLS
    return schools


def compare(directory: DirectorySearch, names: list[str]) -> None:
    """Print what a question takes, beside a plain fuzzy match over the same names."""
    ours, our_slowest = milliseconds_a_question(directory.find)
    plain, plain_slowest = milliseconds_a_question(
        lambda text: process.extract(text, names, scorer=fuzz.WRatio, limit=3)
    )
    print(f"directory search:        {ours:8.2f} ms median, {our_slowest:.2f} ms slowest")
    print(f"plain process.extract:   {plain:8.2f} ms median, {plain_slowest:.2f} ms slowest")
    print(f"ratio (ours / plain):    {ours / plain:8.2f}")


if __name__ == "__main__":
    main()
