"""Tables of what is promised and which tests prove it, for documents that are made from data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HEADS = ("Item", "About", "Measure", "Test, or why not")
LAST_RUN = "Last run"
PASSED, FAILED, UNTESTED = "✔", "✘", "–"
_EVERY = "*"


@dataclass(frozen=True)
class Row:
    """One promise; a test is named as `file::name`, and `file::*` means all that are in it."""

    id: str
    about: str
    expected: str = ""
    tests: tuple[str, ...] = ()
    reason: str = ""

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Row:
        """Read a row of a file; raises `ValueError` about what it should not or must have."""
        given = {name: item[name] for name in item if name != "section"}
        given["expected"] = given.pop("measure", given.get("expected", ""))
        unknown = given.keys() - {"id", "about", "expected", "tests", "reason"}
        if unknown or not given.get("id") or not given.get("about"):
            raise ValueError(f"not a row: {dict(item)}")
        tests = tuple(given.pop("tests", None) or ())
        texts = {name: " ".join(str(text or "").split()) for name, text in given.items()}
        return cls(tests=tests, **texts)


def read_rows(path: Path) -> dict[str, list[Row]]:
    """Read the rows of a file, by the section that each names, in their order."""
    sections: dict[str, list[Row]] = {}
    for item in yaml.safe_load(path.read_text()):
        sections.setdefault(item["section"], []).append(Row.read(item))
    return sections


def proof_rows(
    rows: Sequence[Row], outcomes: Mapping[str, str] | None, heads: Sequence[str] = HEADS
) -> list[str]:
    """Give the lines of a Markdown table.

    `outcomes` tells of each test, without its parameters, whether it "passed" or "failed"; the
    last column says so for each row. It is left out when there are none, and so is the column of
    what is expected when no row has it.
    """
    has_expected = any(row.expected for row in rows)
    columns = [True, True, has_expected, True]
    lines = [_line([*_chosen(heads, columns), *([LAST_RUN] if outcomes is not None else [])])]
    lines.append("|" + "---|" * (sum(columns) + (outcomes is not None)))
    for row in rows:
        cells = _chosen([row.id, row.about, row.expected, _proof(row)], columns)
        lines.append(_line([*cells, *([_verdict(row, outcomes)] if outcomes is not None else [])]))
    return lines


def missing_tests(rows: Iterable[Row], root: Path) -> list[str]:
    """Give the tests that rows name and that do not exist below `root`."""
    return sorted(
        {test for row in rows for test in row.tests if not _names(test, root)},
    )


def unproved(rows: Iterable[Row]) -> list[str]:
    """Give the ids of the rows that have neither a test nor a reason."""
    return [row.id for row in rows if not row.tests and not row.reason]


def filled(page: str, tables: Mapping[str, Sequence[str]]) -> str:
    """Put each table in its place in a page: between `<!-- table: name -->` and `<!-- end -->`.

    Raises `ValueError` when a place has no table or a table no place.
    """
    places = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
    if sorted(tables) != sorted(found[1] for found in places.findall(page)):
        raise ValueError(f"other tables than {sorted(tables)} have a place in the page")
    return places.sub(lambda found: _between(found, tables[found[2]]), page)


def _between(found: re.Match[str], lines: Sequence[str]) -> str:
    return "".join([found[1], "\n", *(f"{line}\n" for line in lines), "\n", found[3]])


def _names(test: str, root: Path) -> bool:
    file, _, name = test.partition("::")
    path = root / file
    wanted = r"test_\w+" if name == _EVERY else re.escape(name)
    return path.is_file() and bool(
        re.search(rf"^(?:async )?def {wanted}\(", path.read_text(), re.MULTILINE)
    )


def _proof(row: Row) -> str:
    links = [f"[`{test}`](../{test.partition('::')[0]})" for test in row.tests]
    return "<br>".join([*links, *([row.reason] if row.reason else [])])


def _verdict(row: Row, outcomes: Mapping[str, str]) -> str:
    """Say how the tests of a row ended; one that did not run proves nothing."""
    if not row.tests:
        return UNTESTED
    bad = [test for test in row.tests if not _passed(test, outcomes)]
    return f"{FAILED} {', '.join(f'`{test}`' for test in bad)}" if bad else PASSED


def _passed(test: str, outcomes: Mapping[str, str]) -> bool:
    if not test.endswith(f"::{_EVERY}"):
        return outcomes.get(test) == "passed"
    found = [end for name, end in outcomes.items() if name.startswith(test.removesuffix(_EVERY))]
    return bool(found) and set(found) == {"passed"}


def _chosen(cells: Sequence[str], columns: Sequence[bool]) -> list[str]:
    return [cell for cell, is_shown in zip(cells, columns, strict=True) if is_shown]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
