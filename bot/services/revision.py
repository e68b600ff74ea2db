"""The teacher gives a new version of the one answer that a question from the region opened again.

What was typed leaves only when the teacher presses *Versturen*: unlike in a draft, an answer that
was mailed cannot be taken back, and a text may have been meant as a question or be half of one.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.plan import Answer, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, last_of
from bot.domain.plan_states import Action
from bot.domain.text import folded
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services import asked_answer
from bot.services.asking import Asker
from bot.services.faq import Faq
from bot.services.new_version import NewVersions
from bot.services.plan_answers import AnswerReader, Rejected
from bot.services.plan_noting import refused
from bot.services.turns import Work
from bot.texts import faq as faq_words
from bot.texts import plan_intake as plan_words
from bot.texts import revision as words

_YES = frozenset({"ja", "ja graag", "ja hoor", "klopt", "prima", "is goed", "verstuur", "yes"})
_NO = frozenset({"nee", "nee hoor", "nog niet", "niet versturen", "no"})
#: What closes the answer again.
_CLOSING = (Action.REVISE, Action.TAKE_BACK, Action.LAPSE, Action.WITHDRAW)


class Revision:
    """The use cases around an answer that is open again."""

    def __init__(self, asker: Asker, reader: AnswerReader, faq: Faq, versions: NewVersions) -> None:
        """Read answers with `reader`, store them as `versions`, answer with `faq` what was none."""
        self._asker = asker
        self._reader = reader
        self._faq = faq
        self._versions = versions

    async def begin(self, work: Work) -> list[Reply]:
        """Take the plan of the pressed button in hand and ask for the answer."""
        plan = await work.own_plan(work.turn.value or "")
        if plan is None:
            return await self._asker.again(work, first=plan_words.EXPIRED)
        if plan.status is not PlanStatus.ASKED:
            return await self._closed(work, plan)
        return await self._asker.ask(work, plan)

    async def in_hand(self, work: Work) -> Plan | None:
        """Give the plan of which one answer is open, if that is what the conversation is about."""
        plan = await work.plan_in_hand()
        is_open = work.conversation.open_kind is OpenKind.PLAN
        return plan if plan and is_open and plan.status is PlanStatus.ASKED else None

    async def answer(self, work: Work, plan: Plan) -> list[Reply]:
        """Take what was typed for the new answer."""
        turn = work.turn
        if turn.pressed:
            # A button from when the plan was being written.
            return await self._asker.again(work, first=plan_words.EXPIRED)
        return await self.propose(work, plan, turn.id, turn.text, turn.suggestions)

    async def propose(
        self, work: Work, plan: Plan, turn_id: int, text: str, near: tuple[str, ...] = ()
    ) -> list[Reply]:
        """Show what was typed in a turn as the new answer, and ask whether it may leave.

        `near` are the FAQ entries that the text comes near to, so that it may be a question. To
        what is shown already a plain yes or no is an answer.
        """
        question = await asked_answer.question_of(work, plan)
        if question is None:
            return await self._closed(work, plan, text)
        shown, typed = asked_answer.remembered(work)
        # Nothing was open, so it is a reply to the question as it was sent.
        is_reply = shown is None and work.conversation.open_kind is OpenKind.NONE
        if shown != question.id and not is_reply:
            said = (words.OTHER_QUESTION if shown else words.STILL_OPEN).format(text=text)
            return await self._asker.ask(work, plan, first=said)
        if typed and folded(text) in _YES:
            return await self._send(work, plan.id, typed, question.id)
        if typed and folded(text) in _NO:
            return await self._asker.again(work, first=words.NOT_SENT)
        read = await self._read(work, plan, text)
        if isinstance(read, Rejected):
            return await refused(work, self._asker, read.words)
        work.open(OpenKind.PLAN, plan.id)
        await asked_answer.forget_personal(work, plan, typed)
        asked_answer.remember(work, question, typed=turn_id)
        said = words.proposal_text(
            await self._versions.reader(work, plan),
            await self._title(work, plan),
            read.text,
            step=plan.open_step,
            is_instead=typed is not None,
        )
        return [Reply(said, _choices(plan, question, turn_id, near))]

    async def send(self, work: Work) -> list[Reply]:
        """Send the new answer that was shown: by its button, or in other words."""
        shown, typed = asked_answer.remembered(work)
        plan_id = work.conversation.plan_id
        if work.turn.pressed and work.turn.value:
            plan_id, turn_id, question_id = work.turn.value.split("|")
            shown, typed = int(question_id), int(turn_id)
        if not plan_id or shown is None or typed is None:
            return await self._asker.again(work, first=words.TYPE_FIRST)
        return await self._send(work, plan_id, typed, shown)

    async def refuse(self, work: Work) -> list[Reply]:
        """Send nothing; what was no answer but a question is answered."""
        turn_id, _, ids = (work.turn.value or "").partition("|")
        near = tuple(filter(None, ids.split(",")))
        if near and turn_id.isdigit():
            return await self._faq.offer(work, near, int(turn_id), first=words.NOT_SENT)
        return await self._asker.again(work, first=words.NOT_SENT)

    async def keep(self, work: Work) -> list[Reply]:
        """Leave the answer as it is: that is an answer to the question too."""
        plan = await work.own_plan(work.turn.value or "")
        question = await asked_answer.question_of(work, plan) if plan else None
        if plan is None or question is None:
            return await self._closed(work, plan)
        if asked_answer.remembered(work)[0] not in (None, question.id):
            return await self._asker.ask(work, plan, first=plan_words.EXPIRED)
        return await self._store(work, plan, None)

    async def later(self, work: Work) -> list[Reply]:
        """Leave the answer open and the plan out of hand."""
        plan = await self.in_hand(work)
        if plan is None:
            return await self.only_this(work, plan_words.NO_PLAN_OPEN)
        await asked_answer.put_away(work)
        before = asked_answer.revise_choices([plan])
        return await self._asker.again(work, first=words.PAUSED, before=before)

    async def no_stop(self, work: Work) -> list[Reply]:
        """Leave the answer for later; with none in hand tell how a sent plan is taken back."""
        plans = await work.uow.plans.of(work.turn.person_id)
        if await self.in_hand(work) or not any(plan.reference for plan in plans):
            return await self.later(work)
        return await self.only_this(work, words.HOW_TO_WITHDRAW)

    async def resume(self, work: Work) -> list[Reply]:
        """Take up a plan of which one answer is open: the one that is picked, else the last."""
        asked = await self._asked(work)
        plan = next((plan for plan in asked if work.turn.value in (None, plan.id)), None)
        if plan is None:
            return await self._asker.again(work, first=plan_words.NO_DRAFT)
        return await self._asker.ask(work, plan)

    async def only_this(self, work: Work, otherwise: str) -> list[Reply]:
        """Say that nothing but the one answer is open, and ask it; else the words `otherwise`."""
        plan = await self.in_hand(work)
        question = await asked_answer.question_of(work, plan) if plan else None
        if question:
            first = words.ONLY_THIS.format(who=question.name)
            return await self._asker.again(work, first=first)
        before = asked_answer.revise_choices(await self._asked(work))
        return await self._asker.again(work, first=otherwise, before=before)

    async def no_correction(self, work: Work) -> list[Reply]:
        """Say that no other answer can be changed, and to whom a change of a sent plan goes."""
        plans = await work.uow.plans.of(work.turn.person_id)
        if plans and plans[0].reference:
            sent = plan_words.CORRECT_AFTER_SENDING.format(reference=plans[0].reference)
            return await self.only_this(work, sent)
        return await self.only_this(work, plan_words.NO_PLAN_OPEN)

    async def edited(self, work: Work) -> list[Reply] | None:
        """Show anew what was shown, as it was edited; None where no such message waits."""
        plan = await self.in_hand(work)
        typed = asked_answer.remembered(work)[1]
        if plan is None or typed is None:
            return None
        row = await work.uow.inbox.get(typed)
        if row.source is None or row.source != work.turn.source:
            return None
        return await self.propose(work, plan, work.turn.id, work.turn.text)

    async def edited_before(self, work: Work, plan: Plan) -> list[Reply]:
        """Say how an answer is changed, to who edits the message that gave the one now open."""
        in_hand = await self.in_hand(work)
        if in_hand and in_hand.id == plan.id:
            return await self._asker.again(work, first=plan_words.EDIT_WHILE_ASKED)
        before = asked_answer.revise_choices([plan])
        return await self._asker.again(work, first=plan_words.EDIT_BY_BUTTON, before=before)

    async def _send(self, work: Work, plan_id: str, turn_id: int, question_id: int) -> list[Reply]:
        plan = await work.own_plan(plan_id)
        row = await work.uow.inbox.get(turn_id)
        if plan is None or row.conversation_id != work.turn.conversation_id:
            return await self._asker.again(work, first=plan_words.EXPIRED)
        question = await asked_answer.question_of(work, plan)
        if question is None:
            return await self._closed(work, plan, row.text)
        if question.id != question_id:
            first = words.OTHER_QUESTION.format(text=row.text)
            return await self._asker.ask(work, plan, first=first)
        read = await self._read(work, plan, row.text)
        if isinstance(read, Rejected):
            return await refused(work, self._asker, read.words)
        # An edit of that message finds the answer that it gave.
        work.turn = replace(work.turn, source=row.source)
        return await self._store(work, plan, read)

    async def _store(self, work: Work, plan: Plan, given: Answer | None) -> list[Reply]:
        await self._versions.store(work, plan, given)
        said = words.sent_text(
            await self._versions.reader(work, plan),
            await self._title(work, plan),
            stays=given is None,
        )
        await asked_answer.put_away(work)
        return await self._asker.again(work, first=said)

    async def _title(self, work: Work, plan: Plan) -> str:
        questions = await work.uow.questions.get(plan.questions_version)
        return questions[plan.open_step].title

    async def _read(self, work: Work, plan: Plan, text: str) -> Answer | Rejected:
        questions = await work.uow.questions.get(plan.questions_version)
        turn = replace(work.turn, text=text, pressed=None)
        return self._reader.read(plan, questions[plan.open_step], turn)

    async def _asked(self, work: Work) -> list[Plan]:
        plans = await work.uow.plans.of(work.turn.person_id)
        return [plan for plan in plans if plan.status is PlanStatus.ASKED]

    async def _closed(self, work: Work, plan: Plan | None, typed: str = "") -> list[Reply]:
        events = await work.uow.reviews.events(plan.id) if plan else ()
        if plan and work.conversation.plan_id == plan.id:
            await asked_answer.put_away(work)
        said = words.closed_text(last_of(events, *_CLOSING), typed)
        return await self._asker.again(work, first=said)


def _choices(
    plan: Plan, question: PlanEvent, turn_id: int, near: tuple[str, ...]
) -> tuple[Choice, ...]:
    at = plan.at
    send = Choice(words.SEND, "revise_send", f"{plan.id}|{turn_id}|{question.id}", at)
    refuse = Choice(words.NOT_YET, "revise_refuse", None, at)
    if near:
        ids = ",".join(near)
        refuse = Choice(faq_words.WAS_QUESTION, "revise_refuse", f"{turn_id}|{ids}", at)
    return (send, refuse)
