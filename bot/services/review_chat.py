"""The actions of those who receive plans, by the buttons of a coupled chat; no Rasa needed."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.errors import (
    BadInputError,
    ChangedMeanwhileError,
    NotAllowedError,
    NotFoundError,
)
from bot.domain.plan_states import DECISIONS
from bot.domain.turn import Choice, Document, DocumentKind, Reply
from bot.services.asking import Asker
from bot.services.couple import and_again
from bot.services.review import Done, ReviewDesk
from bot.services.review_chat_ask import ask, known, read_pick
from bot.services.review_chat_filling import is_behind, is_leaving, last, picked, typed
from bot.services.review_chat_people import AtDesk, DeskPeople
from bot.services.review_chat_steps import NEEDS, Pick, Step
from bot.services.review_choices import ACTIONS_OF, FORWARD, VIEW, Shown
from bot.services.review_history import clock_time
from bot.services.review_input import Order
from bot.services.turns import Work
from bot.texts import review_chat as words
from bot.texts.review import STATES
from bot.texts.summary import summary_text

Fill = Callable[[AtDesk], Step]
#: Enough to see what was done last; the page of the plan has it all.
_MOST_LINES = 5


class ReviewChat:
    """The use cases behind the buttons under a plan, and what is typed for them.

    At every message the chat must still be coupled to somebody for whom the plan exists.
    """

    def __init__(self, people: DeskPeople, desk: ReviewDesk, asker: Asker) -> None:
        """Find who acts by `people`; do it by `desk`; a teacher's own question is `asker`'s."""
        self._people = people
        self._desk = desk
        self._asker = asker

    async def press(self, work: Work) -> list[Reply]:
        """Do what a button under a plan says, or ask for the first thing that it needs."""
        pressed, shown = work.turn.pressed, Shown.read(work.turn.value)
        if pressed is None or shown is None:
            return await self._said(work, words.GONE)
        wanted = ACTIONS_OF.get(pressed.intent, ())
        at = await self._people.find(work, shown.plan_id, wanted)
        if at is None:
            return await self._said(work, words.GONE)
        if pressed.intent == VIEW:
            return await self._view(work, at)
        if pressed.intent not in NEEDS:
            order = Order(wanted[0], shown.seen, shown.version, f"turn:{work.turn.id}")
            return await self._act(work, at, order)
        step = Step(pressed.intent, shown, at.contact.id, mark=str(work.turn.id))
        if is_behind(step, at.shown):
            return await self._changed(work, at, step)
        if not set(wanted) & set(at.view.actions):
            is_forward = pressed.intent == FORWARD and not at.view.targets
            error = NotAllowedError(words.NOBODY_TO_SEND_TO if is_forward else None)
            return await self._refused(work, at, error, step)
        return self._ask(work, at, step)

    async def pick(self, work: Work) -> list[Reply]:
        """Take a button that belongs to a step; it has no meaning outside that step."""
        step, read = Step.read(work.pending), read_pick(work.turn.value)
        if step is None:
            return await self._said(work, words.STALE)
        if read is None or read[0] != step.mark:
            return await self._again(work, step, words.STALE)
        _, need, pick = read
        if pick == Pick.LEAVE:
            return await self._leave(work, step)
        return await self._fill(work, step, lambda at: known(at, picked(step, need, pick)))

    async def typed(self, work: Work) -> list[Reply]:
        """Take what was typed for a step."""
        step, turn = Step.read(work.pending), work.turn
        if step is None:
            return await self._asker.again(work)
        if is_leaving(turn.text):
            return await self._leave(work, step)
        summary = await work.uow.plans.summary(step.shown.plan_id) or {}
        return await self._fill(
            work, step, lambda _: typed(step, turn.text, turn.source, summary, work.now)
        )

    async def _fill(self, work: Work, step: Step, fill: Fill) -> list[Reply]:
        """Fill in one thing, then ask for the next, or do it."""
        at = await self._at(work, step)
        if at is None:
            return await self._said(work, words.GONE, step=step)
        if is_behind(step, at.shown):
            return await self._changed(work, at, step)
        try:
            filled = fill(at)
        except BadInputError as error:
            return self._ask(work, at, step, str(error))
        if not filled.is_complete:
            return self._ask(work, at, filled)
        return await self._act(work, at, filled.order(f"turn:{work.turn.id}"), filled)

    async def _act(
        self, work: Work, at: AtDesk, order: Order, step: Step | None = None
    ) -> list[Reply]:
        try:
            done = await self._desk.act(work.uow, at.actor, at.plan.id, order, work.now)
        except NotFoundError:
            return await self._said(work, words.GONE, step=step)
        except ChangedMeanwhileError:
            return await self._changed(work, at, step)
        except BadInputError as error:
            if step:
                return self._ask(work, at, last(step), str(error))
            return await self._refused(work, at, error)
        except NotAllowedError as error:
            return await self._refused(work, at, error, step)
        fresh = await self._people.find(work, at.plan.id, contact_id=at.contact.id)
        text = f"{at.name}\n\n{_done_text(order, done)}"
        return await self._said(work, text, fresh.choices if fresh else ())

    async def _view(self, work: Work, at: AtDesk) -> list[Reply]:
        """Show the plan; who was in the middle of a step is asked for it again."""
        view = at.view
        text = words.view_text(
            summary_text(view.shown.summary),
            words.stand(view.state, view.version, view.ask, view.deadline),
            [answer.title for answer in view.shown.answers if answer.is_changed],
            (await self._people.lines(work, at))[-_MOST_LINES:],
        )
        document = Document(DocumentKind.PLAN_PDF, at.plan.id, f"{view.reference}.pdf")
        whole = Reply(text, at.choices, document)
        step = Step.read(work.pending)
        if step:
            return [whole, *await self._again(work, step)]
        return await and_again(work, self._asker, whole)

    async def _at(self, work: Work, step: Step) -> AtDesk | None:
        return await self._people.find(work, step.shown.plan_id, contact_id=step.contact_id)

    def _ask(self, work: Work, at: AtDesk, step: Step, first: str = "") -> list[Reply]:
        work.wait_at_desk(step.pending())
        return [ask(at, step, work.now, first)]

    async def _again(self, work: Work, step: Step, first: str = "") -> list[Reply]:
        at = await self._at(work, step)
        if at is None:
            return await self._said(work, words.GONE, step=step)
        return self._ask(work, at, step, first)

    async def _leave(self, work: Work, step: Step) -> list[Reply]:
        at = await self._at(work, step)
        return await self._said(work, words.NOTHING_DONE, at.choices if at else ())

    async def _changed(self, work: Work, at: AtDesk, step: Step | None) -> list[Reply]:
        """Tell what happened meanwhile; the buttons beneath have seen that."""
        at = await self._people.find(work, at.plan.id, contact_id=at.contact.id) or at
        lines = await self._people.lines(work, at, step.shown.seen if step else 0)
        text = words.changed_text(at.name, str(ChangedMeanwhileError()), lines)
        return await self._said(work, text, at.choices, step)

    async def _refused(
        self, work: Work, at: AtDesk, error: Exception, step: Step | None = None
    ) -> list[Reply]:
        stand = words.stand(at.view.state, at.view.version, at.view.ask)
        return await self._said(work, f"{at.name}\n\n{error}\n{stand}", at.choices, step)

    async def _said(
        self,
        work: Work,
        text: str,
        choices: tuple[Choice, ...] = (),
        step: Step | None = None,
    ) -> list[Reply]:
        """Say how it ended; what was typed for a `step` that came to nothing is given back."""
        lost = [step.typed] if step and step.typed else []
        if step and not work.turn.pressed and work.turn.text not in "".join(lost):
            lost.append(work.turn.text)
        if lost:
            text = f"{text}\n\n{words.you_typed(lost)}"
        return await and_again(work, self._asker, Reply(text, choices))


def _done_text(order: Order, done: Done) -> str:
    leaves_at = done.review.leaves_at if order.action in DECISIONS else None
    until = clock_time(leaves_at) if leaves_at else ""
    return words.done_text(order.action, STATES[done.plan.status], until)
