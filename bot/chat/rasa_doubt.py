"""Tells a message that Rasa cannot handle from a Rasa that handles nothing."""

from __future__ import annotations

import asyncio

from bot.chat.rasa_client import RasaClient, RasaFailedError, RasaUnavailableError
from bot.domain.conversation import InboxRow

#: After Rasa was found to handle nothing, it is asked again at most this often.
_ASK_AGAIN = 1.0


class RasaDoubt:
    """Brings turns to Rasa; one that fails is the message's fault only when Rasa can do others.

    So an hour in which Rasa hangs, answers nonsense or does not know us puts nobody's message
    aside. While in doubt no message is sent before Rasa has understood a text of ours. A message
    after which a Rasa that just did understands nothing any more is to blame all the same:
    otherwise one that hangs Rasa would come back for ever.
    """

    def __init__(self, rasa: RasaClient) -> None:
        """Bring turns to `rasa`."""
        self._rasa = rasa
        self._is_doubted = False
        self._asking = asyncio.Lock()
        self._failed_at: float | None = None

    async def turn(self, row: InboxRow) -> None:
        """Have a turn answered.

        Raises RasaUnavailableError, or RasaFailedError where the message may be to blame.
        """
        was_asked = self._is_doubted
        if was_asked and not await self._is_able():
            raise RasaUnavailableError
        self._is_doubted = False
        try:
            await self._rasa.turn(row)
        except RasaFailedError as error:
            if await self._is_able():
                raise
            self._is_doubted = True
            if was_asked:
                raise
            raise RasaUnavailableError from error

    async def _is_able(self) -> bool:
        loop = asyncio.get_running_loop()
        async with self._asking:
            if self._failed_at is not None and loop.time() < self._failed_at + _ASK_AGAIN:
                return False
            is_able = await self._rasa.is_able()
            self._failed_at = None if is_able else loop.time()
            return is_able
