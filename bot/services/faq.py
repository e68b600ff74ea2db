"""Answers questions about STO from `content/faq/`, and notes what it could not answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.domain.errors import ContentError
from bot.domain.turn import OpenKind, Reply
from bot.services.asking import Asker
from bot.services.turns import Work
from bot.texts import conversation as words

#: The sources that are documents rather than pages.
_DOCUMENTS = {
    "flyer": "de flyer van STO voor scholen zonder technisch profiel",
    "presentatie": "de presentatie van STO Noord-Nederland",
}


@dataclass(frozen=True)
class FaqEntry:
    """One question with its answer; `status` is current, old (2020-2024) or derived (ours)."""

    id: str
    question: str
    answer: str
    status: str
    sources: tuple[str, ...]
    source_dates: tuple[str, ...] = ()

    @property
    def intent(self) -> str:
        """Give the intent that Rasa knows this question by."""
        return "faq_" + self.id.replace("-", "_")


def read_faq(folder: Path) -> dict[str, FaqEntry]:
    """Read every file of the folder into entries by intent; raises ContentError in Dutch."""
    entries: dict[str, FaqEntry] = {}
    for path in sorted(folder.glob("*.yml")):
        for item in _items(path):
            entry = _entry(item, path.name)
            if entry.intent in entries:
                raise ContentError(f"{path.name}: de vraag {entry.id} staat er twee keer in.")
            entries[entry.intent] = entry
    return entries


def _items(path: Path) -> list[Any]:
    try:
        items = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or []  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name} is niet te lezen: {error}") from error
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ContentError(f"{path.name}: verwacht een lijst met vragen (- id: …).")
    return items


def _entry(item: Any, name: str) -> FaqEntry:
    lacking = [
        key for key in ("id", "question", "answer", "status", "sources") if not item.get(key)
    ]
    if lacking:
        raise ContentError(f"{name}, vraag {item.get('id', '?')}: ontbreekt: {', '.join(lacking)}.")
    return FaqEntry(
        id=item["id"],
        question=item["question"],
        answer=" ".join(item["answer"].split()),
        status=item["status"],
        sources=tuple(item["sources"]),
        source_dates=tuple(item.get("source_dates") or ()),
    )


class Faq:
    """The use cases around questions."""

    def __init__(self, entries: Mapping[str, FaqEntry], asker: Asker) -> None:
        """Answer from `entries`, by intent."""
        self._entries = entries
        self._asker = asker

    async def answer(self, work: Work) -> list[Reply]:
        """Answer the question that was recognised, and go back to what was open."""
        entry = self._entries.get(work.turn.intent or "")
        if not entry:
            return await self.unknown(work)
        return await self._asker.again(work, first=entry_text(entry))

    async def ask(self, work: Work) -> list[Reply]:
        """Invite a question; the next message is read as one, then the plan goes on."""
        work.open(OpenKind.QUESTION)
        return [Reply(words.ASK_PROMPT)]

    async def unknown(self, work: Work) -> list[Reply]:
        """Say that this is not known; a question is noted for the beheerder, without who asked.

        Only what was meant as a question is noted: other text may be about the person.
        """
        is_question = work.turn.open.kind is OpenKind.QUESTION or (
            work.turn.open.kind is OpenKind.NONE and work.turn.text.rstrip().endswith("?")
        )
        if work.turn.text and is_question:
            await work.uow.gaps.add("question", work.turn.text, work.now)
        if work.turn.open.kind is OpenKind.QUESTION:
            return await self._asker.again(work, first=words.UNKNOWN_IN_QUESTION)
        return await self._asker.again(work, first=words.UNKNOWN)


def entry_text(entry: FaqEntry) -> str:
    """Give an answer with how old it is and where it comes from."""
    lines = [entry.answer]
    if entry.status == "old":
        lines.append(words.FAQ_OLD)
    if entry.status == "derived":
        lines.append(words.FAQ_DERIVED)
    dates = f" ({', '.join(entry.source_dates)})" if entry.source_dates else ""
    sources = ", ".join(_DOCUMENTS.get(source, source) for source in entry.sources)
    lines.append(f"Bron: {sources}{dates}")
    return "\n".join(lines)
