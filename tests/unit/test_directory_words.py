"""Texts become the same words however they are written."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.directory_words import (
    DIRECTION,
    EVERYDAY,
    FILLER,
    KIND,
    by_ear,
    is_name_here,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("🙂 ?!", ()),
        ("Dr. Nassau-College", ("dr", "nassau", "college")),
        ("dr.nassau", ("dr", "nassau")),
        ("O.R.S. Lek & Linge", ("ors", "lek", "linge")),
        ("o r s lek", ("ors", "lek")),
        ("C.S.G.", ("csg",)),
        ("Énschedé", ("enschede",)),
        ("Carmelcollege", ("carmel", "college")),
        ("college", ("college",)),
        ("vakcollege", ("vakcollege",)),
        ("Zuidoost-Brabant", ("zuid", "oost", "brabant")),
        ("'s-Gravenhage", ("s", "haag")),
        ("Tabor College d'Ampte", ("tabor", "college", "d", "ampte")),
    ],
)
def test_splits_text_into_plain_words(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("karmel", "carmel"),
        ("asen", "assen"),
        ("ichtus", "ichthus"),
        ("kuyk", "cuijk"),
        ("pantarein", "pantarijn"),
        ("fredenburg", "vredenburgh"),
    ],
)
def test_same_sound_is_spelled_alike(one: str, other: str) -> None:
    assert by_ear(one).rstrip("g") == by_ear(other).rstrip("g")


@pytest.mark.parametrize(
    ("text", "everyday", "is_name"),
    [
        ("houten", "houten", True),
        ("ik werk in houten", "houten", True),
        ("ik sta voor de klas op het element", "element", True),
        ("ik zit op scholen aan zee", "zee", True),
        ("wij zijn van scala college", "scala", True),
        ("wij maken een houten brug", "houten", False),
        ("ik weet het best wel", "best", False),
        ("morgen heb ik meer tijd", "morgen", False),
    ],
)
def test_everyday_word_needs_its_place(text: str, everyday: str, is_name: bool) -> None:
    words = words_of(text)

    assert is_name_here(words, words.index(everyday)) is is_name


def test_each_word_is_in_one_list() -> None:
    for one, other in combinations((FILLER, KIND, DIRECTION, EVERYDAY), 2):
        assert one & other == frozenset()


@given(st.text())
def test_words_are_plain_and_never_empty(text: str) -> None:
    assert all(word and word.isascii() and word.isalnum() for word in words_of(text))
    assert words_of(" ".join(words_of(text))) is not None
