"""A person's rights: what is stored, a copy of it, and deleting it."""

from __future__ import annotations

from bot.domain.text import folded
from bot.domain.turn import Choice, Document, DocumentKind, OpenKind, Reply
from bot.services.access import Access
from bot.services.asking import Asker
from bot.services.clock import dutch_date as iso_date
from bot.services.plan_readers import readers
from bot.services.turns import Work
from bot.services.welcome import Operator
from bot.texts import conversation as words
from bot.texts import privacy as privacy_words
from bot.texts.summary import dutch_date

#: Who types his consent says that it is about everything.
_ALL = frozenset({"alles", "everything"})


class Privacy:
    """The use cases around a person's own data."""

    def __init__(self, operator: Operator, asker: Asker, access: Access) -> None:
        """Name `operator` as responsible, and by `access` who read a plan."""
        self._operator = operator
        self._asker = asker
        self._access = access

    async def privacy(self, work: Work) -> list[Reply]:
        """Tell what is stored, why, who reads it, which rights there are, and how long it stays."""
        kept = privacy_words.kept(self._operator.keep, self._operator.email)
        return [
            Reply(privacy_words.privacy(self._operator.name)),
            *await self._asker.again(work, first=kept),
        ]

    async def export(self, work: Work) -> list[Reply]:
        """Give everything that is stored about this person, as a file and to read."""
        who = work.turn.person_id
        data = Document(DocumentKind.MY_DATA, who, words.EXPORT_NAME)
        page = Document(DocumentKind.MY_DATA_PDF, who, words.EXPORT_PDF_NAME)
        return [
            Reply(words.EXPORT, document=data),
            Reply(words.EXPORT_PDF, document=page),
            *await self._asker.again(work),
        ]

    async def ask_delete(self, work: Work) -> list[Reply]:
        """Ask once more before deleting, and say who has read what and may have kept it."""
        text = words.DELETE_ASK
        read = []
        for plan in await work.uow.plans.of(work.turn.person_id):
            if names := await readers(work.uow, self._access, plan):
                read.append(words.read_by(plan, names))
        if read:
            text += "\n" + "\n".join((words.DELETE_READ, *read))
        return await self._asked(work, text)

    async def _asked(self, work: Work, text: str) -> list[Reply]:
        work.open(OpenKind.DELETE)
        return [
            Reply(
                text,
                (
                    Choice(words.YES_DELETE, "delete_confirm", None, OpenKind.DELETE.value),
                    Choice(words.NO_DELETE, "delete_cancel", None, OpenKind.DELETE.value),
                ),
            )
        ]

    async def delete(self, work: Work) -> list[Reply]:
        """Delete everything of this person; what waits to be sent is cancelled with it."""
        if work.turn.open.kind is not OpenKind.DELETE:
            return await self._asker.again(work)
        if not work.turn.pressed and not _ALL.intersection(folded(work.turn.text).split()):
            # A plain yes may be meant for the question before this one.
            return await self._asked(work, words.DELETE_SURE)
        plans = await work.uow.plans.of(work.turn.person_id)
        await work.uow.people.delete(work.turn.person_id, keep_turn=work.turn.id)
        work.put_plan_away()
        number = "1 plan" if len(plans) == 1 else f"{len(plans)} plannen"
        day = dutch_date(iso_date(work.now))
        return [Reply(words.DELETED.format(date=day, plans=number))]

    async def keep(self, work: Work) -> list[Reply]:
        """Delete nothing."""
        return await self._asker.again(work, first=words.NOT_DELETED)
