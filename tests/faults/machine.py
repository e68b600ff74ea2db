"""Teachers and a manager who do whatever comes up, while statements fail under them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.domain.errors import WegwijzerError
from bot.domain.inbox import Kind
from bot.domain.plan import PlanStatus
from bot.domain.plan_states import TRANSITIONS, Action
from bot.domain.roles import Role
from bot.domain.turn import Choice, OpenKind
from bot.texts.conversation import YES_DELETE
from bot.texts.plan_intake import SEND
from tests.faults.check_model import check_model, everything
from tests.faults.fitting import (
    Fits,
    has_free_answers,
    has_no_plan,
    has_read_back,
    is_asked,
    is_at_read_back,
    is_with_region,
    where,
)
from tests.faults.machinery import TEACHERS, Machinery
from tests.faults.model import FREE, ROAD, Said
from tests.person import PLAN_ANSWERS

MANAGER_ACTS = (
    Action.RECEIVE, Action.ASK, Action.TAKE_BACK, Action.INVITE, Action.NOTE, Action.APPROVE,
    Action.NOT_NOW, Action.UNDO,
)  # fmt: skip

#: Which statement fails; 0 for none.
failures = st.one_of(st.just(0), st.integers(1, 20), st.integers(20, 70))
teachers = st.integers(0, TEACHERS - 1)


class Machine(Machinery):
    """Whatever teachers and a manager may do, one thing after another."""

    def _some(self, number: int, fits: Fits) -> int:
        """Pick one of the teachers whom something fits."""
        fitting = [at for at, teacher in enumerate(self.written) if fits(teacher)]
        return fitting[number % len(fitting)]

    @where(has_no_plan)
    @rule(number=teachers, fails_at=failures)
    def begin(self, number: int, fails_at: int) -> None:
        number = self._some(number, has_no_plan)
        teacher = self.written[number]
        self._turn(number, self._services.intake.start, "ik wil een plan maken", fails_at=fails_at)
        teacher.at = 0
        teacher.plan_id = self._run(self._only_plan(number))

    @where(is_asked)
    @rule(
        number=teachers,
        fails_at=failures,
        twice=st.booleans(),
        many=st.sampled_from((1, 3, len(ROAD), len(ROAD))),
    )
    def answer(self, number: int, fails_at: int, twice: bool, many: int) -> None:
        number = self._some(number, is_asked)
        teacher = self.written[number]
        for nth in range(many):
            step = teacher.step
            if step is None:
                return
            text = PLAN_ANSWERS[step]
            if step in FREE:
                text = f"Wij doen {next(self._numbers)} dingen met techniek"
            source = f"s{next(self._numbers)}"
            self._turn(
                number, self._services.answers.answer, text,
                source=source, fails_at=0 if nth else fails_at, twice=twice and not nth,
            )  # fmt: skip
            teacher.said.append(Said(step, text, source))
            teacher.at = ROAD.index(step) + 1
            self._note("answered")

    @where(has_free_answers)
    @rule(number=teachers, which=st.integers(0, 99), fails_at=failures, twice=st.booleans())
    def edit(self, number: int, which: int, fails_at: int, twice: bool) -> None:
        number = self._some(number, has_free_answers)
        teacher = self.written[number]
        free = [said for said in teacher.said if said.step in FREE]
        old = free[which % len(free)]
        text = f"Nee, {next(self._numbers)} andere dingen"
        self._turn(
            number, self._services.desk_chat.edited, text,
            kind=Kind.EDIT, source=old.source, fails_at=fails_at, twice=twice,
        )  # fmt: skip
        if not teacher.is_with_region:
            teacher.said.append(Said(old.step, text, old.source))
            self._note("edited")

    @where(is_at_read_back)
    @rule(number=teachers, fails_at=failures, presses=st.integers(1, 2))
    def send(self, number: int, fails_at: int, presses: int) -> None:
        number = self._some(number, is_at_read_back)
        teacher = self.written[number]
        button = Choice(SEND, "cmd_send", None, f"{teacher.plan_id}/confirm")
        for press in range(presses):
            said = self._turn(
                number, self._services.hand_over.send, pressed=button, fails_at=fails_at
            )
            if not press:
                teacher.reference = said.partition("nummer ")[2].partition(".")[0]
                teacher.at = None
                teacher.happened(Action.SUBMIT, PlanStatus.SUBMITTED)
                self._note("sent")
            else:
                self._note("pressed_again")

    @where(is_with_region)
    @rule(number=teachers, fails_at=failures)
    def withdraw(self, number: int, fails_at: int) -> None:
        number = self._some(number, is_with_region)
        teacher = self.written[number]
        withdrawal, plan = self._services.withdrawal, teacher.plan_id
        self._turn(number, withdrawal.ask, pressed=Choice("Intrekken", "withdraw", plan))
        yes = Choice("Ja", "withdraw_confirm", plan, OpenKind.CHOOSE.value)
        self._turn(number, withdrawal.confirm, pressed=yes, fails_at=fails_at)
        after = TRANSITIONS.get((teacher.status, Action.WITHDRAW, Role.TEACHER))
        if after:
            teacher.happened(Action.WITHDRAW, after)
            self._note("withdrawn")

    @where(has_read_back)
    @rule(number=teachers, fails_at=failures)
    def delete(self, number: int, fails_at: int) -> None:
        number = self._some(number, has_read_back)
        teacher = self.written[number]
        self._turn(number, self._services.privacy.ask_delete, "verwijder mijn gegevens")
        yes = Choice(YES_DELETE, "delete_confirm", None, OpenKind.DELETE.value)
        self._turn(number, self._services.privacy.delete, pressed=yes, fails_at=fails_at)
        teacher.forget()
        self._note("deleted")

    @where(is_with_region)
    @rule(number=teachers, action=st.sampled_from(MANAGER_ACTS), fails_at=failures)
    def manage(self, number: int, action: Action, fails_at: int) -> None:
        teacher = self.written[self._some(number, is_with_region)]
        mark = f"mark{next(self._numbers)}"
        after = TRANSITIONS.get((teacher.status, action, Role.PROGRAMME_MANAGER))

        async def work() -> None:
            await self._manage(str(teacher.plan_id), action, mark)

        if after is None:
            before = self._run(everything(self.database))
            try:
                self._run(work())
            except WegwijzerError:
                assert self._run(everything(self.database)) == before
                self._note("refused")
                return
            raise AssertionError(f"{action} was taken in {teacher.status}")
        self._in_spite_of_failure(work, work, fails_at)
        # The one action that the table does not know the end of.
        is_undone = action is Action.UNDO
        teacher.happened(action, teacher.before_decision() if is_undone else after)
        self._note("managed")

    @rule(seconds=st.integers(1, 5))
    def wait(self, seconds: int) -> None:
        """Less than the time in which a decision can be undone, so the clock has nothing to do."""
        self.clock.step(seconds=seconds)

    @invariant()
    def model_holds(self) -> None:
        assert self._run(check_model(self.database, self.written)) == []
