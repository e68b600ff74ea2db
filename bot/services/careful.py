"""Warns before an answer is kept that seems to name a pupil, a number or somebody's health."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.conversation import InboxRow
from bot.domain.personal_data import personal_data, personal_data_for
from bot.domain.plan import Plan
from bot.domain.turn import Choice, Reply, Turn
from bot.services.asking import Asker
from bot.services.turns import Work
from bot.texts import personal_data as words

PENDING = "careful"


class Careful:
    """Holds an answer back until the teacher has written it anew or wants it kept as it is."""

    def __init__(self, asker: Asker) -> None:
        """Ask the open question again with `asker`."""
        self._asker = asker

    def is_needed(self, step: str, turn: Turn) -> bool:
        """Say whether what was typed for a step has to be confirmed first."""
        return not turn.pressed and bool(personal_data_for(step, turn.text))

    async def warn(self, work: Work, plan: Plan, row_id: int) -> list[Reply]:
        """Keep nothing yet: the message waits in the inbox; its text goes if it is not kept."""
        await self.forget_held(work)
        keep = Choice(words.KEEP_AS_IS, "keep_as_is", str(row_id), plan.at)
        found = personal_data(work.turn.text)
        replies = await self._asker.again(work, first=words.warning(found), before=(keep,))
        pending = {"kind": PENDING, "turn": row_id}
        work.conversation = replace(work.conversation, pending=pending)
        return replies

    async def forget_held(self, work: Work) -> None:
        """Empty the message that was held back before this one, now that it is not kept."""
        held = work.pending or {}
        if held.get("kind") == PENDING:
            await work.uow.inbox.forget_text(int(held["turn"]))

    async def held(self, work: Work) -> InboxRow | None:
        """Give the message that the pressed button is about; None when its text is gone."""
        if not work.turn.value:
            return None
        row = await work.uow.inbox.get(int(work.turn.value))
        is_own = row.conversation_id == work.conversation.id
        return row if is_own and row.text else None
