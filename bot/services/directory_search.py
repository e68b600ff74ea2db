"""Finds the region and the school that a teacher means, and says nothing when none fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.directory import Match, Region
from bot.services.directory_index import DirectoryIndex, Evidence, Phrase, is_strong
from bot.services.directory_reading import Asked, QuestionReader
from bot.services.directory_words import words_of

_LONGEST = 1000  # letters; nobody names a school in more
_LOWEST_SCORE = 40.0
_LOWEST_SHARE = 0.55  # of the best score: weaker regions are noise beside it
_AMBIGUOUS_SHARE = 0.85
_FIT = 0.55  # the share of a name that has to be there
_OWN_FIT = 0.45  # the share of a school's own words that has to be there
_ELSEWHERE = 0.8  # when the question surely names a place, and it is not in the region
_SURE = 0.85
_PROOF_ALONE = 0.45  # what a name counts in a question that says much more


@dataclass(frozen=True)
class _Hit:
    """A word of a phrase that was asked for: by which word of the question, and how surely."""

    asked: int
    fit: float


@dataclass
class _Finding:
    """What speaks for one region: the proofs by kind, and how well each asked word is explained."""

    proofs: dict[Evidence, float] = field(default_factory=lambda: defaultdict(float))
    explained: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    schools: list[tuple[float, frozenset[int], str]] = field(default_factory=list)

    def add(self, phrase: Phrase, share: float, hits: dict[str, _Hit]) -> None:
        self.proofs[phrase.kind] = max(self.proofs[phrase.kind], phrase.kind.proves * share)
        for hit in hits.values():
            self.explained[hit.asked] = max(self.explained[hit.asked], hit.fit)
        if phrase.kind is Evidence.SCHOOL:
            by = frozenset(hit.asked for hit in hits.values())
            self.schools.append((round(share, 3), by, phrase.text))

    def score(self, asked: list[Asked], placed: set[int]) -> float:
        total = sum(one.weight for one in asked)
        share = sum(asked[i].weight * fit for i, fit in self.explained.items()) / total
        proof = max(self.proofs.values()) * (1.0 if placed <= self.explained.keys() else _ELSEWHERE)
        return round(100 * proof * (_PROOF_ALONE + (1 - _PROOF_ALONE) * share), 1)

    def school(self) -> str | None:
        """Give the best school, but none where the words fit another one as well."""
        if not self.schools:
            return None
        share, by, name = max(self.schools, key=lambda school: school[0])
        others = [school for school in self.schools if school[2] != name]
        is_tie = any(other_share == share for other_share, _, _ in others)
        is_branch = share < 1 and any(other_by == by for _, other_by, _ in others)
        return None if is_tie or is_branch else name


class DirectorySearch:
    """Searches the directory; the index is built once, and a search changes nothing."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self.regions = tuple(regions)
        self._by_id = {region.id: region for region in self.regions}
        self._index = DirectoryIndex(self.regions)
        self._reader = QuestionReader(self._index)

    def find(self, text: str, limit: int = 3) -> list[Match]:
        """Give the regions that fit, best first; an empty list when nothing truly fits."""
        words = words_of(text)
        if sum(map(len, words)) > _LONGEST:
            return []
        asked = self._reader.read(words)
        findings, placed = self._weigh(asked)
        ranked = sorted(
            (
                (finding.score(asked, placed), sum(finding.proofs.values()), -number, finding)
                for number, finding in findings.items()
            ),
            key=lambda entry: entry[:3],
            reverse=True,
        )
        lowest = max(_LOWEST_SCORE, _LOWEST_SHARE * ranked[0][0]) if ranked else _LOWEST_SCORE
        return [
            Match(self.regions[-negative], finding.school(), score)
            for score, _, negative, finding in ranked[:limit]
            if score >= lowest
        ]

    def is_ambiguous(self, matches: Sequence[Match]) -> bool:
        """Tell whether the second region fits nearly as well as the first, so that we must ask."""
        return len(matches) > 1 and matches[1].score >= _AMBIGUOUS_SHARE * matches[0].score

    def region(self, region_id: str) -> Region | None:
        """Give the region with this id."""
        return self._by_id.get(region_id)

    def provinces(self) -> list[str]:
        """Give the provinces that have regions, in the order of the directory."""
        return list(dict.fromkeys(name for region in self.regions for name in region.provinces))

    def in_province(self, name: str) -> list[Region]:
        """Give the regions that lie in this province, wholly or partly."""
        wanted = words_of(name)
        return [
            region
            for region in self.regions
            if any(words_of(province) == wanted for province in region.provinces)
        ]

    def _weigh(self, asked: list[Asked]) -> tuple[dict[int, _Finding], set[int]]:
        """Gather what speaks for each region, by its number, and which asked words are a place."""
        findings: dict[int, _Finding] = defaultdict(_Finding)
        placed: set[int] = set()
        for number, hits in sorted(self._hits(asked).items()):
            phrase = self._index.phrases[number]
            share = sum(phrase.weights[word] * hit.fit for word, hit in hits.items()) / phrase.total
            if _fits(phrase, share, hits, asked):
                findings[phrase.region].add(phrase, share, hits)
            if phrase.kind in (Evidence.PLACE, Evidence.NAME) and share >= _SURE:
                placed |= {hit.asked for hit in hits.values()}
        return findings, placed

    def _hits(self, asked: list[Asked]) -> dict[int, dict[str, _Hit]]:
        hits: dict[int, dict[str, _Hit]] = defaultdict(dict)
        for i, one in enumerate(asked):
            for word, fit in one.fits.items():
                for number in self._index.by_word[word]:
                    if word not in hits[number] or fit > hits[number][word].fit:
                        hits[number][word] = _Hit(i, fit)
        return hits


def match_to_dict(match: Match) -> dict[str, str | float | None]:
    """Give the JSON object that `regions find` prints."""
    return {
        "region": match.region.name,
        "id": match.region.id,
        "province": ", ".join(match.region.provinces),
        "school": match.school,
        "score": match.score,
        "source": match.region.sources[0] if match.region.sources else None,
    }


def _fits(phrase: Phrase, share: float, hits: dict[str, _Hit], asked: list[Asked]) -> bool:
    """Tell whether enough of a name is there, so that it is no guess."""
    if phrase.kind is Evidence.SCHOOL:
        return _fits_school(phrase, hits, asked)
    if not any(map(is_strong, hits)):
        return len(hits) == len(phrase.weights) > 1
    return share >= _FIT


def _fits_school(phrase: Phrase, hits: dict[str, _Hit], asked: list[Asked]) -> bool:
    if phrase.own:
        whole = sum(phrase.weights[word] for word in phrase.own)
        found = sum(phrase.weights[word] * hits[word].fit for word in phrase.own & hits.keys())
        return found >= _OWN_FIT * whole
    # Nothing but a place and a kind of school: "een college in Haarlem" is no Haarlem College.
    places = [asked[hit.asked].at for hit in hits.values()]
    is_together = max(places) - min(places) < len(phrase.words)
    return len(hits) == len(phrase.weights) and (len(hits) > 2 or is_together)
