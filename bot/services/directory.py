"""Answers "welke regio hoort bij mijn school" outside a plan."""

from __future__ import annotations

from bot.domain.directory import Match
from bot.domain.escalation import Pick, picked
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.asking import Asker, joined
from bot.services.directory_search import DirectorySearch
from bot.services.doubt import was_answer
from bot.services.turns import Work
from bot.texts import conversation as words
from bot.texts import directory as directory_words
from bot.texts import escalation as route_words

#: Stands before the value of a picked region that only a derived place led to.
_DERIVED = "derived:"


class RegionFinder:
    """The use cases around the directory."""

    def __init__(self, directory: DirectorySearch, asker: Asker) -> None:
        """Search in `directory`."""
        self._directory = directory
        self._asker = asker

    async def find(self, work: Work, *, first: str = "") -> list[Reply]:
        """Tell about a picked region, or search with what was typed; else ask for a school.

        A region is named at once only when it surely is the one; what else may be meant is offered.
        The words `first` stand before the question for a school, when none was named.
        """
        if told := self._picked(work.turn.value):
            return await self._asker.again(work, first=told)
        matches = self._directory.find(work.turn.text) if not work.turn.pressed else []
        if self._directory.is_sure(matches):
            told = directory_words.match_text(matches[0])
            return await self._asker.again(work, first=told, before=_choices(matches[1:]))
        if matches:
            return self._prompt(work, words.REGIONS_FOUND, *_choices(matches))
        if work.turn.open.kind is OpenKind.FIND_REGION:
            await work.uow.gaps.add("school", work.turn.text, work.now)
            text = words.REGION_NOT_FOUND.format(page=route_words.MAP_PAGE)
            answer = await was_answer(work)
            return await self._asker.again(work, first=text, before=answer)
        plan = await work.plan_in_hand()
        pick = picked(plan.answers) if plan else None
        own = self._directory.region_of(pick)
        if own and pick:
            # Who has a plan with a region asks about that one.
            return await self._asker.again(work, first=route_words.region_text(own, pick.school))
        return self._prompt(work, joined(first, words.FIND_REGION_PROMPT))

    async def contact(self, work: Work) -> list[Reply]:
        """Tell where the programme manager's contact stands, and offer to find the region."""
        return self._prompt(work, words.CONTACT_OF_REGION)

    def _picked(self, value: str | None) -> str | None:
        value = value or ""
        pick = Pick.decode(value.removeprefix(_DERIVED))
        region = self._directory.region_of(pick)
        if not pick or not region:
            return None
        is_derived = value.startswith(_DERIVED)
        return directory_words.match_text(Match(region, pick.school, 100.0, is_derived=is_derived))

    def _prompt(self, work: Work, text: str, *choices: Choice) -> list[Reply]:
        work.open(OpenKind.FIND_REGION)
        return [Reply(text, choices)]


def _choices(matches: list[Match]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            directory_words.match_label(match),
            "pick_region",
            _DERIVED * match.is_derived + Pick(match.region.id, match.school).encode(),
        )
        for match in matches
    )
