"""Finds the region and the school that a teacher means, and says nothing when none fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.directory import Match, Region, School
from bot.domain.escalation import Pick
from bot.services.directory_evidence import Finding, weigh
from bot.services.directory_index import DirectoryIndex
from bot.services.directory_names import ELSEWHERE
from bot.services.directory_places import RegionPlaces
from bot.services.directory_reading import QuestionReader
from bot.services.directory_words import words_of

_LONGEST = 1000  # letters; nobody names a school in more
_LOWEST_SCORE = 40.0
_LOWEST_SHARE = 0.55  # of the best score: weaker regions are noise beside it
_AMBIGUOUS_SHARE = 0.85
_SURE_SCORE = 80.0


class DirectorySearch:
    """Searches the directory; a search changes nothing."""

    def __init__(
        self,
        regions: Sequence[Region],
        elsewhere: Iterable[str] = (),
        schools: Iterable[School] = (),
    ) -> None:
        """Find `regions`, also by imported `schools`; places `elsewhere` lie in none of them."""
        self.regions = tuple(regions)
        self._by_id = {region.id: region for region in self.regions}
        self._elsewhere = tuple(elsewhere)
        self.know(schools)

    def know(self, schools: Iterable[School]) -> None:
        """Know these imported schools, and no others, from the next search on.

        A search that runs meanwhile in another thread ends with what it began with.
        """
        self.schools = tuple(schools)
        index = DirectoryIndex(self.regions, self._elsewhere, self.schools)
        self._lookup = (index, QuestionReader(index))

    def find(self, text: str, limit: int = 3) -> list[Match]:
        """Give the regions that fit, best first; an empty list when nothing truly fits."""
        words = words_of(text)
        if sum(map(len, words)) > _LONGEST:
            return []
        index, reader = self._lookup
        findings = weigh(index, reader.read(words))
        ranked = sorted(
            (
                (finding.score, sum(finding.proofs.values()), -number, finding)
                for number, finding in findings.items()
                if number != ELSEWHERE
            ),
            key=lambda entry: entry[:3],
            reverse=True,
        )
        lowest = max(_LOWEST_SCORE, _LOWEST_SHARE * ranked[0][0]) if ranked else _LOWEST_SCORE
        return [
            self._match(-negative, finding)
            for score, _, negative, finding in ranked[:limit]
            if score >= lowest
        ]

    def _match(self, number: int, finding: Finding) -> Match:
        school, found = finding.school()
        return Match(self.regions[number], school, finding.score, found, finding.is_derived(found))

    def is_sure(self, matches: Sequence[Match]) -> bool:
        """Tell whether the first region can be named at once; else we must ask."""
        return bool(matches) and matches[0].score >= _SURE_SCORE and not self.is_ambiguous(matches)

    def is_ambiguous(self, matches: Sequence[Match]) -> bool:
        """Tell whether the second region fits nearly as well as the first."""
        return len(matches) > 1 and matches[1].score >= _AMBIGUOUS_SHARE * matches[0].score

    def places(self) -> RegionPlaces:
        """Give which places lie in which regions, for placing schools."""
        return RegionPlaces(self.regions, self._elsewhere)

    def region(self, region_id: str) -> Region | None:
        """Give the region with this id."""
        return self._by_id.get(region_id)

    def region_of(self, pick: Pick | None) -> Region | None:
        """Give the region that was picked; None without a pick, or when it is no longer here."""
        return self.region(pick.region_id) if pick else None

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
