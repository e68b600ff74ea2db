"""The conversation in a terminal: the same inbox and worker as every other way in."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.chat.commands import read_text
from bot.chat.intake import Intake
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.text import clean
from bot.domain.turn import DocumentKind
from bot.services.bell import Broadcast, heard
from bot.storage.database import Database

#: Rings come from this process alone; now and then we look for ourselves.
_LOOK_SECONDS = 1.0

MakeDocument = Callable[[DocumentKind, str], Awaitable[bytes | None]]


@dataclass(frozen=True)
class TerminalReply:
    """One message to the person, its choices, and the file that came with it."""

    text: str
    choices: list[str]
    document: dict[str, str] | None

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object for scripts; without a file there is no `document`."""
        shown: dict[str, Any] = {"text": self.text, "choices": self.choices}
        if self.document:
            shown["document"] = self.document
        return shown


class TerminalChat:
    """One person at a terminal; `name` is the conversation that goes on next time."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        said: Broadcast,
        make_document: MakeDocument,
        fill: Callable[[str], str],
        data_dir: Path,
        name: str,
    ) -> None:
        """Put files under `data_dir`; `fill` writes the addresses of links into stored texts."""
        self._database = database
        self._intake = intake
        self._said = said
        self._make_document = make_document
        self._fill = fill
        self._folder = data_dir / "documenten"
        self._name = name
        self._turn_before: int | None = None
        self._last_shown = 0

    async def say(self, text: str) -> list[TerminalReply]:
        """Say something; give what is answered, when it is answered."""
        kind, said = read_text(clean(text))
        return await self._turn(kind, said)

    async def press(self, label: str) -> list[TerminalReply]:
        """Press the button with this label among those shown last."""
        return await self._turn(Kind.PRESS, clean(label))

    async def _turn(self, kind: Kind, text: str) -> list[TerminalReply]:
        key = f"terminal:{secrets.token_hex(12)}"
        message = Incoming(Channel.TERMINAL, self._name, key, kind, text, source=key)
        turn_id = (await self._intake.store([message]))[0]
        if turn_id is None:
            return []
        while True:
            ring = self._said.listen(self._name)
            async with self._database.read() as uow:
                if await uow.turns.is_over(turn_id):
                    said = await uow.outbox.of_turn(turn_id)
                    if self._turn_before is not None:
                        # What was said unasked since then stands with the message before.
                        said = [*await uow.outbox.of_turn(self._turn_before), *said]
                    break
            await heard(ring, _LOOK_SECONDS)
        new = [payload for payload in said if payload["id"] > self._last_shown]
        self._turn_before = turn_id
        self._last_shown = max((payload["id"] for payload in new), default=self._last_shown)
        return [await self._reply(payload) for payload in new]

    async def _reply(self, payload: dict[str, Any]) -> TerminalReply:
        document = None
        if payload["document"]:
            document = await self._saved(payload["document"])
        return TerminalReply(
            self._fill(payload["text"]),
            [choice["label"] for choice in payload["choices"]],
            document,
        )

    async def _saved(self, document: dict[str, str]) -> dict[str, str] | None:
        content = await self._make_document(DocumentKind(document["kind"]), document["subject"])
        if content is None:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / document["name"]
        path.write_bytes(content)
        return {"name": document["name"], "path": str(path.resolve())}
