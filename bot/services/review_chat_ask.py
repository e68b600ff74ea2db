"""Asks for what an action in the chat still needs, with the buttons that belong to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import BadInputError
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import DECISIONS, Action
from bot.domain.text import clean, shortened
from bot.domain.turn import Choice, Reply
from bot.services.asking import joined
from bot.services.review_chat_people import AtDesk
from bot.services.review_chat_steps import Need, Pick, Step
from bot.texts import review as review_words
from bot.texts import review_chat as words

PICK = "desk_pick"
#: A label is stored in so many characters, and a button shows fewer.
_LONGEST_LABEL = 60
_LABELS = {
    Action.APPROVE: words.APPROVE,
    Action.APPROVE_WITH_CONDITIONS: words.WITH_CONDITIONS,
    Action.NOT_NOW: words.NOT_NOW,
}
#: So many buttons fit a phone. Schools come first in the list, so what is left out are schools.
_MOST_TARGETS = 20


def ask(desk: AtDesk, step: Step, now: datetime, first: str = "") -> Reply:
    """Ask for what a step needs, after the words `first`."""
    text = joined(desk.name, _prompt(desk, step, now))
    return Reply(joined(first, text), (*_answers(desk, step), *_extra_choices(step)))


def known(desk: AtDesk, step: Step) -> Step:
    """Give the step back if what was picked is there to pick; raises BadInputError else."""
    if step.about is not None and step.about not in desk.view.askable:
        raise BadInputError(review_words.CHOOSE_ANSWER)
    if step.to is not None and step.to not in {target.id for target in desk.view.targets}:
        raise BadInputError(review_words.CHOOSE_TARGET)
    return step


def _prompt(desk: AtDesk, step: Step, now: datetime) -> str:
    match step.need:
        case Need.ABOUT:
            return words.WHICH_ANSWER
        case Need.TO:
            return words.target_prompt(len(desk.view.targets) - _MOST_TARGETS)
        case Need.DECISION:
            return words.WHICH_DECISION
        case Need.MOMENTS:
            return words.moments_prompt(_examples(now))
        case Need.PLACE:
            return words.YOUR_PLACE.format(moments=_moments(step, now))
        case Need.CONFIRM:
            return words.CONFIRM.format(text=_as_teacher_reads(desk, step, now))
    return _text_prompt(desk, step)


def _text_prompt(desk: AtDesk, step: Step) -> str:
    if step.decision:
        return words.YOUR_REASON[step.action]
    if step.about is None:
        return words.YOUR_NOTE
    summary = desk.view.shown.summary
    given = {answer.key: answer.text for answer in (*summary.idea, *summary.answers)}
    return words.YOUR_QUESTION.format(
        title=desk.view.askable[step.about], answer=given.get(step.about) or words.NOT_YET
    )


def _answers(desk: AtDesk, step: Step) -> tuple[Choice, ...]:
    match step.need:
        case Need.ABOUT:
            return tuple(_choice(step, title, key) for key, title in desk.view.askable.items())
        case Need.TO:
            found = desk.view.targets[-_MOST_TARGETS:]
            return tuple(_choice(step, target.label, target.id) for target in found)
        case Need.DECISION:
            return _decision_choices(step)
    return ()


def _moments(step: Step, now: datetime) -> str:
    today = now.astimezone(AMSTERDAM).date()
    moments = sorted(datetime.fromisoformat(text).astimezone(AMSTERDAM) for text in step.moments)
    return "\n".join(words.moment_line(moment, today) for moment in moments)


def _as_teacher_reads(desk: AtDesk, step: Step, now: datetime) -> str:
    """Give the very words that the teacher will get."""
    event = PlanEvent(
        plan_id=desk.plan.id,
        at=now,
        role=desk.actor.role,
        name=desk.actor.name,
        action=step.action,
        before=desk.plan.status,
        after=DECISIONS[step.action],
        text=clean(step.text).strip(),
    )
    return review_words.teacher_text(desk.plan, event, "")


def _examples(now: datetime) -> tuple[datetime, datetime]:
    """Give two moments on working days of next week, in Dutch time."""
    today = now.astimezone(AMSTERDAM)
    monday = today + timedelta(days=7 - today.weekday())
    return (
        (monday + timedelta(days=1)).replace(hour=15, minute=30),
        (monday + timedelta(days=3)).replace(hour=10, minute=0),
    )


def _choice(step: Step, label: str, pick: str) -> Choice:
    """Give a button that belongs to what is asked for now."""
    return Choice(shortened(label, _LONGEST_LABEL), PICK, f"{step.mark}|{step.need}|{pick}")


def read_pick(value: str | None) -> tuple[str, Need, str] | None:
    """Read what such a button carries: the mark, what was asked for, and what was picked."""
    mark, _, rest = (value or "").partition("|")
    need, _, pick = rest.partition("|")
    return (mark, Need(need), pick) if need in list(Need) else None


def _extra_choices(step: Step) -> tuple[Choice, ...]:
    """Give the buttons beside the answers: to skip, to go back, to leave."""
    found = []
    if step.is_skippable:
        found.append(_choice(step, words.SKIP, Pick.SKIP))
    if step.need is Need.CONFIRM:
        found.append(_choice(step, words.SEND, Pick.SEND))
        found.append(_choice(step, words.OTHER_TEXT, Pick.BACK))
    if step.need is Need.PLACE:
        found.append(_choice(step, words.OTHER_MOMENTS, Pick.BACK))
    leave = words.REALLY_NOT if step.need is Need.CONFIRM else words.LEAVE
    return (*found, _choice(step, leave, Pick.LEAVE))


def _decision_choices(step: Step) -> tuple[Choice, ...]:
    """Give the three decisions as buttons."""
    return tuple(_choice(step, label, action) for action, label in _LABELS.items())
