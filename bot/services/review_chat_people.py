"""As whom somebody in a coupled chat acts on a plan: looked up anew at every message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.authority import events_for
from bot.domain.contacts import Contact
from bot.domain.errors import NotFoundError
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import Action
from bot.domain.roles import Actor
from bot.domain.turn import Choice
from bot.services.access import Access, actor_of
from bot.services.couple import coupled
from bot.services.review_choices import Shown, buttons
from bot.services.review_history import history
from bot.services.review_view import PlanView, ReviewViews
from bot.services.turns import Work
from bot.texts import review_chat as words


@dataclass(frozen=True)
class AtDesk:
    """A contact with a plan before it, as both are now; `events` are those it may know of."""

    contact: Contact
    plan: Plan
    review: Review
    events: tuple[PlanEvent, ...]
    view: PlanView

    @property
    def actor(self) -> Actor:
        """Give the contact as somebody who acts."""
        return actor_of(self.contact)

    @property
    def name(self) -> str:
        """Name the plan on one line."""
        return words.about(self.view.reference, self.view.title)

    @property
    def shown(self) -> Shown:
        """Give what is on the screen once this is shown."""
        return Shown(self.plan.id, self.view.version, self.view.seen)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Give the buttons for what can be done now."""
        return buttons(self.shown, self.view.actions)


class DeskPeople:
    """Finds as whom a chat acts, and what a plan went through."""

    def __init__(self, access: Access, views: ReviewViews) -> None:
        """Check authority with `access`; look at plans by `views`."""
        self._access = access
        self._views = views

    async def find(
        self,
        work: Work,
        plan_id: str,
        wanted: Iterable[Action] = (),
        contact_id: str | None = None,
    ) -> AtDesk | None:
        """Give who this chat speaks for on a plan; None where it speaks for nobody who may see it.

        Of several the one who may do what is `wanted` comes first, then the one who has the plan.
        With `contact_id` only that contact counts.
        """
        asked = set(wanted)
        found = []
        for contact in await coupled(work.uow, work.conversation.id):
            if contact_id in (None, contact.id):
                found.append(await self._at_desk(work, contact, plan_id))
        known = [one for one in found if one]
        return min(
            known,
            key=lambda one: (
                asked.isdisjoint(one.view.actions),
                one.review.holder_id != one.contact.id,
            ),
            default=None,
        )

    async def _at_desk(self, work: Work, contact: Contact, plan_id: str) -> AtDesk | None:
        actor = actor_of(contact)
        try:
            seen = await self._access.seen(work.uow, actor, plan_id)
            view = await self._views.view(work.uow, actor, plan_id, work.now)
        except NotFoundError:
            return None
        if seen.review is None:
            return None
        events = events_for(seen.events, actor.role, seen.review)
        return AtDesk(contact, seen.plan, seen.review, events, view)

    async def lines(self, work: Work, desk: AtDesk, after: int = 0) -> tuple[str, ...]:
        """Tell what happened to a plan behind the event `after`, the oldest first."""
        events = [event for event in desk.events if event.id > after]
        known = {contact.id: contact for contact in await work.uow.contacts.all()}
        known[self._access.operator.id] = self._access.operator
        told = history(events, desk.view.askable, known, desk.contact.id)
        return tuple(words.history_line(one.who, one.what, one.said) for one in reversed(told))
