"""Reads `content/plan_questions.yml` into the question set that new plans begin with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from bot.domain.errors import ContentError
from bot.domain.plan_intake import NEEDED_TO_SEND
from bot.domain.plan_questions import Option, Part, Question, QuestionSet
from bot.services.yaml_content import read_yaml

#: The rules of the route read these keys, so the content must have them, in this order.
ROUTE_KEYS = (
    "school",
    "school_region",
    "place",
    "place_region",
    "province",
    "province_region",
    "takes_part",
    "contact_known",
    "contact_failed",
)
#: Other keys that the summary or the rules read.
NEEDED_KEYS = (
    *ROUTE_KEYS,
    *NEEDED_TO_SEND,
    "titel",
    "management",
    "management_who",
    "naam",
    "email",
)


def read_questions(path: Path) -> QuestionSet:
    """Read the file; raises ContentError with a Dutch sentence that names the place to mend."""
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise ContentError(f"{path.name}: verwacht de delen {', '.join(Part)}.")
    return questions_from(data, path.name)


def questions_from(data: dict[str, Any], name: str) -> QuestionSet:
    """Make the question set of what the file holds; its version is a hash of the content."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False)
    version = hashlib.sha256(canonical.encode()).hexdigest()[:16]
    questions = tuple(
        _question(item, part, f"{name}, deel {part}, vraag {number}")
        for part in Part
        for number, item in enumerate(data.get(part.value) or (), start=1)
    )
    keys = [question.key for question in questions]
    doubled = {key for key in keys if keys.count(key) > 1}
    if doubled:
        raise ContentError(f"{name}: dubbele key: {', '.join(sorted(doubled))}.")
    missing = [key for key in NEEDED_KEYS if key not in keys]
    if missing:
        raise ContentError(f"{name}: deze vragen ontbreken: {', '.join(missing)}.")
    if tuple(keys[: len(ROUTE_KEYS)]) != ROUTE_KEYS:
        raise ContentError(f"{name}: het deel route moet deze volgorde houden: {ROUTE_KEYS}.")
    return QuestionSet(version, questions)


def _question(item: Any, part: Part, where: str) -> Question:
    if not isinstance(item, dict):
        raise ContentError(f"{where}: verwacht key, title en wording.")
    lacking = [name for name in ("key", "title", "wording") if not item.get(name)]
    if lacking:
        raise ContentError(f"{where}: dit ontbreekt: {', '.join(lacking)}.")
    unknown = set(item) - {
        "key", "title", "wording", "why", "example", "hint", "options", "free",
    }  # fmt: skip
    if unknown:
        raise ContentError(f"{where}: onbekend: {', '.join(sorted(unknown))}.")
    texts = {name: str(item.get(name, "")).strip() for name in ("why", "example", "hint")}
    return Question(
        key=str(item["key"]),
        part=part,
        title=str(item["title"]),
        wording=str(item["wording"]).strip(),
        options=tuple(_option(option, where) for option in item.get("options") or ()),
        free=item.get("free", "true") == "true",
        **texts,
    )


def _option(item: Any, where: str) -> Option:
    if not isinstance(item, dict) or not item.get("value") or not item.get("label"):
        raise ContentError(f"{where}: elke keuze heeft een value en een label.")
    return Option(
        str(item["value"]), str(item["label"]), tuple(str(form) for form in item.get("also") or ())
    )
