"""One test that goes through many cases with the same app.

Making an app and a database takes longer than most requests do. Each case is a subtest: the first
that fails does not hide the others, and each says which it was.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any

import pytest

Values = Iterable[Any] | Mapping[str, Any]


def for_each(**lists: Values) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Run a test for every combination of these values; a mapping gives each value a name."""
    named = {name: _named(values) for name, values in lists.items()}
    combinations = list(product(*named.values()))
    assert combinations, "a test without a case proves nothing"

    def looping(test: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(test)
        async def every(subtests: pytest.Subtests, **fixtures: Any) -> None:
            for combination in combinations:
                case = dict(zip(named, (value for _, value in combination), strict=True))
                with subtests.test(" ".join(label for label, _ in combination)):
                    done = test(**fixtures, **case)
                    if inspect.isawaitable(done):
                        await done

        given = [
            one for name, one in inspect.signature(test).parameters.items() if name not in lists
        ]
        asked = inspect.Parameter("subtests", inspect.Parameter.KEYWORD_ONLY)
        every.__signature__ = inspect.Signature([*given, asked])
        every.cases = len(combinations)
        return every

    return looping


def number_of_cases(test: Callable[..., Any]) -> int:
    """Give how many cases a test goes through, on each kind of database."""
    number: int = getattr(test, "cases", 1)
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            number *= len(list(mark.args[1]))
    return number


def _named(values: Values) -> list[tuple[str, Any]]:
    if isinstance(values, Mapping):
        return list(values.items())
    return [(" ".join(one) if isinstance(one, tuple) else str(one)[:40], one) for one in values]
