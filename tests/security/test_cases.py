"""A test that loops fails when one of its cases does, and says which."""

from __future__ import annotations

import pytest

from tests.security.cases import for_each

pytest_plugins = ["pytester"]

LOOP = """
from tests.security.cases import for_each, number_of_cases

@for_each(door=[("GET", "/"), ("POST", "/l")], given={"good": 1, "bad": 2, "better": 3})
async def test_doors(tmp_path, door, given):
    assert tmp_path
    assert given != 2 or door[0] == "GET", door

@for_each(given=[1, 2])
def test_plain(given):
    assert given == 1

def test_counted():
    assert number_of_cases(test_doors) == 6
    assert number_of_cases(test_counted) == 1
"""


def test_failing_case_fails_its_test_and_is_named(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LOOP)
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function")

    ended = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    ended.assert_outcomes(passed=1, failed=4)
    ended.stdout.fnmatch_lines(["*test_doors*POST /l bad*", "*test_plain*2*"])
    ended.stdout.no_fnmatch_line("*SUBFAILED*GET / bad*")


def test_no_case_is_no_test() -> None:
    with pytest.raises(AssertionError, match="without a case"):
        for_each(text=[])
