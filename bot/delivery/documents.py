"""Makes the files that go with a message, at the moment they are sent."""

from __future__ import annotations

import json
from functools import partial

from bot.delivery.calendar import invitation, planned_talk
from bot.delivery.pdf import render_my_data, render_pdf
from bot.delivery.pdf_in_time import in_time
from bot.domain.summary import PlanSummary
from bot.domain.turn import DocumentKind
from bot.services.clock import Clock
from bot.services.ports import Store
from bot.texts.my_data import my_data_page


class DocumentMaker:
    """Makes files from what is stored."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Read from `store`; `clock` dates what says when it was made."""
        self._store = store
        self._clock = clock

    async def make(self, kind: DocumentKind, subject: str) -> bytes | None:
        """Give the file about `subject` (a plan's or person's id), None when it is gone.

        An invitation holds the chosen moment, or else all that were proposed last.
        """
        if kind is DocumentKind.MY_DATA:
            async with self._store.read() as uow:
                data = await uow.people.export(subject)
            return json.dumps(data, ensure_ascii=False, indent=2).encode()
        if kind is DocumentKind.MY_DATA_PDF:
            return await self._my_data_pdf(subject)
        async with self._store.read() as uow:
            stored = await uow.plans.summary(subject)
            events = await uow.reviews.events(subject) if kind is DocumentKind.INVITATION else ()
        if stored is None:
            return None
        summary = PlanSummary.from_dict(stored)
        if kind is DocumentKind.INVITATION:
            talk = planned_talk(subject, summary, events)
            return invitation(talk) if talk else None
        return await in_time(partial(render_pdf, summary))

    async def _my_data_pdf(self, person_id: str) -> bytes:
        async with self._store.read() as uow:
            data = await uow.people.export(person_id)
            versions = {plan["questions_version"] for plan in data["plans"]}
            questions = {version: await uow.questions.get(version) for version in versions}
        now = self._clock.now()
        page = my_data_page(data, questions, now)
        return await in_time(partial(render_my_data, page, now))
