"""An answer so long that Telegram's app sent it in several messages: it stays one answer."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.conversation import InboxRow
from bot.domain.inbox import Kind
from bot.domain.plan import Answer
from bot.services.ports import UnitOfWork

#: Telegram's apps break a text off at 4096 units, or at the white space before that.
_FULL = 4000
#: The app sends the parts at once; nobody types the next answer as soon as this.
_WITHIN = timedelta(seconds=5)


async def begun_before(uow: UnitOfWork, row: InboxRow) -> tuple[str, Answer] | None:
    """Give plan id and answer with which this message goes on; None when it stands by itself.

    An answer that was refused for its length leaves the parts before it, and those behind it go on
    with the same.
    """
    if row.kind is not Kind.TEXT:
        return None
    later = row
    for earlier in await uow.inbox.before(row.id):
        is_full = earlier.kind is Kind.TEXT and _units(earlier.text) >= _FULL
        if not is_full or later.received_at - earlier.received_at > _WITHIN or not earlier.source:
            return None
        found = await uow.plans.answer_from(row.person_id, earlier.source)
        if found:
            plan = await uow.plans.get(found[0])
            return found if plan.is_open and _units(found[1].text or "") >= _FULL else None
        later = earlier
    return None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
