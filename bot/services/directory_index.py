"""The index of the directory: every name that a region can be found by, with weighed words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import log

from bot.domain.directory import Region
from bot.services.directory_words import DIRECTION, FILLER, KIND, words_of

_KIND_WEIGHT = 0.6
_DIRECTION_WEIGHT = 2.2
_LATER_WORD = 0.6  # "alphen" may stand for "Alphen aan den Rijn", "putten" not for "Voorne-Putten"
_BRANCH = 0.3  # words after the kind of school name a branch: "Nuborgh College Oostenlicht"
_OPTIONAL = 0.1  # the place of a school, and what stands between brackets
_BARE_PLACE = 2.0  # "Almere College" in Kampen needs its "college"; "almere" alone is the place
_NAME_PARTS = re.compile(r"\([^)]*\)|[/,]| - |-(?=De )")
_AND = re.compile(r"-? en ")
_BRACKETS = re.compile(r"\(([^)]*)\)")


class Evidence(Enum):
    """What a phrase is to its region."""

    NAME = "name"
    NAME_PART = "part of the name"
    PLACE = "place"
    SCHOOL = "school"
    PROVINCE = "province"

    @property
    def proves(self) -> float:
        """What the phrase proves when it fits whole."""
        return {Evidence.PROVINCE: 0.9, Evidence.NAME_PART: 0.8}.get(self, 1.0)


@dataclass(frozen=True)
class Phrase:
    """A name of a region, place, province or school: its words with their weights in it.

    `own` are the words without which a school is not named; empty when it has none but the place
    and its kind ("Praktijkonderwijs Assen").
    """

    region: int
    kind: Evidence
    text: str
    words: tuple[str, ...]
    weights: dict[str, float]
    own: frozenset[str]

    @property
    def total(self) -> float:
        """The weight of the whole phrase."""
        return sum(self.weights.values())


def is_strong(word: str) -> bool:
    """Tell whether a word can prove something by itself."""
    return not (word in KIND or word in DIRECTION or word in FILLER or word.isdigit())


class DirectoryIndex:
    """All phrases of the regions, found by their words; a rare word weighs more."""

    def __init__(self, regions: Sequence[Region]) -> None:
        named = [
            (r, kind, text) for r, region in enumerate(regions) for kind, text in _names(region)
        ]
        self._count = max(len(regions), 1)
        self._regions_with = _regions_with(named)
        self._places = {
            words_of(text)[0]
            for _, kind, text in named
            if kind is Evidence.PLACE and len(words_of(text)) == 1
        }
        self._places_of: dict[int, set[str]] = defaultdict(set)
        for r, kind, text in named:
            if kind in (Evidence.PLACE, Evidence.NAME):
                self._places_of[r] |= set(words_of(text))
        self.phrases = [phrase for entry in named if (phrase := self._phrase(*entry)).weights]
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self.phrases):
            for word in phrase.weights:
                self.by_word[word].append(number)
        self.neighbours = set(self._neighbours())
        self.written_together = {
            first + second: (first, second)
            for first, second in sorted(self.neighbours)
            if first + second not in self.by_word and _go_together(first, second)
        }

    @property
    def unknown_weight(self) -> float:
        """What a word weighs that is in no phrase: it lowers a score, but no name outweighs it."""
        return 0.6 * self._rarity(1)

    def weight(self, word: str) -> float:
        """What a known word weighs in a question."""
        if word in KIND:
            return _KIND_WEIGHT
        if word in DIRECTION or word.isdigit():
            return _DIRECTION_WEIGHT
        return self._rarity(self._regions_with[word])

    def _rarity(self, regions: int) -> float:
        return 1.5 + log(self._count / max(regions, 1))

    def _phrase(self, region: int, kind: Evidence, text: str) -> Phrase:
        words = words_of(text)
        if kind is Evidence.SCHOOL:
            weights, own = self._school_weights(region, text)
        else:
            weights, own = self._name_weights(words), frozenset[str]()
        return Phrase(region, kind, text, words, weights, own)

    def _name_weights(self, words: tuple[str, ...]) -> dict[str, float]:
        weights: dict[str, float] = {}
        seen_strong = False
        for word in words:
            if word in FILLER or word in weights:
                continue
            weights[word] = self.weight(word) * (_LATER_WORD if seen_strong else 1.0)
            seen_strong = seen_strong or is_strong(word)
        return weights

    def _school_weights(self, region: int, text: str) -> tuple[dict[str, float], frozenset[str]]:
        weights: dict[str, float] = {}
        own: set[str] = set()
        branch = 1.0
        for word in words_of(_BRACKETS.sub(" ", text)):
            if word in FILLER or word in weights:
                continue
            if word in KIND:
                weights[word] = _KIND_WEIGHT * branch
                branch = _BRANCH if own else 1.0
            elif word in self._places_of[region]:
                weights[word] = _OPTIONAL * self.weight(word)
            else:
                weights[word] = self.weight(word) * branch
                if branch == 1.0 and is_strong(word):
                    own.add(word)
        if own and own <= self._places:
            weights.update({word: _BARE_PLACE for word in weights if word in KIND})
        for word in words_of(" ".join(_BRACKETS.findall(text))):
            if word not in FILLER:
                weights.setdefault(word, _OPTIONAL * self.weight(word))
        return weights, frozenset(own)

    def _neighbours(self) -> Iterator[tuple[str, str]]:
        for phrase in self.phrases:
            yield from pairwise(phrase.words)


def _go_together(first: str, second: str) -> bool:
    """Tell whether people may leave out the space: "terapel" and "dampte", but not "2college"."""
    if len(first + second) <= 4:
        return False
    if FILLER & {first, second}:
        return is_strong(second) and len(first) <= 3
    return len(first) > 1 or is_strong(second)


def _names(region: Region) -> Iterator[tuple[Evidence, str]]:
    without_brackets = _BRACKETS.sub("", region.name).strip()
    whole = dict.fromkeys((region.name, without_brackets, *_BRACKETS.findall(region.name)))
    for name in whole:
        yield Evidence.NAME, name
    for part in dict.fromkeys(_parts_of(region.name)):
        words = [word for word in words_of(part) if word not in FILLER]
        if part not in whole and (len(words) > 1 or any(map(is_strong, words))):
            yield Evidence.NAME_PART, part
    for place in region.places:
        yield Evidence.PLACE, place
    for school in region.schools:
        yield Evidence.SCHOOL, school
    for province in region.provinces:
        yield Evidence.PROVINCE, province


def _parts_of(name: str) -> Iterator[str]:
    for part in _NAME_PARTS.split(name):
        yield part.strip()
        yield from (half.strip() for half in _AND.split(part))


def _regions_with(named: list[tuple[int, Evidence, str]]) -> Counter[str]:
    """Count the regions per word; a province says too little to make its name a common word."""
    return Counter(
        word
        for _, word in {
            (region, word)
            for region, kind, text in named
            if kind is not Evidence.PROVINCE
            for word in words_of(text)
        }
    )
