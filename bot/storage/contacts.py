"""Role addresses of the regions, and what the directory or the FAQ lacked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.contacts import Contact
from bot.domain.summary import RecipientRole
from bot.storage.tables import contact, gap


class SqlContacts:
    """The contacts in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def all(self) -> list[Contact]:
        """Give every contact, by region, role and id."""
        query = select(contact).order_by(contact.c.region_id, contact.c.role, contact.c.id)
        return [
            Contact(**{**row._mapping, "role": RecipientRole(row.role)})
            for row in (await self._connection.execute(query)).all()
        ]

    async def add(self, new: Contact) -> None:
        """Store a contact."""
        await self._connection.execute(
            insert(contact).values(**{**asdict(new), "role": new.role.value})
        )

    async def remove(self, contact_id: str) -> bool:
        """Remove a contact; False when there was none with this id."""
        result = await self._connection.execute(delete(contact).where(contact.c.id == contact_id))
        return bool(result.rowcount)


class SqlGaps:
    """The gaps in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def add(self, kind: str, text: str, now: datetime) -> None:
        """Note a gap for the beheerder."""
        await self._connection.execute(insert(gap).values(kind=kind, text=text, noted_at=now))

    async def all(self) -> list[tuple[str, str, datetime]]:
        """Give all gaps, the newest first."""
        query = select(gap.c.kind, gap.c.text, gap.c.noted_at).order_by(gap.c.id.desc())
        return [tuple(row) for row in (await self._connection.execute(query)).all()]
