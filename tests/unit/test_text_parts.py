"""Long texts are split for Telegram without losing or breaking a character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.text_parts import split_text, utf16_length

EMOJI = "👩🏽‍🏫"


@pytest.mark.parametrize(("text", "units"), [("", 0), ("abc", 3), ("é", 1), ("👍", 2), (EMOJI, 7)])
def test_length_is_counted_as_telegram_does(text: str, units: int) -> None:
    assert utf16_length(text) == units == len(text.encode("utf-16-le")) // 2


def test_short_text_stays_whole() -> None:
    assert split_text("hallo") == ["hallo"]


def test_text_is_cut_at_a_blank_line() -> None:
    assert split_text("a" * 60 + "\n\n" + "b" * 60, limit=100) == ["a" * 60, "b" * 60]


def test_text_without_spaces_is_cut_all_the_same() -> None:
    assert split_text("x" * 250, limit=100) == ["x" * 100, "x" * 100, "x" * 50]


def test_emoji_is_not_cut_in_two() -> None:
    parts = split_text("x" * 97 + EMOJI + "y" * 50, limit=100)

    assert EMOJI in "".join(parts)
    assert any(EMOJI in part for part in parts)


@given(
    st.text(alphabet=st.sampled_from("ab \n👍é\u0301\u200d🏽"), max_size=400),
    st.integers(min_value=20, max_value=60),
)
def test_parts_fit_and_lose_only_white_space(text: str, limit: int) -> None:
    parts = split_text(text, limit)

    assert all(utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
