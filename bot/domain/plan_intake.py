"""The road through a plan's questions: which step is next, back, skip, change, stop and send.

Every function takes a plan and gives a new one; nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.errors import NotADraftError, NotReadyToSendError, UnknownStepError
from bot.domain.escalation import TakesPart, picked, takes_part
from bot.domain.plan import CONFIRM, Answer, Plan, PlanStatus
from bot.domain.plan_questions import QuestionSet

#: Answers that no longer hold when this one changes: they were given to another question.
DEPENDENTS: Mapping[str, tuple[str, ...]] = {
    "school": (
        "school_region",
        "place",
        "place_region",
        "province",
        "province_region",
        "takes_part",
        "contact_known",
        "contact_failed",
    ),
    "school_region": ("place", "place_region", "province", "province_region", "takes_part"),
    "place": ("place_region", "province", "province_region"),
    "place_region": ("province", "province_region"),
    "province": ("province_region",),
}
#: Without this answer there is nothing to hand over.
NEEDED_TO_SEND = ("idee",)


def candidates(answers: Mapping[str, Answer], step: str) -> tuple[str, ...]:
    """Give the region picks that the search for `step` found, as encoded in its answer."""
    answer = answers.get(step)
    return tuple(answer.value.split("\n")) if answer and answer.value else ()


def _is_asked(key: str, answers: Mapping[str, Answer]) -> bool:
    match key:
        case "school_region":
            return bool(candidates(answers, "school"))
        case "place":
            return _no_pick(answers, "school_region")
        case "place_region":
            return _is_asked("place", answers) and bool(candidates(answers, "place"))
        case "province":
            return _is_asked("place", answers) and _no_pick(
                answers, "school_region", "place_region"
            )
        case "province_region":
            return _is_asked("province", answers) and bool(candidates(answers, "province"))
        case "takes_part":
            pick = picked(answers)
            return not (pick and pick.school)
        case "contact_known":
            return takes_part(answers) is TakesPart.YES
        case "management_who":
            management = answers.get("management")
            return bool(management and management.value in ("supports", "discussed", "declines"))
    return True


def _no_pick(answers: Mapping[str, Answer], *steps: str) -> bool:
    return picked({step: answers[step] for step in steps if step in answers}) is None


def road(questions: QuestionSet, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Give the steps that this plan's answers lead along, in order."""
    return tuple(
        question.key for question in questions.questions if _is_asked(question.key, answers)
    )


def first_open(questions: QuestionSet, answers: Mapping[str, Answer]) -> str:
    """Give the first step that is neither answered nor skipped, else the read-back."""
    return next((step for step in road(questions, answers) if step not in answers), CONFIRM)


def start(plan_id: str, person_id: str, questions: QuestionSet, now: datetime) -> Plan:
    """Begin a plan at its first question, with the wording of this moment."""
    return Plan(
        id=plan_id,
        person_id=person_id,
        questions_version=questions.version,
        open_step=questions.questions[0].key,
        created_at=now,
    )


def record(plan: Plan, questions: QuestionSet, answer: Answer) -> Plan:
    """Store an answer (or a skip) and go on to the first step that is still open.

    An answer to another step than the open one (an edited message) leaves the open step, unless
    that step is no longer on the road. Raises when the plan was handed over or the step is unknown.
    """
    _require_open(plan)
    if answer.step not in questions:
        raise UnknownStepError
    before = plan.answers.get(answer.step)
    # What was answered without this one does not hang on it: only a change takes others along.
    gone = DEPENDENTS.get(answer.step, ()) if before not in (None, answer) else ()
    answers = {step: old for step, old in plan.answers.items() if step not in gone}
    answers[answer.step] = answer
    open_step = plan.open_step
    if answer.step == open_step or open_step not in (*road(questions, answers), CONFIRM) or gone:
        open_step = first_open(questions, answers)
    return replace(
        plan, answers=MappingProxyType(answers), open_step=open_step, status=PlanStatus.DRAFT
    )


def take_back(plan: Plan, questions: QuestionSet, step: str, before: Answer | None) -> Plan:
    """Undo the answer to a step: what stood there before counts again, and the step is open."""
    _require_open(plan)
    if step not in road(questions, plan.answers):
        raise UnknownStepError
    gone = DEPENDENTS.get(step, ())
    answers = {key: old for key, old in plan.answers.items() if key != step and key not in gone}
    if before:
        answers[step] = before
    return replace(plan, answers=MappingProxyType(answers), open_step=step, status=PlanStatus.DRAFT)


def skip(plan: Plan, questions: QuestionSet) -> Plan:
    """Leave the open question open on purpose; an answer that stands there already stays."""
    _require_open(plan)
    if plan.open_step == CONFIRM:
        return plan
    if plan.open_step in plan.answers:
        return keep(plan, questions)
    return record(plan, questions, Answer(plan.open_step, None))


def clear(plan: Plan, questions: QuestionSet) -> Plan:
    """Take the open question's answer away: it is open again, on purpose."""
    _require_open(plan)
    if plan.open_step == CONFIRM:
        return plan
    return record(plan, questions, Answer(plan.open_step, None))


def keep(plan: Plan, questions: QuestionSet) -> Plan:
    """Go on without changing the open question's answer."""
    _require_open(plan)
    return replace(plan, open_step=first_open(questions, plan.answers))


def go_back(plan: Plan, questions: QuestionSet) -> Plan:
    """Go to the step before the open one; at the first step nothing changes."""
    _require_open(plan)
    steps = (*road(questions, plan.answers), CONFIRM)
    here = steps.index(plan.open_step) if plan.open_step in steps else len(steps) - 1
    return replace(plan, open_step=steps[max(here - 1, 0)])


def change(plan: Plan, questions: QuestionSet, step: str) -> Plan:
    """Open one step of the road again; its answer stays until a new one is given."""
    _require_open(plan)
    if step not in road(questions, plan.answers):
        raise UnknownStepError
    return replace(plan, open_step=step, status=PlanStatus.DRAFT)


def to_read_back(plan: Plan) -> Plan:
    """Go to the read-back, with whatever is still open."""
    _require_open(plan)
    return replace(plan, open_step=CONFIRM)


def stop(plan: Plan) -> Plan:
    """Put the plan aside; every answer stays."""
    _require_open(plan)
    return replace(plan, status=PlanStatus.STOPPED)


def resume(plan: Plan) -> Plan:
    """Take a plan up again, at the step where it was left."""
    _require_open(plan)
    return replace(plan, status=PlanStatus.DRAFT)


def missing_to_send(plan: Plan) -> str | None:
    """Name the first step without which the plan cannot be handed over, or None."""
    return next((step for step in NEEDED_TO_SEND if plan.text(step) is None), None)


def submit(plan: Plan, reference: str, now: datetime) -> Plan:
    """Hand the plan over under its reference; from here its answers stand."""
    _require_open(plan)
    if missing_to_send(plan):
        raise NotReadyToSendError
    return replace(
        plan,
        status=PlanStatus.SUBMITTED,
        reference=reference,
        submitted_at=now,
        open_step=CONFIRM,
    )


def _require_open(plan: Plan) -> None:
    if not plan.is_open:
        raise NotADraftError
