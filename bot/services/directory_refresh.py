"""Keeps the search in step with the imported schools, without a restart."""

from __future__ import annotations

import asyncio

from bot.services.bell import Bell
from bot.services.directory_ports import SchoolStore
from bot.services.directory_search import DirectorySearch
from bot.services.looking import keep_looking


class DirectoryRefresh:
    """Looks now and then whether schools were imported, and lets the search know them."""

    def __init__(self, store: SchoolStore, directory: DirectorySearch) -> None:
        """Bring the schools in `store` to `directory`."""
        self._store = store
        self._directory = directory
        self._version = ""

    async def look(self) -> None:
        """Let the search know the imported schools, if they are others than before."""
        async with self._store.read() as uow:
            version = await uow.schools.version()
            if version == self._version:
                return
            schools = await uow.schools.all()
        # Building the index of a long list takes long enough to keep people waiting.
        await asyncio.to_thread(self._directory.know, schools)
        self._version = version

    async def run(self) -> None:
        """Look until cancelled; an import is in use within seconds."""
        await keep_looking(self.look, Bell(), "schools_not_read")
