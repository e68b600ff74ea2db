"""What the assistant makes of a text, along the road that a message of the chat takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.commands import INTENTS, read_text
from bot.chat.rasa_client import RasaClient
from bot.domain.faq import FaqEntry
from bot.domain.inbox import Kind
from bot.domain.plan_questions import QuestionSet, choices_in
from bot.domain.turn import Open, OpenKind

_COMMAND_PREFIX = "cmd_"


@dataclass(frozen=True)
class Understood:
    """What a text came to.

    `outcome` is answer (with `faq`), suggest (with `suggestions`), plan_answer, command or unknown;
    an answer that goes on with a command names that too. `confidence` lies between 0 and 1.
    """

    text: str
    outcome: str
    faq: str | None = None
    suggestions: tuple[str, ...] = ()
    command: str | None = None
    confidence: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        return {**vars(self), "suggestions": list(self.suggestions)}


class Understanding:
    """Asks Rasa what a text means, as the worker does with a message."""

    def __init__(
        self, rasa: RasaClient, entries: Mapping[str, FaqEntry], questions: QuestionSet
    ) -> None:
        """Understand with `rasa`; `entries` can be answered, `questions` make up a plan."""
        self._rasa = rasa
        self._entries = entries
        self._questions = questions

    async def of(self, text: str, during: str | None = None) -> Understood:
        """Tell what `text` comes to; with `during` while that question of a plan is open."""
        kind, said = read_text(text)
        if kind is Kind.COMMAND:
            return Understood(text, "command", command=_name(INTENTS.get(said, said)))
        if not said.strip():
            return Understood(text, "unknown")
        open_ = Open(OpenKind.QUESTION) if kind is Kind.QUESTION else self._open(said, during)
        return self._read(text, await self._rasa.understand(said, open_))

    def _open(self, said: str, during: str | None) -> Open:
        if during is None:
            return Open()
        return Open(OpenKind.PLAN, None, during, *choices_in(self._questions[during], said))

    def _read(self, text: str, parsed: dict[str, Any]) -> Understood:
        intent = parsed["intent"]["name"]
        confidence = round(min(max(float(parsed["intent"]["confidence"]), 0.0), 1.0), 4)
        ids = tuple(id_ for id_ in parsed.get("suggestions") or () if id_ in self._entries)
        if intent == "faq" and ids:
            then = self._entries[ids[0]].then
            return Understood(text, "answer", ids[0], ids, then, confidence)
        if intent == "suggest" and ids:
            return Understood(text, "suggest", None, ids, None, confidence)
        if intent == "plan_answer":
            return Understood(text, "plan_answer", None, ids, None, confidence)
        if intent in ("unknown", "faq", "suggest"):
            return Understood(text, "unknown", None, (), None, confidence)
        return Understood(text, "command", None, (), _name(intent), confidence)


def _name(intent: str) -> str:
    return intent.removeprefix(_COMMAND_PREFIX)
