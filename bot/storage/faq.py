"""What the FAQ and the directory lacked, and whether answers helped; never who asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.faq import Gap, Verdict
from bot.storage.insert_once import insert_once
from bot.storage.tables import faq_vote, gap


class SqlGaps:
    """The gaps in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def add(self, kind: str, text: str, now: datetime) -> None:
        """Note a gap for the beheerder."""
        await self._connection.execute(insert(gap).values(kind=kind, text=text, noted_at=now))

    async def all(self) -> list[Gap]:
        """Give all gaps, the newest first."""
        query = select(gap).order_by(gap.c.id.desc())
        rows = (await self._connection.execute(query)).all()
        return [Gap(row.id, row.kind, row.text, row.noted_at) for row in rows]

    async def remove(self, gap_id: int) -> bool:
        """Take a gap off the list; False when there was none with this id."""
        result = await self._connection.execute(delete(gap).where(gap.c.id == gap_id))
        return bool(result.rowcount)


class SqlVotes:
    """The thumbs in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def give(self, turn_id: int, entry: str, *, is_up: bool, now: datetime) -> None:
        """Store what was thought of the answer that a turn gave; a second thumb replaces it."""
        made = await insert_once(
            self._connection,
            faq_vote,
            "turn_id",
            "entry",
            turn_id=turn_id,
            entry=entry,
            is_up=is_up,
            given_at=now,
        )
        if not made:
            await self._connection.execute(
                update(faq_vote)
                .where(faq_vote.c.turn_id == turn_id, faq_vote.c.entry == entry)
                .values(is_up=is_up, given_at=now)
            )

    async def all(self) -> list[Verdict]:
        """Give for each rated entry its thumbs up and down, the most thumbs down first."""
        ups = func.sum(case((faq_vote.c.is_up, 1), else_=0)).label("ups")
        downs = func.sum(case((faq_vote.c.is_up, 0), else_=1)).label("downs")
        query = (
            select(faq_vote.c.entry, ups, downs)
            .group_by(faq_vote.c.entry)
            .order_by(downs.desc(), faq_vote.c.entry)
        )
        rows = (await self._connection.execute(query)).all()
        return [Verdict(row.entry, int(row.ups), int(row.downs)) for row in rows]
