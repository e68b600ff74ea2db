"""Makes the files that go with a message, at the moment they are sent."""

from __future__ import annotations

import asyncio
import json

from bot.delivery.calendar import invitation, planned_talk
from bot.delivery.pdf import render_pdf
from bot.domain.summary import PlanSummary
from bot.domain.turn import DocumentKind
from bot.services.ports import Store


class DocumentMaker:
    """Makes files from what is stored."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store

    async def make(self, kind: DocumentKind, subject: str) -> bytes | None:
        """Give the file about `subject` (a plan's or person's id), None when it is gone.

        An invitation holds the chosen moment, or else all that were proposed last.
        """
        async with self._store.read() as uow:
            if kind is DocumentKind.MY_DATA:
                data = await uow.people.export(subject)
                return json.dumps(data, ensure_ascii=False, indent=2).encode()
            stored = await uow.plans.summary(subject)
            events = await uow.reviews.events(subject) if kind is DocumentKind.INVITATION else ()
        if stored is None:
            return None
        summary = PlanSummary.from_dict(stored)
        if kind is DocumentKind.INVITATION:
            talk = planned_talk(subject, summary, events)
            return invitation(talk) if talk else None
        return await asyncio.to_thread(render_pdf, summary)
