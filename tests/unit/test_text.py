"""Incoming text is made safe once, without changing what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import clean, folded, is_blank, shortened

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("gewoon", "gewoon"),
        ("regel\r\nregel\rregel", "regel\nregel\nregel"),
        ("nul\x00teken", "nulteken"),
        ("half \ud800 teken", "half  teken"),
        ("e\u0301", "é"),
        ("\u202eomgekeerd", "omgekeerd"),
        ("👩\u200d🏫 juf", "👩\u200d🏫 juf"),
        ("a" + "\u0323\u0331\u0332\u0330\u032d\u032e" * 20, None),
        ("tab\ten €", "tab\ten €"),
        ("⟦link:AAAAAAAAAAA⟧", "[link:AAAAAAAAAAA]"),
    ],
)
def test_text_is_cleaned_but_kept(typed: str, kept: str | None) -> None:
    cleaned = clean(typed)

    if kept is None:
        assert len(cleaned) <= 6
    else:
        assert cleaned == kept


@given(ANY_TEXT)
def test_clean_text_can_always_be_stored_and_sent(typed: str) -> None:
    cleaned = clean(typed)

    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("text", ["", "  ", "?!", "...", "\n\t", "—"])
def test_text_without_a_word_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["ja", "2", "👍", "€", "ok?"])
def test_text_with_a_word_or_sign_is_not_blank(text: str) -> None:
    assert not is_blank(text)


def test_folding_forgets_case_accents_and_punctuation() -> None:
    assert folded("  Dr. Nassáu-College! ") == "dr nassau college"


@given(ANY_TEXT, st.integers(min_value=2, max_value=50))
def test_shortened_fits_on_one_line(text: str, limit: int) -> None:
    short = shortened(text, limit)

    assert len(short) <= limit
    assert "\n" not in short
