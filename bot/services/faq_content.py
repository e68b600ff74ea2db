"""Reads the questions and answers in `content/faq/`, and the regional ones in its `regions/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.errors import ContentError
from bot.domain.faq import FaqEntry, FaqStatus, FollowUp, RegionalAnswer
from bot.services.yaml_content import read_yaml

_Kind = TypeVar("_Kind", bound=StrEnum)
_NEEDED = ("id", "question", "short", "answer", "status", "sources")
_NEEDED_IN_REGION = ("id", "answer", "sources")


@dataclass(frozen=True)
class FaqContent:
    """Every entry by its id, and by region the answers that hold there."""

    entries: Mapping[str, FaqEntry]
    regional: Mapping[str, Mapping[str, RegionalAnswer]]


def read_faq(folder: Path, regions: Iterable[str] = ()) -> FaqContent:
    """Read every file of the folder; raises ContentError in Dutch that names the place to mend.

    The name of a file in `regions/` is one of the ids in `regions`.
    """
    entries: dict[str, FaqEntry] = {}
    for path in sorted(folder.glob("*.yml")):
        for item in _items(path, _NEEDED):
            entry = _entry(item, path.name)
            if entry.id in entries:
                raise ContentError(f"{path.name}: de vraag {entry.id} staat er twee keer in.")
            entries[entry.id] = entry
    for entry in entries.values():
        for other in entry.related:
            if other not in entries or other == entry.id:
                raise ContentError(f"De vraag {entry.id} verwijst naar {other}; die is er niet.")
    return FaqContent(entries, _regional(folder / "regions", entries, frozenset(regions)))


def _regional(
    folder: Path, entries: Mapping[str, FaqEntry], regions: frozenset[str]
) -> dict[str, dict[str, RegionalAnswer]]:
    regional: dict[str, dict[str, RegionalAnswer]] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.stem not in regions:
            raise ContentError(f"regions/{path.name}: {path.stem} is geen id van een regio.")
        answers = regional.setdefault(path.stem, {})
        for item in _items(path, _NEEDED_IN_REGION):
            if item["id"] not in entries or item["id"] in answers:
                raise ContentError(
                    f"regions/{path.name}: de vraag {item['id']} is er niet, of staat er twee keer."
                )
            answers[item["id"]] = RegionalAnswer(
                answer=" ".join(item["answer"].split()),
                sources=tuple(item["sources"]),
                source_dates=tuple(item.get("source_dates") or ()),
            )
    return regional


def _items(path: Path, needed: tuple[str, ...]) -> list[Any]:
    items = read_yaml(path) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ContentError(f"{path.name}: verwacht een lijst met vragen (- id: …).")
    for item in items:
        lacking = [key for key in needed if not item.get(key)]
        if lacking:
            name = item.get("id", "?")
            raise ContentError(f"{path.name}, vraag {name}: ontbreekt: {', '.join(lacking)}.")
    return items


def _entry(item: Any, name: str) -> FaqEntry:
    where = f"{name}, vraag {item['id']}"
    return FaqEntry(
        id=item["id"],
        question=item["question"],
        short=item["short"],
        answer=" ".join(item["answer"].split()),
        status=_one_of(FaqStatus, item["status"], f"{where}: status"),
        sources=tuple(item["sources"]),
        source_dates=tuple(item.get("source_dates") or ()),
        related=tuple(item.get("related") or ()),
        then=_one_of(FollowUp, item["then"], f"{where}: then") if item.get("then") else None,
    )


def _one_of(kind: type[_Kind], value: Any, where: str) -> _Kind:
    known = [member.value for member in kind]
    if value not in known:
        raise ContentError(f"{where} {value} ken ik niet; kies uit {', '.join(known)}.")
    return kind(value)
