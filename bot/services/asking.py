"""Asks the question that is open, in full or shortly, with its choices."""

from __future__ import annotations

from bot.domain import plan_intake
from bot.domain.escalation import NO_REGION, REGION_STEPS, Pick
from bot.domain.hints import hints
from bot.domain.plan import CONFIRM, Plan, PlanStatus
from bot.domain.plan_events import is_overtaken, management_word
from bot.domain.plan_questions import Question, QuestionSet
from bot.domain.plan_states import Action
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services import asked_answer
from bot.services.directory_search import DirectorySearch
from bot.services.hand_over_summary import SummaryMaker
from bot.services.turns import Work
from bot.texts import conversation as words
from bot.texts import escalation as route_words
from bot.texts import management as management_words
from bot.texts import plan_intake as plan_words
from bot.texts.hints import teacher_hints

#: Which step's search gave the candidates of a region step.
SEARCHED = {"school_region": "school", "place_region": "place", "province_region": "province"}
SEARCHED_AND_PICKED = (*SEARCHED, *SEARCHED.values())
#: The value of the button that empties an answer.
CLEAR = "clear"
MENU = (
    Choice(words.MAKE_PLAN, "start_plan"),
    Choice(words.ASK, "ask_question"),
    Choice(words.MY_PLANS, "my_plans"),
)


class Asker:
    """Turns what is open into words and choices."""

    def __init__(self, directory: DirectorySearch, summaries: SummaryMaker) -> None:
        """Name regions from `directory`; read back with `summaries`."""
        self._directory = directory
        self._summaries = summaries

    async def ask(
        self, work: Work, plan: Plan, *, first: str = "", after: tuple[Choice, ...] = ()
    ) -> list[Reply]:
        """Open the plan's step for an answer and ask it, after the words `first`.

        The choices `after` come behind those of the question.
        """
        if plan.status is PlanStatus.ASKED:
            text, choices = await asked_answer.in_full(work, plan)
            return [Reply(joined(first, text), (*choices, *after))]
        questions = await work.uow.questions.get(plan.questions_version)
        if plan.open_step == CONFIRM:
            return [await self._read_back(work, plan, questions, first, after)]
        work.open(OpenKind.PLAN, plan.id)
        question = questions[plan.open_step]
        text = plan_words.question_text(
            question, questions.position(question.key), plan.text(question.key)
        )
        return [Reply(joined(first, text), (*self._choices(plan, question), *after))]

    async def again(
        self,
        work: Work,
        *,
        first: str = "",
        before: tuple[Choice, ...] = (),
        after: tuple[Choice, ...] = (),
    ) -> list[Reply]:
        """Ask again, shortly, what was open; with nothing open the menu.

        The choices of what was open stand between those `before` and those `after`.
        """
        text, choices = await self._open_again(work)
        return [Reply(joined(first, text), (*before, *choices, *after))]

    async def _open_again(self, work: Work) -> tuple[str, tuple[Choice, ...]]:
        kind = work.conversation.open_kind
        plan = await work.plan_in_hand()
        if plan and kind in (OpenKind.PLAN, OpenKind.CONFIRM) and not plan.is_at_answer:
            # What was open was closed by somebody else, who said so.
            await asked_answer.put_away(work)
            plan, kind = await work.plan_in_hand(), OpenKind.NONE
        if plan and kind is OpenKind.PLAN and plan.status is PlanStatus.ASKED:
            return await asked_answer.in_short(work, plan)
        if plan and kind is OpenKind.CONFIRM:
            return plan_words.CONFIRM_ASK, await confirm_choices(work, plan)
        if plan and kind is OpenKind.PLAN:
            questions = await work.uow.questions.get(plan.questions_version)
            question = questions[plan.open_step]
            text = plan_words.question_again(question, questions.position(question.key))
            return text, self._choices(plan, question)
        work.open(OpenKind.NONE)
        if plan and plan.is_open:
            paused = plan_words.ON_PAUSE.format(title=plan_words.title_of(plan))
            choices = (Choice(plan_words.GO_ON, "pick_plan", plan.id), *MENU)
            return f"{paused} {words.MENU}", choices
        return words.MENU, MENU

    def _choices(self, plan: Plan, question: Question) -> tuple[Choice, ...]:
        at = plan.at
        answers = [
            Choice(option.label, "plan_answer", option.value, at) for option in question.options
        ]
        if question.key in REGION_STEPS:
            answers = [
                Choice(label, "plan_answer", value, at)
                for value, label in self.region_options(plan, question.key)
            ]
        moves = [Choice(plan_words.KEEP, "cmd_keep", None, at)] * (question.key in plan.answers)
        if question.hint:
            moves.append(Choice(plan_words.TIP, "cmd_example", None, at))
        if plan.text(question.key) is not None and question.key not in SEARCHED_AND_PICKED:
            moves.append(Choice(plan_words.CLEAR, "cmd_skip", CLEAR, at))
        elif question.key not in REGION_STEPS:
            moves.append(Choice(plan_words.SKIP, "cmd_skip", None, at))
        moves += [
            Choice(plan_words.BACK, "cmd_back", None, at),
            Choice(plan_words.PAUSE, "cmd_pause", None, at),
        ]
        return (*answers, *moves)

    def region_options(self, plan: Plan, step: str) -> list[tuple[str, str]]:
        """Give the (value, label) of each region that may be picked at a region step."""
        options = []
        for value in plan_intake.candidates(plan.answers, SEARCHED[step]):
            pick = Pick.decode(value)
            region = self._directory.region_of(pick)
            if pick and region:
                options.append((value, route_words.candidate_label(region, pick.school)))
        return [*options, (NO_REGION, plan_words.NONE_OF_THESE)]

    async def _read_back(
        self,
        work: Work,
        plan: Plan,
        questions: QuestionSet,
        first: str,
        after: tuple[Choice, ...],
    ) -> Reply:
        work.open(OpenKind.CONFIRM, plan.id)
        draft = await self._summaries.preview(work.uow, plan, questions, work.now)
        closing = route_words.recipient_text(draft.recipient, draft.region)
        if draft.summary.open_titles:
            titles = ", ".join(draft.summary.open_titles)
            closing += "\n" + plan_words.STILL_OPEN.format(titles=titles)
        if draft.summary.teacher_email is None:
            closing += "\n" + plan_words.NO_EMAIL
        six = {answer.key: answer.text for answer in draft.summary.answers}
        parts = (draft.text, teacher_hints(hints(six)), closing, plan_words.CONFIRM_ASK)
        text = "\n\n".join(filter(None, parts))
        return Reply(joined(first, text), (*await confirm_choices(work, plan), *after))


async def confirm_choices(work: Work, plan: Plan) -> tuple[Choice, ...]:
    """Give the choices at the read-back; support can be asked for until this idea has it."""
    at = f"{plan.id}/{CONFIRM}"
    word = management_word(await work.uow.reviews.events(plan.id))
    is_supported = word and word.action is Action.ENDORSE and not is_overtaken(word, plan)
    support = Choice(management_words.ASK_SUPPORT, "management_offer", plan.id)
    return (
        Choice(plan_words.SEND, "cmd_send", None, at),
        Choice(plan_words.CHANGE, "cmd_correct", None, at),
        *(() if is_supported else (support,)),
        Choice(plan_words.BACK, "cmd_back", None, at),
        Choice(plan_words.PAUSE, "cmd_pause", None, at),
    )


def joined(first: str, text: str) -> str:
    """Put words before a text, with a blank line between."""
    return f"{first}\n\n{text}" if first else text
