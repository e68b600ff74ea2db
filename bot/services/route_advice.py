"""Tells, when the moment is there, the region, the one next step, and offers to ask for support."""

from __future__ import annotations

from bot.domain.directory import Match
from bot.domain.escalation import REGION_STEPS, Pick, advise, picked, situation
from bot.domain.plan import CONFIRM, Answer, Plan
from bot.domain.plan_questions import Part, QuestionSet
from bot.domain.turn import Reply
from bot.services.asking import SEARCHED
from bot.services.directory_search import DirectorySearch
from bot.services.management_asking import offer_support
from bot.services.turns import Work
from bot.texts import escalation as words
from bot.texts.directory import match_text

#: After these answers the management has still to be asked.
_NOT_DECIDED = ("not_yet", "discussed")


class RouteAdviser:
    """What the route adds to the conversation after an answer."""

    def __init__(self, directory: DirectorySearch) -> None:
        """Name regions from `directory`."""
        self._directory = directory

    async def after(
        self, work: Work, before: Plan, after: Plan, given: Answer | None = None
    ) -> tuple[str, list[Reply]]:
        """Give the words before the next question, and messages of their own before those."""
        questions = await work.uow.questions.get(after.questions_version)
        said = []
        if given and given.step in REGION_STEPS:
            said += self._about_region(after, given)
        if _leaves_route(questions, before, after):
            if picked(after.answers) is None:
                if school := after.text("school"):
                    await work.uow.gaps.add("school", school, work.now)
                said.append(words.NO_REGION_YET)
                said += [words.SCHOOL_IS_NOTED] if after.text("school") else []
            said.append(words.advice_text(advise(situation(after.answers))))
        separate = []
        if given and given.step == "management" and given.value in _NOT_DECIDED:
            separate.append(offer_support(after))
        return "\n\n".join(said), separate

    def _about_region(self, plan: Plan, given: Answer) -> list[str]:
        pick = Pick.decode(given.value)
        region = self._directory.region_of(pick)
        if not pick or not region:
            return []
        searched = plan.text(SEARCHED[given.step]) or ""
        found = [match for match in self._directory.find(searched) if match.region == region]
        is_derived = any(match.is_derived for match in found) and not pick.school
        match = Match(region, pick.school, 100.0, is_derived=is_derived)
        return [match_text(match)]


def _leaves_route(questions: QuestionSet, before: Plan, after: Plan) -> bool:
    def is_route(step: str) -> bool:
        return step != CONFIRM and questions[step].part is Part.ROUTE

    return is_route(before.open_step) and not is_route(after.open_step)
