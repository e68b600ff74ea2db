"""Puts right what was taken the wrong way in a plan: a question as an answer, or the reverse."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import plan_intake
from bot.domain.turn import Open, OpenKind, Reply
from bot.services.answer_intake import AnswerIntake
from bot.services.asking import Asker
from bot.services.doubt import Doubt
from bot.services.faq import Faq
from bot.services.revision import Revision
from bot.services.turns import Work
from bot.texts import faq as words
from bot.texts import plan_intake as plan_words


class SecondThoughts:
    """The use cases behind "Dit was een vraag" and "Dit was mijn antwoord"."""

    def __init__(self, asker: Asker, answers: AnswerIntake, faq: Faq, revision: Revision) -> None:
        """Store with `answers`, or `revision` what was handed over; answer with `faq`."""
        self._asker = asker
        self._answers = answers
        self._faq = faq
        self._revision = revision

    async def was_answer(self, work: Work) -> list[Reply]:
        """Store, as the answer to the open question, what was taken for something else."""
        row = await work.uow.inbox.get(int(work.turn.value or work.turn.id))
        is_own = row.conversation_id == work.turn.conversation_id and bool(row.text)
        plan = await work.uow.plans.get(row.open.plan_id) if is_own and row.open.plan_id else None
        if not plan or (plan.is_at_answer and plan.open_step != row.open.step):
            return await self._asker.again(work, first=plan_words.EXPIRED)
        if not plan.is_open:
            return await self._revision.propose(work, plan, row.id, row.text)
        work.open(OpenKind.PLAN, plan.id)
        work.turn = replace(
            work.turn,
            text=row.text,
            source=row.source,
            pressed=None,
            suggestions=(),
            open=Open(OpenKind.PLAN, plan.id, plan.open_step),
        )
        return await self._answers.answer(work, row.id)

    async def was_question(self, work: Work) -> list[Reply]:
        """Take an answer back, answer the question that it was, and ask the same again."""
        doubt = Doubt.read(work.turn.value or f"{work.turn.id}|0|")
        found = await work.uow.plans.answer_of_turn(work.turn.person_id, doubt.turn_id)
        if not found:
            return await self._asker.again(work, first=words.NOTHING_TO_TAKE_BACK)
        plan_id, given, earlier = found
        plan = await work.uow.plans.get(plan_id)
        if not plan.is_open:
            text = plan_words.ALREADY_SENT.format(reference=plan.reference)
            return await self._asker.again(work, first=text)
        questions = await work.uow.questions.get(plan.questions_version)
        if given.step not in plan_intake.road(questions, plan.answers):
            # The route changed since: the step is not asked any more, so it cannot be open again.
            return await self._asker.again(work, first=words.NOTHING_TO_TAKE_BACK)
        before = earlier if doubt.replaced else None
        changed = plan_intake.take_back(plan, questions, given.step, before)
        await work.uow.plans.save(plan, changed, work.turn, work.now)
        work.open(OpenKind.PLAN, plan.id)
        said = words.TAKEN_BACK if before else words.TAKEN_AWAY
        first = said.format(title=questions[given.step].title)
        return await self._faq.offer(work, doubt.suggestions, doubt.turn_id, first=first)
