"""Stores a new version of a plan that was handed over: one answer is another, or stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bot.domain.errors import NotAllowedError
from bot.domain.plan import CONFIRM, Answer, Plan
from bot.domain.plan_states import Action, next_status
from bot.domain.roles import Role
from bot.services.teacher_acts import Act, TeacherActs
from bot.services.turns import Work
from bot.texts import revision as words
from bot.texts.review import contact_name


class NewVersions:
    """Makes versions; who asked and who has the plan hear of each."""

    def __init__(self, acts: TeacherActs) -> None:
        """Store and tell by `acts`."""
        self._acts = acts

    async def store(self, work: Work, plan: Plan, given: Answer | None) -> None:
        """Store the open answer as it is `given`; None leaves it, which is an answer too.

        Raises NotAllowedError when no answer is open.
        """
        step = plan.open_step
        status = next_status(plan.status, Action.REVISE, Role.TEACHER)
        review = await work.uow.reviews.get(plan.id)
        if review is None:
            raise NotAllowedError
        answers = {**plan.answers, step: given} if given else dict(plan.answers)
        after = replace(plan, answers=MappingProxyType(answers), open_step=CONFIRM, status=status)
        review = replace(review, version=review.version + 1)
        stored = await work.uow.plans.summary(plan.id) or {}
        summary = _with_answer(stored, step, after.text(step))
        await work.uow.reviews.add_version(plan.id, review.version, summary, work.now)
        text = (given.text or "") if given else words.REMARK_STAYS
        act = Act(Action.REVISE, step, text, {"old": plan.text(step), "kept": given is None})
        await self._acts.store(work, plan, after, review, act)

    async def reader(self, work: Work, plan: Plan) -> str:
        """Name, as it stands within a sentence, who asked and reads the new version."""
        review = await work.uow.reviews.get(plan.id)
        if review is None:
            raise NotAllowedError
        return contact_name(await self._acts.who_asked(work, plan, review, Action.REVISE))


def _with_answer(summary: Mapping[str, Any], step: str, text: str | None) -> dict[str, Any]:
    """Give a summary in which one answer is another; all the rest stays as it was handed over."""
    changed = dict(summary)
    for part in ("idea", "answers"):
        changed[part] = [
            {**answer, "text": text} if answer["key"] == step else answer
            for answer in summary.get(part, ())
        ]
    word = summary.get("management")
    if word and step == "idee" and changed["idea"] != list(summary.get("idea", ())):
        changed["management"] = {**word, "is_overtaken": True}
    return changed
