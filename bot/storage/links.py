"""The links that were given out; what a link reads like is not in here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.access import Link, Purpose
from bot.storage.review_tables import link


class SqlLinks:
    """The links in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def add(self, new: Link) -> None:
        """Store a link."""
        await self._connection.execute(
            insert(link).values(
                id=new.id,
                purpose=new.purpose.value,
                plan_id=new.plan_id,
                contact_id=new.contact_id,
                email=new.email,
                created_at=new.created_at,
                expires_at=new.expires_at,
                is_revoked=new.is_revoked,
                used_at=new.used_at,
            )
        )

    async def get(self, link_id: str) -> Link | None:
        """Give a link, whatever its state, or None."""
        row = (await self._connection.execute(select(link).where(link.c.id == link_id))).first()
        return _link(row) if row else None

    async def find(
        self, purpose: Purpose, plan_id: str | None, contact_id: str | None, email: str | None
    ) -> list[Link]:
        """Give the links with exactly this purpose, plan, contact and address, the newest first."""
        query = (
            select(link)
            .where(
                link.c.purpose == purpose.value,
                link.c.plan_id.is_not_distinct_from(plan_id),
                link.c.contact_id.is_not_distinct_from(contact_id),
                link.c.email.is_not_distinct_from(email),
            )
            .order_by(link.c.created_at.desc())
        )
        return [_link(row) for row in (await self._connection.execute(query)).all()]

    async def of_plan(self, purpose: Purpose, plan_id: str) -> list[Link]:
        """Give the links of a plan with this purpose, whatever their state, the newest first."""
        query = (
            select(link)
            .where(link.c.plan_id == plan_id, link.c.purpose == purpose.value)
            .order_by(link.c.created_at.desc())
        )
        return [_link(row) for row in (await self._connection.execute(query)).all()]

    async def revoke(self, *, plan_id: str | None = None, contact_id: str | None = None) -> None:
        """Let no link of this plan, or of this contact, open anything any more."""
        named = ((link.c.plan_id, plan_id), (link.c.contact_id, contact_id))
        for column, value in named:
            if value is not None:
                await self._connection.execute(
                    update(link).where(column == value).values(is_revoked=True)
                )

    async def end(self, email: str, now: datetime) -> list[Link]:
        """Let no link that went to an address open anything any more; give those that still did."""
        ended = await self._connection.execute(
            update(link)
            .where(
                func.lower(link.c.email) == email.strip().lower(),
                link.c.is_revoked.is_(False),
                link.c.expires_at > now,
            )
            .values(is_revoked=True)
            .returning(link)
        )
        return [_link(row) for row in ended]

    async def use(self, link_id: str, now: datetime) -> bool:
        """Use a link up; False when that was done before."""
        result = await self._connection.execute(
            update(link).where(link.c.id == link_id, link.c.used_at.is_(None)).values(used_at=now)
        )
        return bool(result.rowcount)


def _link(row: Row[Any]) -> Link:
    return Link(**{**row._mapping, "purpose": Purpose(row.purpose)})
