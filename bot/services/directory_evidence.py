"""Weighs what the words of a question prove for each region."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from bot.domain.directory import Basis, School
from bot.services.directory_index import DirectoryIndex, Phrase
from bot.services.directory_names import Evidence, Name
from bot.services.directory_reading import Asked
from bot.services.directory_words import is_strong

_FIT = 0.55  # the share of a name that has to be there
_OWN_FIT = 0.45  # the share of a school's own words that has to be there
_ELSEWHERE = 0.8  # when the question surely names a place, and it is not in the region
_ONLY_NEAR = 0.4  # the same, when no more than a province or half a name speaks for the region
_PART_OF_LONGER = 0.7  # when its words are part of a longer name that stands there whole
_SURE = 0.85
_PROOF_ALONE = 0.45  # what a name counts in a question that says much more


@dataclass(frozen=True)
class Hit:
    """A word of a phrase that was asked for: by which word of the question, and how surely."""

    asked: int
    fit: float


@dataclass
class Finding:
    """What speaks for one region: the proofs by kind, and how well each asked word is explained."""

    proofs: dict[Evidence, float] = field(default_factory=lambda: defaultdict(float))
    explained: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    schools: list[tuple[float, frozenset[int], Name]] = field(default_factory=list)
    score: float = 0.0
    placed: frozenset[int] = frozenset()

    def add(self, phrase: Phrase, share: float, hits: dict[str, Hit]) -> None:
        """Take a phrase as proof."""
        kind = phrase.name.kind
        self.proofs[kind] = max(self.proofs[kind], kind.proves * share)
        for hit in hits.values():
            self.explained[hit.asked] = max(self.explained[hit.asked], hit.fit)
        if kind.is_school:
            self.schools.append((round(share, 3), _asked(hits), phrase.name))

    def rate(self, asked: list[Asked], placed: set[int]) -> None:
        """Work the score out; `placed` are the asked words that surely name a place."""
        self.placed = frozenset(placed)
        total = sum(one.weight for one in asked)
        share = sum(asked[i].weight * fit for i, fit in self.explained.items()) / total
        proof = max(self.proofs.values())
        if not placed <= self.explained.keys():
            is_near = placed & self.explained.keys() or self.schools
            proof *= _ELSEWHERE if is_near else _ONLY_NEAR
        self.score = round(100 * proof * (_PROOF_ALONE + (1 - _PROOF_ALONE) * share), 1)

    def school(self) -> tuple[str | None, School | None]:
        """Give the known participant that is meant, or else the imported school.

        Neither where the words fit another one as well. An imported school goes before a
        participant whose name is only a part of what was asked: it may be another branch.
        """
        participant, by = self._best(Evidence.SCHOOL)
        imported, more = self._best(Evidence.IMPORTED)
        if isinstance(participant, str) and not (imported and by < more):
            return participant, None
        return None, imported if isinstance(imported, School) else None

    def is_derived(self, found: School | None) -> bool:
        """Tell whether only a place that we derived ourselves led here."""
        imported = self.proofs[Evidence.IMPORTED] if found else 0.0
        is_told = found is not None and found.basis is not Basis.DERIVED_PLACE
        derived = max(self.proofs[Evidence.DERIVED], 0.0 if is_told else imported)
        others = {kind for kind in Evidence if kind not in (Evidence.DERIVED, Evidence.IMPORTED)}
        told = max(*(self.proofs[kind] for kind in others), imported if is_told else 0.0)
        return derived > told

    def _best(self, kind: Evidence) -> tuple[School | str | None, frozenset[int]]:
        """Give the one school that fits best, and by which asked words that name no place."""
        schools = [school for school in self.schools if school[2].kind is kind]
        if not schools:
            return None, frozenset()
        share, by, best = max(schools, key=lambda school: school[0])
        others = [school for school in schools if _who(school[2]) != _who(best)]
        is_tie = any(other_share == share for other_share, _, _ in others)
        is_branch = share < 1 and any(other_by == by for _, other_by, _ in others)
        return (None if is_tie or is_branch else best.bearer), by - self.placed


def _who(name: Name) -> tuple[str, str] | str | None:
    """Tell one school from another; the same school may stand in two lists."""
    bearer = name.bearer
    return (bearer.name, bearer.place) if isinstance(bearer, School) else bearer


def weigh(index: DirectoryIndex, asked: list[Asked]) -> dict[int, Finding]:
    """Gather and rate what speaks for each region, by its number."""
    findings: dict[int, Finding] = defaultdict(Finding)
    placed: set[int] = set()
    candidates = []
    for number, hits in sorted(_hits(index, asked).items()):
        phrase = index.phrases[number]
        share = sum(phrase.weights[word] * hit.fit for word, hit in hits.items()) / phrase.total
        candidates.append((phrase, share, hits))
        if phrase.name.kind.is_place and share >= _SURE:
            placed |= {hit.asked for hit in hits.values()}
    covers = [_asked(hits) for phrase, _, hits in candidates if _covers(phrase, hits, asked)]
    for phrase, share, hits in candidates:
        if _fits(phrase, share, hits, asked):
            part = _PART_OF_LONGER if _is_covered(phrase, hits, covers) else 1.0
            findings[phrase.name.region].add(phrase, part * share, hits)
    for finding in findings.values():
        finding.rate(asked, placed)
    return findings


def _asked(hits: dict[str, Hit]) -> frozenset[int]:
    return frozenset(hit.asked for hit in hits.values())


def _covers(phrase: Phrase, hits: dict[str, Hit], asked: list[Asked]) -> bool:
    """Tell whether a name of several words stands whole and together: "Nieuw-Amsterdam"."""
    if not phrase.name.kind.is_place or len(phrase.weights) < 2 or len(hits) < len(phrase.weights):
        return False
    at = [asked[hits[word].asked].at for word in phrase.weights]
    return at == sorted(at) and at[-1] - at[0] < len(phrase.words)


def _is_covered(phrase: Phrase, hits: dict[str, Hit], covers: list[frozenset[int]]) -> bool:
    """Tell whether the words belong to a longer name: "Amsterdam" in "Nieuw-Amsterdam"."""
    if phrase.name.kind.is_school:
        return False
    is_whole = len(hits) == len(phrase.weights)
    mine = _asked(hits)
    return any(mine < cover or (mine == cover and not is_whole) for cover in covers)


def _hits(index: DirectoryIndex, asked: list[Asked]) -> dict[int, dict[str, Hit]]:
    hits: dict[int, dict[str, Hit]] = defaultdict(dict)
    for i, one in enumerate(asked):
        for word, fit in one.fits.items():
            for number in index.by_word[word]:
                if word not in hits[number] or fit > hits[number][word].fit:
                    hits[number][word] = Hit(i, fit)
    return hits


def _fits(phrase: Phrase, share: float, hits: dict[str, Hit], asked: list[Asked]) -> bool:
    """Tell whether enough of a name is there, so that it is no guess."""
    if phrase.name.kind.is_school:
        return _fits_school(phrase, hits, asked)
    if not any(map(is_strong, hits)):
        return len(hits) == len(phrase.weights) > 1
    return share >= _FIT


def _fits_school(phrase: Phrase, hits: dict[str, Hit], asked: list[Asked]) -> bool:
    if phrase.own:
        whole = sum(phrase.weights[word] for word in phrase.own)
        found = sum(phrase.weights[word] * hits[word].fit for word in phrase.own & hits.keys())
        return found >= _OWN_FIT * whole
    # Nothing but a place and a kind of school: "een college in Haarlem" is no Haarlem College.
    places = [asked[hit.asked].at for hit in hits.values()]
    is_together = max(places) - min(places) < len(phrase.words)
    return len(hits) == len(phrase.weights) and (len(hits) > 2 or is_together)
