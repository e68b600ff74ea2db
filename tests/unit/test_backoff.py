"""Waiting before trying again, as a table."""

from __future__ import annotations

import pytest

from bot.delivery.outcomes import wait_before_retry
from bot.services.backoff import Backoff, backoff


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 1.0), (1, 1.0), (2, 2.0), (3, 4.0), (6, 30.0), (10_000, 30.0)]
)
def test_wait_doubles_up_to_a_limit(failures: int, seconds: float) -> None:
    assert backoff(failures, first=1.0, last=30.0) == seconds


def test_success_starts_over() -> None:
    wait = Backoff(0.5, 30.0)
    waits = [wait.next(), wait.next(), wait.next()]
    wait.reset()

    assert waits == [0.5, 1.0, 2.0]
    assert wait.next() == 0.5


def test_mail_is_tried_for_two_days() -> None:
    tries = 110

    assert 2 <= sum(map(wait_before_retry, range(1, tries))) / 86_400 <= 3
