"""The teacher's plan, turn by turn: start, answer, move about, pause and come back."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from bot.domain import plan_intake
from bot.domain.plan import CONFIRM, Plan
from bot.domain.plan_questions import Part, QuestionSet
from bot.domain.plan_states import Action
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.asking import CLEAR, Asker
from bot.services.nudges import when_it_rests
from bot.services.plan_answers import AnswerReader
from bot.services.revision import Revision
from bot.services.route_advice import RouteAdviser
from bot.services.teacher_acts import leave_event
from bot.services.turns import Work
from bot.texts import plan_intake as words

_PLAN_OPEN = (OpenKind.PLAN, OpenKind.CONFIRM)


class PlanIntake:
    """The use cases along the questions of a plan."""

    def __init__(
        self,
        questions: QuestionSet,
        asker: Asker,
        reader: AnswerReader,
        adviser: RouteAdviser,
        revision: Revision,
    ) -> None:
        """Begin new plans with `questions`; leave to `revision` what was handed over."""
        self._questions = questions
        self._asker = asker
        self._reader = reader
        self._adviser = adviser
        self._revision = revision

    async def start(self, work: Work) -> list[Reply]:
        """Begin a plan; with a draft at hand, ask first whether to go on with that one."""
        drafts = [plan for plan in await work.uow.plans.of(work.turn.person_id) if plan.is_open]
        if drafts and not drafts[0].answers:
            return await self._asker.ask(work, drafts[0], first=words.FIRST_WORDS)
        if drafts and work.turn.value != "new":
            work.open(OpenKind.CHOOSE)
            return [
                Reply(
                    words.DRAFT_WAITS.format(title=words.title_of(drafts[0])),
                    (
                        Choice(words.GO_ON, "pick_plan", drafts[0].id),
                        Choice(words.NEW_PLAN, "start_plan", "new"),
                    ),
                )
            ]
        await work.uow.questions.keep(self._questions)
        plan = plan_intake.start(str(uuid.uuid4()), work.turn.person_id, self._questions, work.now)
        await work.uow.plans.add(plan)
        return await self._asker.ask(work, plan, first=words.FIRST_WORDS)

    async def back(self, work: Work) -> list[Reply]:
        """Go to the question before this one."""
        return await self._move(work, plan_intake.go_back, at_rest=words.AT_THE_START)

    async def skip(self, work: Work) -> list[Reply]:
        """Leave the open question open; an answer that stands there stays, unless it is emptied."""
        plan = await self._open_plan(work)
        if plan and work.turn.value == CLEAR:
            return await self._move(work, plan_intake.clear, said=words.CLEARED)
        stands = bool(plan and plan.text(plan.open_step) is not None)
        at_end = bool(plan and plan.open_step == CONFIRM)
        said = words.KEPT if stands else "" if at_end else words.SKIPPED
        return await self._move(work, plan_intake.skip, said=said)

    async def keep(self, work: Work) -> list[Reply]:
        """Go on without changing the answer; with no question open ("verder"), take up the plan."""
        plan = await self._open_plan(work)
        if not plan:
            return await self.resume(work)
        said = words.KEPT if plan.open_step in plan.answers else ""
        return await self._move(work, plan_intake.keep, said=said)

    async def choose(self, work: Work) -> list[Reply]:
        """Read an answer to a list of choices that is none of its labels."""
        plan = await self._open_plan(work)
        if plan:
            questions = await work.uow.questions.get(plan.questions_version)
            if self._reader.step_named(plan, questions, work.turn.text):
                return await self.correct(work)
        return await self._asker.again(work, first=words.NOTHING_CHOSEN)

    async def example(self, work: Work) -> list[Reply]:
        """Give the tip of the open question and ask it again."""
        plan = await self._open_plan(work) or await self._revision.in_hand(work)
        if not plan:
            return await self._asker.again(work, first=words.NO_PLAN_OPEN)
        if plan.open_step == CONFIRM:
            return await self._asker.again(work)
        question = (await work.uow.questions.get(plan.questions_version))[plan.open_step]
        example = f"Bijvoorbeeld: {question.example}" if question.example else ""
        tip = "\n\n".join(filter(None, (example, question.hint))) or words.NO_TIP
        return await self._asker.again(work, first=tip)

    async def correct(self, work: Work) -> list[Reply]:
        """Go to an earlier answer: the one that is named, else offer them all."""
        plan = await self._open_plan(work)
        if not plan:
            return await self._revision.no_correction(work)
        questions = await work.uow.questions.get(plan.questions_version)
        step = work.turn.value or self._reader.step_named(plan, questions, work.turn.text)
        if step in plan_intake.road(questions, plan.answers):
            changed = plan_intake.change(plan, questions, step)
            await work.uow.plans.save(plan, changed, work.turn, work.now)
            return await self._asker.ask(work, changed)
        choices = [
            Choice(questions[key].title, "cmd_correct", key)
            for key in plan_intake.road(questions, plan.answers)
            if key in plan.answers
        ]
        work.open(OpenKind.CHOOSE)
        return [Reply(words.WHICH_ANSWER, (*choices, Choice(words.CHANGE_NOTHING, "cmd_keep")))]

    async def overview(self, work: Work) -> list[Reply]:
        """List what is answered and what is still open, then ask again."""
        plan = await self._open_plan(work) or await work.plan_in_hand()
        if not plan:
            return await self._asker.again(work, first=words.NO_PLAN_OPEN)
        questions = await work.uow.questions.get(plan.questions_version)
        rows = [
            (questions[key].title, plan.text(key), key == plan.open_step)
            for key in plan_intake.road(questions, plan.answers)
            if key in plan.answers or questions[key].part is not Part.ROUTE
        ]
        return [Reply(words.overview(rows)), *await self._asker.again(work)]

    async def pause(self, work: Work) -> list[Reply]:
        """Stop for now; everything stays."""
        plan = await self._open_plan(work)
        if not plan:
            return await self._revision.later(work)
        work.open(OpenKind.NONE)
        return [Reply(words.PAUSED, when_it_rests(plan))]

    async def stop(self, work: Work) -> list[Reply]:
        """Put the plan aside; nothing is sent and nothing is lost."""
        plan = await self._open_plan(work)
        if not plan:
            return await self._revision.no_stop(work)
        stopped = plan_intake.stop(plan)
        await work.uow.plans.save(plan, stopped, work.turn, work.now)
        await leave_event(work, plan, stopped, Action.STOP)
        work.put_plan_away()
        return [Reply(words.STOPPED, when_it_rests(plan))]

    async def resume(self, work: Work) -> list[Reply]:
        """Take a plan up again: the one that is picked, else the one last worked on."""
        if await self._revision.in_hand(work) and not work.turn.value:
            return await self._revision.only_this(work, words.NO_DRAFT)
        plans = [plan for plan in await work.uow.plans.of(work.turn.person_id) if plan.is_open]
        plans = [plan for plan in plans if work.turn.value in (None, plan.id)]
        if not plans:
            return await self._revision.resume(work)
        return await self.take_up(work, plans[0])

    async def take_up(self, work: Work, plan: Plan) -> list[Reply]:
        """Take this plan in hand: a recap and the question where it was left."""
        resumed = plan_intake.resume(plan)
        # Also where it changes nothing: from here the time counts for which a draft is kept.
        await work.uow.plans.save(plan, resumed, work.turn, work.now)
        if resumed != plan:
            await leave_event(work, plan, resumed, Action.RESUME)
        questions = await work.uow.questions.get(plan.questions_version)
        keys = [question.key for question in questions.of(Part.PLAN)]
        done = sum(plan.text(key) is not None for key in keys)
        return await self._asker.ask(
            work, resumed, first=words.recap(words.title_of(plan), done, len(keys))
        )

    async def _move(
        self,
        work: Work,
        move: Callable[[Plan, QuestionSet], Plan],
        said: str = "",
        at_rest: str = "",
    ) -> list[Reply]:
        plan = await self._open_plan(work)
        if not plan:
            return await self._revision.only_this(work, words.NO_PLAN_OPEN)
        questions = await work.uow.questions.get(plan.questions_version)
        moved = move(plan, questions)
        await work.uow.plans.save(plan, moved, work.turn, work.now)
        advice, _ = await self._adviser.after(work, plan, moved)
        first = (at_rest if moved == plan and at_rest else said, advice)
        return await self._asker.ask(work, moved, first="\n\n".join(filter(None, first)))

    async def _open_plan(self, work: Work) -> Plan | None:
        plan = await work.plan_in_hand()
        is_open = work.conversation.open_kind in _PLAN_OPEN
        return plan if plan and plan.is_open and is_open else None
