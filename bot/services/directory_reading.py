"""Reads a question to the directory: which words of it may be which words of the directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.services.directory_index import DirectoryIndex, is_strong
from bot.services.directory_words import EVERYDAY, FILLER, LINKS, by_ear, is_name_here

_EVERYDAY_FIT = 0.35  # what an everyday word counts where it is no name
_HEARD = 0.4  # slips that another spelling of the same sound counts for
_SLIP_COST = 1.5
_MOST_SLIPS = 3
_STEM = 7  # letters; so long a beginning stands for an area: "steenwijk", "Steenwijkerland"
_AREAS = ("land", "regio", "streek")
_STEM_FIT = 0.85


@dataclass
class Asked:
    """A word of the question: where it stands, its weight, and how well it fits known words."""

    word: str
    at: int
    weight: float
    fits: dict[str, float]

    @property
    def is_surely_a_name(self) -> bool:
        """Tell whether the word fits a name that is no everyday word."""
        return any(is_strong(word) and word not in EVERYDAY for word in self.fits)


class QuestionReader:
    """Recognises the words of one index in questions, also when they are written otherwise."""

    def __init__(self, index: DirectoryIndex) -> None:
        self._index = index
        self._spellings = sorted({*index.by_word, *index.written_together} - FILLER)
        self._sounds = [by_ear(spelling) for spelling in self._spellings]

    def read(self, words: tuple[str, ...]) -> list[Asked]:
        """Give each word that carries weight once, with the known words that it may be."""
        asked: dict[str, Asked] = {}
        for at, word in self._respaced(words):
            if word not in FILLER and word not in asked:
                asked[word] = self._recognise(word, at)
        names_at = {one.at for one in asked.values() if one.is_surely_a_name}
        for one in asked.values():
            if not ({one.at - 1, one.at + 1} & names_at or self._is_name(words, one.at)):
                for word in EVERYDAY & one.fits.keys():
                    one.fits[word] *= _EVERYDAY_FIT
        return list(asked.values())

    def _is_name(self, words: tuple[str, ...], at: int) -> bool:
        """Tell whether a word is used as a name: "techniek loket", "in Houten", not "best wel"."""
        around = pairwise(words[max(at - 1, 0) : at + 2])
        return is_name_here(words, at) or any(
            pair in self._index.neighbours and not LINKS & set(pair) for pair in around
        )

    def _respaced(self, words: tuple[str, ...]) -> Iterator[tuple[int, str]]:
        """Join what was typed apart ("food valley"), part what was typed as one ("terapel")."""
        known, together = self._index.by_word, self._index.written_together
        numbered = iter(range(len(words)))
        for at in numbered:
            pair = words[at : at + 2]
            if len(pair) == 2 and "".join(pair) in known and not set(pair) <= known.keys():
                yield at, "".join(pair)
                next(numbered)
            elif words[at] in known:
                yield at, words[at]
            else:
                yield from ((at, part) for part in together.get(words[at], (words[at],)))

    def _recognise(self, word: str, at: int) -> Asked:
        index = self._index
        if word in index.by_word:
            return Asked(word, at, index.weight(word), {word: 1.0})
        if not is_strong(word):
            return Asked(word, at, index.weight(word), {})
        fits: dict[str, float] = {}
        for spelling, fit in self._alike(word):
            for part in index.written_together.get(spelling, (spelling,)):
                if part not in FILLER:
                    fits[part] = max(fit, fits.get(part, 0.0))
        weight = max(map(index.weight, fits), default=index.unknown_weight)
        return Asked(word, at, weight, fits)

    def _alike(self, word: str) -> Iterator[tuple[str, float]]:
        """Give the known words that this one may be a slip of, with how sure that is."""
        if len(word) < 3:
            return
        sound = by_ear(word)
        for place, slips in sorted(self._slips(word, sound).items()):
            spelling = self._spellings[place]
            shortest, longest = sorted((len(word), len(spelling)))
            starts_alike = sound[0] == self._sounds[place][0]
            is_likely = starts_alike or (shortest >= 8 and slips <= 1)
            if is_likely and slips <= _allowed(shortest, longest):
                yield spelling, 1 - _SLIP_COST * slips / longest
        if len(word) >= _STEM:
            for known in self._index.by_word:
                if known.startswith(word) and known.endswith(_AREAS):
                    yield known, _STEM_FIT

    def _slips(self, word: str, sound: str) -> dict[int, float]:
        """Count the slips between the word and each spelling that is near, by eye or by ear."""
        slips: dict[int, float] = {}
        for key, choices, extra in (
            (word, self._spellings, 0.0),
            (sound, self._sounds, _HEARD),
        ):
            for _, distance, place in process.extract(
                key, choices, scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=None
            ):
                slips[place] = min(distance + extra, slips.get(place, _MOST_SLIPS + 1.0))
        return slips


def _allowed(shortest: int, longest: int) -> float:
    """How many slips two words of these lengths may differ."""
    if longest <= 4:
        return _HEARD
    if shortest <= 7:
        return 1.0
    return 2.0 if shortest <= 10 else 3.0
