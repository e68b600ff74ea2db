"""Inserts a row unless its unique key is there already, whoever was first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_once(
    connection: AsyncConnection, table: Table, *unique: str, **values: Any
) -> Any | None:
    """Insert `values`; give the new row's primary key, or None when `unique` was there already.

    Where two transactions insert the same at once, the second waits for the first, then gets None.
    """
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(table)
        .values(**values)
        .on_conflict_do_nothing(index_elements=list(unique))
        .returning(*table.primary_key)
    )
    return (await connection.execute(statement)).scalar()
