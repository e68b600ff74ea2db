"""Schools of imported lists, each row with its source and date."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.directory import Basis, School
from bot.storage.directory_tables import school


class SqlSchools:
    """The imported schools in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def all(self) -> list[School]:
        """Give every imported school, by list and key."""
        return await self._read(select(school).order_by(school.c.list_name, school.c.key))

    async def of(self, list_name: str) -> list[School]:
        """Give the schools of one list, by key."""
        query = select(school).where(school.c.list_name == list_name)
        return await self._read(query.order_by(school.c.key))

    async def replace(self, list_name: str, schools: list[School], now: datetime) -> None:
        """Put these schools in the place of all that the list held."""
        await self._connection.execute(delete(school).where(school.c.list_name == list_name))
        rows = [{**asdict(one), "basis": one.basis and one.basis.value} for one in schools]
        if rows:
            values = [{**row, "imported_at": now} for row in rows]
            await self._connection.execute(insert(school), values)

    async def version(self) -> str:
        """Give a mark that differs after every import."""
        query = select(func.count(), func.max(school.c.imported_at))
        count, latest = (await self._connection.execute(query)).one()
        return f"{count} {latest}"

    async def _read(self, query: Select[Any]) -> list[School]:
        return [_school(row) for row in (await self._connection.execute(query)).all()]


def _school(row: Row[Any]) -> School:
    values = dict(row._mapping)
    del values["imported_at"]
    return School(**{**values, "basis": Basis(row.basis) if row.basis else None})
