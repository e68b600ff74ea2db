"""The index of the directory: every name that a region can be found by, with weighed words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from bot.domain.directory import Region, School
from bot.services.directory_names import BRACKETS, ELSEWHERE, Evidence, Name, all_names
from bot.services.directory_words import DIRECTION, FILLER, KIND, LINKS, is_strong, words_of

_KIND_WEIGHT = 0.6
_DIRECTION_WEIGHT = 2.2
_LATER_WORD = 0.6  # "alphen" may stand for "Alphen aan den Rijn", "putten" not for "Voorne-Putten"
_BRANCH = 0.3  # words after the kind of school name a branch: "Nuborgh College Oostenlicht"
_OPTIONAL = 0.1  # the place of a school, and what stands between brackets
_BARE_PLACE = 2.0  # "Almere College" in Kampen needs its "college"; "almere" alone is the place


@dataclass(frozen=True)
class Phrase:
    """A name in the directory: its words with their weights in it.

    `own` are the words without which a school is not named; empty when it has none but the place
    and its kind ("Praktijkonderwijs Assen").
    """

    name: Name
    words: tuple[str, ...]
    weights: dict[str, float]
    own: frozenset[str]

    @property
    def total(self) -> float:
        """The weight of the whole phrase."""
        return sum(self.weights.values())


class DirectoryIndex:
    """All phrases of the regions, found by their words; a rare word weighs more."""

    def __init__(
        self,
        regions: Sequence[Region],
        elsewhere: Iterable[str] = (),
        schools: Iterable[School] = (),
    ) -> None:
        names = all_names(regions, elsewhere, schools)
        self._count = max(len(regions), 1)
        self._regions_with = _regions_with(names)
        self._places = {
            words_of(name.text)[0]
            for name in names
            if name.kind in (Evidence.PLACE, Evidence.DERIVED) and len(words_of(name.text)) == 1
        }
        self._places_of: dict[int, set[str]] = defaultdict(set)
        for name in names:
            if name.kind in (Evidence.PLACE, Evidence.NAME):
                self._places_of[name.region] |= set(words_of(name.text))
        self.phrases = [phrase for name in names if (phrase := self._phrase(name)).weights]
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self.phrases):
            for word in phrase.weights:
                self.by_word[word].append(number)
        self.neighbours = set(self._neighbours())
        self.near = {
            pair
            for phrase in self.phrases
            for pair in pairwise(word for word in phrase.words if word not in LINKS)
        }
        self.written_together = {
            first + second: (first, second)
            for first, second in sorted(self.neighbours)
            if first + second not in self.by_word and _go_together(first, second)
        }
        self.minor = self._minor_words()

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

    def _phrase(self, name: Name) -> Phrase:
        words = words_of(name.text)
        if name.kind.is_school:
            weights, own = self._school_weights(name.region, name.text)
        else:
            weights, own = self._name_weights(words), frozenset[str]()
        return Phrase(name, words, weights, own)

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
        for word in words_of(BRACKETS.sub(" ", text)):
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
        for word in words_of(" ".join(BRACKETS.findall(text))):
            if word not in FILLER:
                weights.setdefault(word, _OPTIONAL * self.weight(word))
        return weights, frozenset(own)

    def _minor_words(self) -> frozenset[str]:
        """Give the words that only stand in names which are no region's own."""
        own = {
            word
            for phrase in self.phrases
            if phrase.name.region != ELSEWHERE
            and phrase.name.kind not in (Evidence.DERIVED, Evidence.IMPORTED)
            for word in phrase.weights
        }
        return frozenset(self.by_word.keys() - own)

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


def _regions_with(names: list[Name]) -> Counter[str]:
    """Count the regions per word; a province says too little to make its name a common word."""
    return Counter(
        word
        for _, word in {
            (name.region, word)
            for name in names
            if name.kind is not Evidence.PROVINCE
            for word in words_of(name.text)
        }
    )
