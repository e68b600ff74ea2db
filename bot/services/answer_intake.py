"""An answer to the open question: read, perhaps held back, stored, and the next one asked."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import plan_intake
from bot.domain.plan import CONFIRM, Answer, Plan, PlanStatus
from bot.domain.turn import OpenKind, Reply
from bot.services.asking import Asker
from bot.services.careful import Careful
from bot.services.doubt import doubt_of
from bot.services.long_answer import begun_before
from bot.services.plan_answers import AnswerReader, Rejected
from bot.services.plan_noting import noted, refused
from bot.services.revision import Revision
from bot.services.route_advice import RouteAdviser
from bot.services.turns import Work
from bot.texts import personal_data as careful_words
from bot.texts import plan_intake as words


class AnswerIntake:
    """The use cases that store an answer."""

    def __init__(
        self, asker: Asker, reader: AnswerReader, adviser: RouteAdviser, revision: Revision
    ) -> None:
        """Read with `reader`; leave to `revision` what was handed over."""
        self._asker = asker
        self._reader = reader
        self._adviser = adviser
        self._revision = revision
        self._careful = Careful(asker)

    async def answer(self, work: Work, row_id: int | None = None) -> list[Reply]:
        """Store the answer to the question that was open when the message came in.

        What seems to hold data about a person is held back first. `row_id` is the message that it
        was typed in, when that is not the one being answered.
        """
        plan = await self._plan(work)
        if plan is None:
            return await self._asker.again(work)
        if not plan.is_open:
            return await self._revision.answer(work, plan)
        if self._careful.is_needed(work.turn.open.step or "", work.turn):
            return await self._careful.warn(work, plan, row_id or work.turn.id)
        await self._careful.forget_held(work)
        return await self._store(work, plan)

    async def keep_as_is(self, work: Work) -> list[Reply]:
        """Store what was held back, word for word, because the teacher wants it so."""
        plan = await self._plan(work)
        row = await self._careful.held(work)
        if plan is None or not plan.is_open or row is None:
            return await self._asker.again(work, first=careful_words.GONE)
        work.turn = replace(work.turn, text=row.text, source=row.source, pressed=None)
        return await self._store(work, plan)

    async def _plan(self, work: Work) -> Plan | None:
        open_ = work.turn.open
        is_answer = open_.kind is OpenKind.PLAN or work.turn.pressed
        if not is_answer or not open_.plan_id or open_.step in (None, CONFIRM):
            return None
        return await work.uow.plans.get(open_.plan_id)

    async def _store(self, work: Work, plan: Plan) -> list[Reply]:
        questions = await work.uow.questions.get(plan.questions_version)
        read = self._reader.read(plan, questions[work.turn.open.step or ""], work.turn)
        if isinstance(read, Rejected):
            return await refused(work, self._asker, read.words)
        changed = plan_intake.record(plan, questions, read)
        await work.uow.plans.save(plan, changed, work.turn, work.now)
        said, separate = await self._adviser.after(work, plan, changed, read)
        first = await noted(work, plan=changed, question=questions[read.step], given=read)
        if not said or not first.startswith(words.NOTED):
            said = "\n\n".join(filter(None, (first, said)))
        after = doubt_of(work, plan, read.step)
        return [*separate, *await self._asker.ask(work, changed, first=said, after=after)]

    async def edit(self, work: Work) -> list[Reply]:
        """Revise the answer that the edited message gave."""
        found = await work.uow.plans.answer_from(work.turn.person_id, work.turn.source or "")
        if not found:
            shown = await self._revision.edited(work)
            return shown or await self._asker.again(work, first=words.EDIT_IS_NO_ANSWER)
        return await self._revise(work, *found, words.EDITED)

    async def go_on(self, work: Work) -> list[Reply]:
        """Add a message to the answer with which it goes on: Telegram's app broke that off."""
        found = await begun_before(work.uow, await work.uow.inbox.get(work.turn.id))
        if not found:
            return await self._asker.again(work)
        plan_id, begun = found
        work.turn = replace(work.turn, text=f"{begun.text}{work.turn.text}")
        return await self._revise(work, plan_id, begun, words.ADDED)

    async def _revise(self, work: Work, plan_id: str, old: Answer, said: str) -> list[Reply]:
        plan = await work.uow.plans.get(plan_id)
        if plan.status is PlanStatus.ASKED and plan.open_step == old.step:
            return await self._revision.edited_before(work, plan)
        if not plan.is_open:
            text = words.EDIT_AFTER_SENDING.format(reference=plan.reference)
            return await self._asker.again(work, first=text)
        questions = await work.uow.questions.get(plan.questions_version)
        question = questions[old.step]
        if self._careful.is_needed(question.key, work.turn):
            return await self._asker.again(work, first=careful_words.not_changed(work.turn.text))
        read = self._reader.read(plan, question, work.turn)
        if isinstance(read, Rejected):
            return await self._asker.again(work, first=read.words)
        changed = plan_intake.record(plan, questions, read)
        await work.uow.plans.save(plan, changed, work.turn, work.now)
        said = said.format(title=question.title)
        if work.conversation.plan_id != plan.id:
            return [Reply(said)]
        if changed.open_step == plan.open_step and work.conversation.open_kind is OpenKind.PLAN:
            return await self._asker.again(work, first=said)
        return await self._asker.ask(work, changed, first=said)
