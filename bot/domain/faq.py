"""One question about STO with its answer, and what people made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FaqStatus(StrEnum):
    """How far an answer can be relied on today."""

    CURRENT = "current"
    #: from the rules of 2020-2024
    OLD = "old"
    #: a conclusion of ours
    DERIVED = "derived"


class FollowUp(StrEnum):
    """The command that an answer goes on with by itself."""

    FIND_REGION = "find_region"


@dataclass(frozen=True)
class RegionalAnswer:
    """What holds in one region, and stands before the national answer."""

    answer: str
    sources: tuple[str, ...]
    source_dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class FaqEntry:
    """One question with its answer.

    `short` names it on a button; `related` are ids of entries that a person may want next; `then`
    is the command that the answer goes on with, if any.
    """

    id: str
    question: str
    short: str
    answer: str
    status: FaqStatus
    sources: tuple[str, ...]
    source_dates: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    then: FollowUp | None = None


@dataclass(frozen=True)
class Gap:
    """Something that was asked and not known; `kind` is question or school."""

    id: int
    kind: str
    text: str
    noted_at: datetime


@dataclass(frozen=True)
class Verdict:
    """How often people found the answer of an entry helpful, and how often not."""

    entry: str
    ups: int
    downs: int
