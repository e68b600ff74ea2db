"""What the assistant knows and asks, read from the files in `content/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.plan_questions import QuestionSet
from bot.services.directory_content import read_regions
from bot.services.directory_search import DirectorySearch
from bot.services.faq import FaqEntry, read_faq
from bot.services.plan_questions import read_questions


@dataclass(frozen=True)
class Content:
    """Everything that can be changed without code."""

    questions: QuestionSet
    directory: DirectorySearch
    faq: Mapping[str, FaqEntry]


def read_content(folder: Path) -> Content:
    """Read the folder; raises ContentError that names the place to mend."""
    return Content(
        questions=read_questions(folder / "plan_questions.yml"),
        directory=DirectorySearch(read_regions(folder / "regions.csv")),
        faq=read_faq(folder / "faq"),
    )
