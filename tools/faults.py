"""Runs the tests that the tables of faults and of security name, and keeps how they ended.

With `WEGWIJZER_LONG=1`, which `make faults` sets, the tests of faults do as much as the documents
say. An argument runs only the tests whose names hold it, and leaves the rest as it was.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from documents import OUTCOMES, ROOT, TABLES
from documents import main as write_documents
from proofs import read_rows

Kept = dict[str, dict[str, Any]]


def main() -> int:
    """Run, keep, and write the documents anew; the status is pytest's."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    tests = _chosen(wanted)
    if not tests:
        print(f"No test that the tables name has {wanted!r} in its name.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        status = _run(tests, folder)
        kept = json.loads(OUTCOMES.read_text()) if OUTCOMES.is_file() else {}
        before = kept if wanted else {}
        OUTCOMES.write_text(_text(_with(before, folder, datetime.now(UTC).date().isoformat())))
    write_documents()
    return status


def _chosen(wanted: str) -> list[str]:
    """Give the named tests and the files of faults with `wanted` in their names, each once."""
    files = {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/faults/test_*.py")}
    files |= {test.removesuffix("::*") for test in _named() if test.endswith("::*")}
    whole = {file for file in files if wanted in file}
    single = {test for test in _named() if wanted in test and not test.endswith("::*")}
    return sorted(whole | {test for test in single if test.partition("::")[0] not in whole})


def _named() -> Iterable[str]:
    for table in TABLES:
        for rows in read_rows(table).values():
            for row in rows:
                yield from row.tests


def _run(tests: list[str], folder: Path) -> int:
    command = [sys.executable, "-m", "pytest", "-o", "junit_family=xunit1"]
    command += [f"--junitxml={folder / 'outcomes.xml'}", *tests]
    environment = {**os.environ, "WEGWIJZER_FIGURES": str(folder)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _with(kept: dict[str, Kept], folder: Path, day: str) -> dict[str, Kept]:
    """Add what a run left in its folder."""
    outcomes, figures = dict(kept.get("outcomes", {})), dict(kept.get("figures", {}))
    found = _outcomes(folder / "outcomes.xml")
    outcomes |= {test: {"outcome": outcome, "on": day} for test, outcome in found.items()}
    for path in folder.glob("*.json"):
        figures[path.stem] = {"on": day, **json.loads(path.read_text())}
    return {"outcomes": outcomes, "figures": figures}


def _outcomes(report: Path) -> dict[str, str]:
    """Give how each test ended, without its parameters: one that fails makes it failed."""
    # Our own pytest wrote it.
    tree = ElementTree.parse(report)  # noqa: S314
    found: dict[str, str] = {}
    for case in tree.iter("testcase"):
        name = f"{case.get('file')}::{str(case.get('name')).partition('[')[0]}"
        is_good = not any(case.find(bad) is not None for bad in ("failure", "error", "skipped"))
        found[name] = "passed" if is_good and found.get(name) != "failed" else "failed"
    return found


def _text(content: dict[str, Kept]) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
