"""Lists in a coupled chat which plans wait for the contact that it speaks for."""

from __future__ import annotations

from bot.domain.turn import Choice, Reply
from bot.services.access import actor_of
from bot.services.asking import Asker
from bot.services.clock import dutch_date
from bot.services.couple import Couple, and_again, coupled
from bot.services.overview_ports import OverviewRow, Scope, Sorting, WaitsFor, Wanted
from bot.services.review_choices import VIEW, Shown
from bot.services.turns import Work
from bot.texts import review_chat as words
from bot.texts.summary import dutch_date as date_in_words

#: Enough to choose from on a phone.
_MOST = 8


class ReviewBoard:
    """The use case behind /bord."""

    def __init__(self, couple: Couple, asker: Asker) -> None:
        """Offer to uncouple by `couple`; a teacher's own question is asked again by `asker`."""
        self._couple = couple
        self._asker = asker

    async def show(self, work: Work) -> list[Reply]:
        """List the plans that wait for whom this chat speaks for, the longest waiting first."""
        contacts = await coupled(work.uow, work.conversation.id)
        if not contacts:
            return await self._asker.again(work, first=words.NOT_COUPLED)
        waiting: list[OverviewRow] = []
        number = 0
        for contact in contacts:
            scope = Scope(actor_of(contact))
            wanted = Wanted(waits_for=WaitsFor.ME, order=Sorting.WAITING)
            rows, total = await work.uow.overview.rows(scope, wanted, limit=_MOST)
            waiting += rows
            number += total
        shown = sorted(waiting, key=lambda row: (row.waiting_since, row.reference))[:_MOST]
        look = [
            Choice(words.LOOK_AT.format(reference=row.reference), VIEW, Shown(row.plan_id).value)
            for row in shown
        ]
        choices = (*look, *self._couple.uncouple_choices(contacts))
        text = words.board_text([_line(row) for row in shown], number - len(shown))
        return await and_again(work, self._asker, Reply(text, choices))


def _line(row: OverviewRow) -> str:
    since = date_in_words(dutch_date(row.waiting_since))
    return words.board_line(row.reference, row.summary.get("title") or "", row.school, since)
