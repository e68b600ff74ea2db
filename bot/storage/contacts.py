"""Role addresses of the regions, and what the directory or the FAQ lacked."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.contacts import Contact
from bot.domain.summary import RecipientRole
from bot.storage.tables import contact


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

    async def save(self, changed: Contact) -> None:
        """Store what changed of a contact."""
        values = {**asdict(changed), "role": changed.role.value}
        await self._connection.execute(
            update(contact).where(contact.c.id == changed.id).values(**values)
        )

    async def remove(self, contact_id: str) -> bool:
        """Remove a contact; False when there was none with this id."""
        result = await self._connection.execute(delete(contact).where(contact.c.id == contact_id))
        return bool(result.rowcount)
