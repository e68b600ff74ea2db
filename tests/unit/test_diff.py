"""What changed in a text, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.services.diff import Change, Piece, differences

TEXTS = st.lists(st.sampled_from(["de", "les", "€", "10.", "\n", "drone,"])).map(" ".join)


def side(pieces: tuple[Piece, ...], gone: Change) -> list[str]:
    """Give the words of one of the two texts."""
    return "".join(piece.text for piece in pieces if piece.change is not gone).split()


def test_only_the_changed_words_are_marked() -> None:
    pieces = differences("8 drones van € 450,\nen lijm", "9 drones van € 450,\nen twee laptops")

    assert pieces == (
        Piece(Change.REMOVED, "8 "),
        Piece(Change.ADDED, "9 "),
        Piece(Change.KEPT, "drones van € 450,\nen "),
        Piece(Change.REMOVED, "lijm "),
        Piece(Change.ADDED, "twee laptops"),
    )


def test_other_white_space_is_no_difference() -> None:
    assert differences("een\n\ntwee", "een twee ") == (Piece(Change.KEPT, "een twee"),)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    pieces = differences(before, after)

    assert side(pieces, Change.REMOVED) == after.split()
    assert side(pieces, Change.ADDED) == before.split()


def test_texts_beyond_measure_are_not_compared() -> None:
    pieces = differences("a b " * 5000, "b a " * 5000)

    assert [piece.change for piece in pieces] == [Change.REMOVED, Change.ADDED]
