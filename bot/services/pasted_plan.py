"""A whole plan in one message: divided over the questions as a proposal, stored when confirmed."""

from __future__ import annotations

import uuid
from dataclasses import replace

from bot.domain import plan_intake
from bot.domain.pasted_plan import NO_QUESTION
from bot.domain.plan import Plan
from bot.domain.plan_questions import QuestionSet
from bot.domain.text import folded
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.answer_intake import AnswerIntake
from bot.services.asking import Asker, joined
from bot.services.doubt import was_answer
from bot.services.paste_parts import Paste, Portion, PortionReader, what_stands
from bot.services.plan_answers import AnswerReader
from bot.services.plan_intake import PlanIntake
from bot.services.route_advice import RouteAdviser
from bot.services.second_thoughts import SecondThoughts
from bot.services.turns import Work
from bot.texts import escalation as route_words
from bot.texts import pasted_plan as words
from bot.texts import plan_intake as plan_words
from bot.texts.personal_data import remark as careful_remark

#: The intents of this proposal's buttons begin so.
_OWN = "paste_"
_YES = frozenset(
    {"ja", "ja graag", "ja hoor", "klopt", "ja klopt", "prima", "is goed", "opslaan", "yes"}
)


class PastedPlan:
    """The use cases around a plan that is pasted as one text; nothing is stored unasked."""

    def __init__(
        self,
        questions: QuestionSet,
        asker: Asker,
        reader: AnswerReader,
        adviser: RouteAdviser,
        intake: PlanIntake,
        answers: AnswerIntake,
        thoughts: SecondThoughts,
    ) -> None:
        """Begin new plans with `questions`; read the parts with `reader`."""
        self._questions = questions
        self._asker = asker
        self._reader = PortionReader(reader)
        self._adviser = adviser
        self._intake = intake
        self._answers = answers
        self._thoughts = thoughts

    async def propose(self, work: Work) -> list[Reply]:
        """Show how the text would be divided, and for which plan; store nothing yet."""
        plan = await self._target(work) or self._new(work)
        paste = Paste(work.turn.id, plan.id, plan.text("idee") is not None, "")
        portions = await self._portions(work, plan, paste, work.turn.text)
        if not portions:
            return await self._answers.answer(work)
        return await self._proposal(work, plan, paste, portions)

    async def confirm(self, work: Work) -> list[Reply]:
        """Store each part as the answer to its question, once, and ask what is still open.

        What changed since the proposal is never replaced unseen: then it is proposed again.
        """
        if not work.turn.value:
            return await self._asker.again(work, first=plan_words.EXPIRED)
        paste = Paste.read(work.turn.value)
        row = await work.uow.inbox.get(paste.turn_id)
        if row.conversation_id != work.turn.conversation_id:
            return await self._asker.again(work, first=plan_words.EXPIRED)
        stored = {plan.id: plan for plan in await work.uow.plans.of(work.turn.person_id)}
        plan = stored.get(paste.plan_id) or self._new(work, paste.plan_id)
        if not plan.is_open:
            text = plan_words.ALREADY_SENT.format(reference=plan.reference)
            return await self._asker.again(work, first=text)
        portions = await self._portions(work, plan, paste, row.text)
        if not portions:
            return await self._asker.again(work, first=plan_words.EXPIRED)
        if plan.id in stored and not any(portion.changes(plan) for portion in portions):
            return await self._asker.again(work, first=words.STORED_BEFORE)
        if what_stands(plan, portions) != paste.stood:
            return await self._proposal(work, plan, paste, portions, first=words.CHANGED_MEANWHILE)
        if plan.id not in stored:
            await work.uow.questions.keep(self._questions)
            await work.uow.plans.add(plan)
        return await self._store(work, plan, portions)

    async def choose(self, work: Work) -> list[Reply]:
        """Read words at a proposal: a yes stores it, anything else shows its choices again."""
        shown = [
            choice
            for choice in await work.uow.inbox.last_choices(work.turn.conversation_id)
            if choice.intent.startswith(_OWN)
        ]
        if not shown:
            return await self._intake.choose(work)
        if folded(work.turn.text) in _YES:
            work.turn = replace(work.turn, pressed=shown[0], text="")
            return await self.confirm(work)
        work.open(OpenKind.CHOOSE)
        return [Reply(words.CHOOSE_FIRST, tuple(shown))]

    async def refuse(self, work: Work) -> list[Reply]:
        """Store nothing of it."""
        return await self._asker.again(work, first=words.REFUSED)

    async def was_answer(self, work: Work) -> list[Reply]:
        """Store the whole text as the answer to the question that is open under the proposal."""
        open_ = replace(work.turn.open, kind=OpenKind.PLAN)
        work.turn = replace(work.turn, open=open_)
        return await self._thoughts.was_answer(work)

    async def _target(self, work: Work) -> Plan | None:
        in_hand = await work.plan_in_hand()
        if in_hand and in_hand.is_open:
            return in_hand
        plans = await work.uow.plans.of(work.turn.person_id)
        return next((plan for plan in plans if plan.is_open), None)

    def _new(self, work: Work, plan_id: str | None = None) -> Plan:
        plan_id = plan_id or str(uuid.uuid4())
        return plan_intake.start(plan_id, work.turn.person_id, self._questions, work.now)

    async def _portions(self, work: Work, plan: Plan, paste: Paste, text: str) -> list[Portion]:
        questions = await self._questions_of(work, plan)
        return self._reader.read(text, plan, questions, work.turn, had_idea=paste.had_idea)

    async def _questions_of(self, work: Work, plan: Plan) -> QuestionSet:
        if plan.questions_version == self._questions.version:
            return self._questions
        return await work.uow.questions.get(plan.questions_version)

    async def _proposal(
        self, work: Work, plan: Plan, paste: Paste, portions: list[Portion], first: str = ""
    ) -> list[Reply]:
        paste = replace(paste, stood=what_stands(plan, portions))
        is_new = not plan.answers
        head = words.NEW if is_new else words.IN_HAND.format(title=plan_words.title_of(plan))
        lines = "\n".join(portion.line(plan) for portion in portions)
        choices = [paste.choice(words.STORE)]
        in_plan = work.conversation.open_kind in (OpenKind.PLAN, OpenKind.CONFIRM)
        if not is_new and (not in_plan or any(portion.replaces(plan) for portion in portions)):
            new = self._new(work)
            stood = what_stands(new, portions)
            choices.append(replace(paste, plan_id=new.id, stood=stood).choice(words.STORE_AS_NEW))
        choices += [replace(choice, intent="paste_answer") for choice in await was_answer(work)]
        choices.append(Choice(words.REFUSE, "paste_refuse"))
        # Until one of these is chosen a "ja" is no answer to the plan's question.
        work.open(OpenKind.CHOOSE)
        parts = (head, lines, careful_remark(work.turn.text), words.CLOSING)
        text = joined(first, "\n\n".join(filter(None, parts)))
        return [Reply(text, tuple(choices))]

    async def _store(self, work: Work, plan: Plan, portions: list[Portion]) -> list[Reply]:
        questions = await work.uow.questions.get(plan.questions_version)
        given = [portion.answer for portion in portions if portion.answer]
        changed = plan
        for answer in given:
            changed = plan_intake.record(changed, questions, answer)
        changed = plan_intake.keep(changed, questions)
        # The words that confirm are no answer: an edit of them must not find one.
        await work.uow.plans.save(plan, changed, replace(work.turn, source=None), work.now)
        said = [_said(portions)]
        if any(answer.step == "school" and not answer.value for answer in given):
            said.append(route_words.NOT_FOUND["school"])
        management = next((answer for answer in given if answer.step == "management"), None)
        advice, separate = await self._adviser.after(work, plan, changed, management)
        first = "\n\n".join(filter(None, (*said, advice)))
        return [*separate, *await self._asker.ask(work, changed, first=first)]


def _said(portions: list[Portion]) -> str:
    titles = ", ".join(portion.title for portion in portions if portion.answer)
    lines = [words.STORED.format(titles=titles) if titles else words.NOTHING_STORED]
    lines += [
        words.NOT_STORED.format(title=portion.title, reason=portion.problem)
        for portion in portions
        if portion.problem and portion.key != NO_QUESTION
    ]
    return "\n".join(lines)
