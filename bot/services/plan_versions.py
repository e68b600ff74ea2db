"""The versions of a plan, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.summary import PlanSummary, SummaryAnswer
from bot.services.clock import dutch_date
from bot.services.diff import Change, Piece, differences
from bot.services.review_ports import Version
from bot.texts.summary import NOT_FILLED
from bot.texts.summary import dutch_date as date_in_words


@dataclass(frozen=True)
class VersionLine:
    """One version as it can be chosen."""

    number: int
    date: str
    is_shown: bool


@dataclass(frozen=True)
class ShownAnswer:
    """One answer of a version; `pieces` mark what changed since the version before."""

    key: str
    title: str
    question: str
    pieces: tuple[Piece, ...]
    is_open: bool

    @property
    def is_changed(self) -> bool:
        """Say whether the version before had another answer."""
        return any(piece.change is not Change.KEPT for piece in self.pieces)


@dataclass(frozen=True)
class ShownVersion:
    """One version of a plan, beside the others."""

    number: int
    summary: PlanSummary
    idea: tuple[ShownAnswer, ...]
    answers: tuple[ShownAnswer, ...]
    lines: tuple[VersionLine, ...]

    @property
    def is_newest(self) -> bool:
        """Say whether there is none after it."""
        return self.number == self.lines[-1].number


def shown_version(versions: Sequence[Version], number: int | None) -> ShownVersion:
    """Give a version with its differences; without its number, or an unknown one, the newest."""
    place = next(
        (place for place, version in enumerate(versions) if version.number == number),
        len(versions) - 1,
    )
    chosen = versions[place]
    summary = PlanSummary.from_dict(chosen.summary)
    before = PlanSummary.from_dict(versions[place - 1].summary) if place else summary
    old = {answer.key: answer for answer in (*before.idea, *before.answers)}
    return ShownVersion(
        number=chosen.number,
        summary=summary,
        idea=tuple(_shown(answer, old.get(answer.key)) for answer in summary.idea),
        answers=tuple(_shown(answer, old.get(answer.key)) for answer in summary.answers),
        lines=tuple(
            VersionLine(
                version.number, date_in_words(dutch_date(version.made_at)), version is chosen
            )
            for version in versions
        ),
    )


def _shown(answer: SummaryAnswer, before: SummaryAnswer | None) -> ShownAnswer:
    text = NOT_FILLED if answer.text is None else answer.text
    old = before.text if before else None
    if before is None or old == answer.text:
        pieces: tuple[Piece, ...] = (Piece(Change.KEPT, text),)
    elif old is None:
        pieces = (Piece(Change.ADDED, text),)
    elif answer.text is None:
        pieces = (Piece(Change.REMOVED, old), Piece(Change.KEPT, text))
    else:
        pieces = differences(old, text)
    return ShownAnswer(answer.key, answer.title, answer.question, pieces, answer.text is None)
