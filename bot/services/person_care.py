"""What the beheerder does for a teacher who cannot reach the chat any more: export and delete."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.domain.errors import BadInputError
from bot.services.access import Access
from bot.services.plan_readers import readers
from bot.services.ports import UnitOfWork
from bot.texts import privacy as words
from bot.texts.conversation import read_by

log = structlog.get_logger()


@dataclass(frozen=True)
class Owner:
    """Whose plan it is; `references` of all plans of theirs that were sent, `drafts` the others."""

    person_id: str
    references: tuple[str, ...]
    drafts: int
    #: who has got which plan to read, one line a plan
    read: tuple[str, ...]


class PersonCare:
    """The use cases; a person is named by a plan, since nothing else about them is known."""

    def __init__(self, access: Access) -> None:
        """Know by `access` who read a plan."""
        self._access = access

    async def owner(self, uow: UnitOfWork, reference: str) -> Owner:
        """Give whose plan this is; raises BadInputError when no plan has this number."""
        found = await uow.reviews.by_reference(reference.strip().upper())
        if found is None:
            raise BadInputError(words.NO_SUCH_PLAN.format(reference=reference))
        person_id = found[0].person_id
        plans = await uow.plans.of(person_id)
        read = []
        for plan in plans:
            if names := await readers(uow, self._access, plan):
                read.append(read_by(plan, names))
        sent = tuple(plan.reference for plan in plans if plan.reference)
        return Owner(person_id, sent, len(plans) - len(sent), tuple(read))

    async def delete(self, uow: UnitOfWork, reference: str) -> Owner:
        """Delete everything of whose plan this is, also the bare chat; give what there was."""
        owner = await self.owner(uow, reference)
        await uow.people.delete(owner.person_id, keep_turn=None)
        log.warning("person_deleted", person=owner.person_id)
        return owner
