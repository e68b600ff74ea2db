"""What the PDF shows of characters that its fonts do not have."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.pdf_glyphs import BOX, is_printable, printable


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('#image("x") *bold* _it_ <b>x</b> \\ $y$', '#image("x") *bold* _it_ <b>x</b> \\ $y$'),
        ("één € 12 – ‘ja’ ✓ → Łódź", "één € 12 – ‘ja’ ✓ → Łódź"),
        ("e\u0301", "é"),
        ("goed \U0001f44d\U0001f3fd!", "goed □!"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 gezin", "□ gezin"),
        ("\U0001f1f3\U0001f1f1", "□"),
        ("1\ufe0f\u20e3 en \u260e\ufe0f", "1 en \u260e"),
        ("中文", "□□"),
        ("\u0633\u0644", "□□"),
        ("nul\x00bel\x07", "nul□bel□"),
        ("los \ud800 eind", "los □ eind"),
        ("\u202eomgekeerd\u202c", "□omgekeerd"),
        ("ver\u00adeen\u200bvou\ufeffdig", "vereenvoudig"),
        ("een\r\ntwee\rdrie\u2028vier", "een\ntwee\ndrie\nvier"),
        ("a\tb", "a    b"),
        ("a" + "\n" * 50 + "b", "a\n\n\nb"),
        ("x" + "\u0304" * 1000, "x" + "\u0304" * 4),
        ("regel\n\ufe0fregel", "regel\n□regel"),
    ],
)
def test_text_is_shown_as(typed, shown) -> None:
    assert printable(typed) == shown


@settings(deadline=None)
@given(st.text())
def test_only_known_characters_get_through(text) -> None:
    assert all(sign == "\n" or is_printable(sign) for sign in printable(text))


@settings(deadline=None)
@given(st.text())
def test_shown_text_stays_as_it_is(text) -> None:
    shown = printable(text)

    assert printable(shown) == shown


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays_as_it_is(text) -> None:
    assert printable(text) == text
    assert BOX not in printable(text)
