"""Answers "welke regio hoort bij mijn school" outside a plan."""

from __future__ import annotations

from bot.domain.escalation import Pick
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.asking import Asker
from bot.services.directory_search import DirectorySearch
from bot.services.turns import Work
from bot.texts import conversation as words
from bot.texts import escalation as route_words


class RegionFinder:
    """The use cases around the directory."""

    def __init__(self, directory: DirectorySearch, asker: Asker) -> None:
        """Search in `directory`."""
        self._directory = directory
        self._asker = asker

    async def find(self, work: Work) -> list[Reply]:
        """Tell about a picked region, or search with what was typed; else ask for a school."""
        pick = Pick.decode(work.turn.value)
        region = self._directory.region(pick.region_id) if pick else None
        if pick and region:
            return await self._asker.again(work, first=route_words.region_text(region, pick.school))
        matches = self._directory.find(work.turn.text) if not work.turn.pressed else []
        if len(matches) == 1:
            told = route_words.region_text(matches[0].region, matches[0].school)
            return await self._asker.again(work, first=told)
        if matches:
            choices = tuple(
                Choice(
                    route_words.candidate_label(match.region, match.school),
                    "pick_region",
                    Pick(match.region.id, match.school).encode(),
                )
                for match in matches
            )
            return self._prompt(work, words.REGIONS_FOUND, *choices)
        if work.turn.open.kind is OpenKind.FIND_REGION:
            await work.uow.gaps.add("school", work.turn.text, work.now)
            text = words.REGION_NOT_FOUND.format(page=route_words.MAP_PAGE)
            return await self._asker.again(work, first=text)
        return self._prompt(work, words.FIND_REGION_PROMPT)

    async def contact(self, work: Work) -> list[Reply]:
        """Tell where the programme manager's contact stands, and offer to find the region."""
        return self._prompt(work, words.CONTACT_OF_REGION)

    def _prompt(self, work: Work, text: str, *choices: Choice) -> list[Reply]:
        work.open(OpenKind.FIND_REGION)
        return [Reply(text, choices)]
