"""Reads a question to the directory: which words of it may be which words of the directory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.services.directory_index import DirectoryIndex
from bot.services.directory_words import EVERYDAY, FILLER, LINKS, by_ear, is_name_here, is_strong

_EVERYDAY_FIT = 0.35  # what counts a word that is no name here: an everyday one, a far slip
_HEARD = 0.4  # slips that another spelling of the same sound counts for
_SLIP_COST = 1.5
_MOST_SLIPS = 3
_SHORT = 4  # words; who types more tells something, in which common words look like names
_LONG = 9  # letters; so long a word is seldom like a name by chance
_TELLING = 5  # letters; what is shorter is more often a common word
_SURE_FIT = 0.8
_CODE = re.compile(r"\d\d[a-z]{2}(\d\d)?")
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
        return any(
            is_strong(word)
            and word not in EVERYDAY
            and (fit > _SURE_FIT or len(self.word) >= _LONG)
            for word, fit in self.fits.items()
        )


class QuestionReader:
    """Recognises the words of one index in questions, also when they are written otherwise."""

    def __init__(self, index: DirectoryIndex) -> None:
        self._index = index
        known = {*index.by_word, *index.written_together} - FILLER
        # The code of one school is no slip of another's.
        self._spellings = sorted(word for word in known if not _CODE.fullmatch(word))
        self._sounds = [by_ear(spelling) for spelling in self._spellings]

    def read(self, words: tuple[str, ...]) -> list[Asked]:
        """Give each word that carries weight once, with the known words that it may be."""
        asked: dict[str, Asked] = {}
        for at, word in self._respaced(words):
            if word not in FILLER and word not in asked:
                asked[word] = self._recognise(word, at)
        names_at = {one.at for one in asked.values() if one.is_surely_a_name}
        is_told = len(words) > _SHORT
        # What is left when all common words are away is what was asked for.
        is_alone = sum(is_strong(one.word) for one in asked.values()) == 1
        for one in asked.values():
            if not ({one.at - 1, one.at + 1} & names_at or self._is_name(words, one.at)):
                for word in self._doubtful(one, is_told=is_told, is_alone=is_alone):
                    one.fits[word] *= _EVERYDAY_FIT
        return list(asked.values())

    def _doubtful(self, one: Asked, *, is_told: bool, is_alone: bool) -> set[str]:
        """Give what a word may be only where it is used as a name; most so in what is told."""
        known = one.word in self._index.by_word or one.word in self._index.written_together
        if known or (is_alone and len(one.word) >= _TELLING):
            return set(EVERYDAY & one.fits.keys())
        is_common = is_told and len(one.word) < _LONG
        return {word for word in one.fits if is_common or word in EVERYDAY or self._is_minor(word)}

    def _is_minor(self, spelling: str) -> bool:
        parts = self._index.written_together.get(spelling, (spelling,))
        return self._index.minor.issuperset(parts)

    def _is_name(self, words: tuple[str, ...], at: int) -> bool:
        """Tell whether a word is used as a name: "techniek loket", "in Houten", not "best wel"."""
        before = next((word for word in reversed(words[:at]) if word not in LINKS), "")
        after = next((word for word in words[at + 1 :] if word not in LINKS), "")
        around = {(before, words[at]), (words[at], after)}
        return is_name_here(words, at) or not self._index.near.isdisjoint(around)

    def _respaced(self, words: tuple[str, ...]) -> Iterator[tuple[int, str]]:
        """Join what was typed apart ("food valley"), part what was typed as one ("terapel")."""
        known, together = self._index.by_word, self._index.written_together
        numbered = iter(range(len(words)))
        for at in numbered:
            pair = words[at : at + 2]
            is_apart = len(pair) == 2 and not set(pair) <= known.keys() and not FILLER & set(pair)
            if is_apart and "".join(pair) in known:
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
        near = list(self._near(word))
        major = min((slips for _, slips, is_minor in near if not is_minor), default=_MOST_SLIPS)
        for spelling, slips, is_minor in near:
            # A name that few people mean has to be nearer than one that many do.
            if not is_minor or slips < major:
                yield spelling, 1 - _SLIP_COST * slips / max(len(word), len(spelling))
        if len(word) >= _STEM:
            for known in self._index.by_word:
                if known.startswith(word) and known.endswith(_AREAS):
                    yield known, _STEM_FIT

    def _near(self, word: str) -> Iterator[tuple[str, float, bool]]:
        """Give the spellings that may be meant, with their slips and whether few people mean it."""
        sound = by_ear(word)
        for place, slips in sorted(self._slips(word, sound).items()):
            spelling = self._spellings[place]
            is_minor = self._is_minor(spelling)
            shortest, longest = sorted((len(word), len(spelling)))
            starts_alike = sound[0] == self._sounds[place][0]
            is_likely = starts_alike or (shortest >= 8 and slips <= 1)
            allowed = _allowed(shortest, longest, is_minor=is_minor)
            if spelling in self._index.written_together:
                allowed = min(allowed, 1.0)
            if is_likely and slips <= allowed:
                yield spelling, slips, is_minor

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


def _allowed(shortest: int, longest: int, *, is_minor: bool) -> float:
    """How many slips two words of these lengths may differ; few for a name that few people mean."""
    if longest <= 4 or (is_minor and shortest <= 5):
        return _HEARD
    if shortest <= (8 if is_minor else 7):
        return 1.0
    return 2.0 if shortest <= (12 if is_minor else 10) else 3.0
