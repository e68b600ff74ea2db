"""Figures about plans: medians only over enough plans, months of the Netherlands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.figures import Span, Timing, by_month
from bot.texts.overview import month_text, span_text

BEGIN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def timing(days: float | None, start: datetime = BEGIN) -> Timing:
    return Timing(start, None if days is None else start + timedelta(days=days))


def test_no_plans_give_empty_figures() -> None:
    (together,) = by_month([], AMSTERDAM)

    assert (together.month, together.sent) == (None, 0)
    assert together.to_reaction == Span(0, None)


def test_median_needs_three_plans() -> None:
    two = by_month([timing(1), timing(3), timing(None)], AMSTERDAM)[0]
    three = by_month([timing(1), timing(3), timing(9)], AMSTERDAM)[0]

    assert two.to_reaction == Span(2, None)
    assert three.to_reaction == Span(3, 3)


def test_month_is_that_of_the_netherlands() -> None:
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)

    months = by_month([timing(1, late), timing(1)], AMSTERDAM)

    assert [month.month for month in months] == [None, "2026-11"]


def test_newest_month_comes_first() -> None:
    january = datetime(2026, 1, 9, tzinfo=UTC)

    months = by_month([timing(1, january), timing(1)], AMSTERDAM)

    assert [month_text(month.month) for month in months] == [
        "samen",
        "november 2026",
        "januari 2026",
    ]


def test_span_is_said_in_words() -> None:
    spans = (Span(0, None), Span(2, None), Span(3, 0.2), Span(3, 1.2), Span(4, 6.6))

    assert [span_text(span) for span in spans] == [
        "–",
        "minder dan 3 plannen",
        "binnen een dag",
        "1 dag",
        "7 dagen",
    ]
