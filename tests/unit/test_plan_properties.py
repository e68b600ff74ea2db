"""No sequence of answers, back, skip, change, stop and send loses an answer or sends twice."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import plan_intake
from bot.domain.errors import NotADraftError, NotReadyToSendError, UnknownStepError
from bot.domain.escalation import NO_REGION, Pick
from bot.domain.plan import CONFIRM, Answer, PlanStatus
from tests.plans import QUESTIONS, fresh_plan

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEYS = [question.key for question in QUESTIONS.questions]
TEXTS = st.text(min_size=1, max_size=20)
FREE_VALUES = (None, NO_REGION, Pick("assen").encode(), Pick("assen", "Dr. Nassau").encode())
NUMBERS = st.integers(min_value=0, max_value=30)


def value_for(step: str, number: int) -> str | None:
    """One of the values that this step can really have."""
    options = [option.value for option in QUESTIONS[step].options]
    values = [*options, None] if options and step != "province" else FREE_VALUES
    return values[number % len(values)]


class PlanMachine(RuleBasedStateMachine):
    """Walks the domain as a restless teacher would, beside a plain list of what was said."""

    @initialize()
    def begin(self) -> None:
        self.plan = fresh_plan()
        self.said: dict[str, str | None] = {}
        self.sent = 0

    @rule(text=TEXTS, number=NUMBERS)
    def answer(self, text: str, number: int) -> None:
        step = self.plan.open_step
        if step != CONFIRM and self.plan.is_open:
            self._record(Answer(step, text, value_for(step, number)))

    @rule(step=st.sampled_from(KEYS), text=TEXTS, number=NUMBERS)
    def edit(self, step: str, text: str, number: int) -> None:
        if step in self.plan.answers and self.plan.is_open:
            self._record(Answer(step, text, value_for(step, number)))

    def _record(self, answer: Answer) -> None:
        before = self.plan.answers.get(answer.step)
        self.plan = plan_intake.record(self.plan, QUESTIONS, answer)
        self._said(before, answer)

    @precondition(lambda self: self.plan.is_open)
    @rule()
    def skip(self) -> None:
        step = self.plan.open_step
        self.plan = plan_intake.skip(self.plan, QUESTIONS)
        if step != CONFIRM and step not in self.said:
            self.said[step] = None

    @precondition(lambda self: self.plan.is_open)
    @rule()
    def clear(self) -> None:
        step = self.plan.open_step
        before = self.plan.answers.get(step)
        self.plan = plan_intake.clear(self.plan, QUESTIONS)
        if step != CONFIRM:
            self._said(before, Answer(step, None))

    @precondition(lambda self: self.plan.is_open)
    @rule()
    def back(self) -> None:
        self.plan = plan_intake.go_back(self.plan, QUESTIONS)

    @precondition(lambda self: self.plan.is_open)
    @rule()
    def keep(self) -> None:
        self.plan = plan_intake.keep(self.plan, QUESTIONS)

    @rule(step=st.sampled_from([*KEYS, CONFIRM, "bestaat_niet"]))
    def change(self, step: str) -> None:
        try:
            self.plan = plan_intake.change(self.plan, QUESTIONS, step)
        except UnknownStepError:
            assert step not in plan_intake.road(QUESTIONS, self.plan.answers)
        except NotADraftError:
            assert self.sent == 1

    @precondition(lambda self: self.plan.is_open)
    @rule()
    def stop_and_come_back(self) -> None:
        stopped = plan_intake.stop(self.plan)
        assert stopped.answers == self.plan.answers
        self.plan = plan_intake.resume(stopped)

    @rule()
    def send(self) -> None:
        try:
            self.plan = plan_intake.submit(self.plan, f"STO-2026-{self.sent + 1:04d}", NOW)
            self.sent += 1
        except NotReadyToSendError:
            assert self.plan.text("idee") is None
        except NotADraftError:
            assert self.plan.status is PlanStatus.SUBMITTED

    def _said(self, before: Answer | None, answer: Answer) -> None:
        if before not in (None, answer):
            for gone in plan_intake.DEPENDENTS.get(answer.step, ()):
                self.said.pop(gone, None)
        self.said[answer.step] = answer.text

    @invariant()
    def every_answer_is_there(self) -> None:
        held = {step: answer.text for step, answer in self.plan.answers.items()}
        assert held == self.said

    @invariant()
    def sent_at_most_once(self) -> None:
        assert self.sent <= 1
        assert (self.plan.status is PlanStatus.SUBMITTED) == (self.sent == 1)

    @invariant()
    def open_step_is_on_the_road(self) -> None:
        steps = (*plan_intake.road(QUESTIONS, self.plan.answers), CONFIRM)
        assert self.plan.open_step in steps


PlanMachine.TestCase.settings = settings(max_examples=300, stateful_step_count=60, deadline=None)
TestPlanMachine = PlanMachine.TestCase
