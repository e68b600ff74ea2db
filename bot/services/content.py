"""What the assistant knows and asks, read from the files in `content/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.domain.plan_questions import QuestionSet
from bot.domain.reminders import Rhythm
from bot.services.directory_content import read_other_places, read_regions
from bot.services.directory_search import DirectorySearch
from bot.services.faq_content import FaqContent, read_faq
from bot.services.plan_questions import read_questions
from bot.services.reminders_content import read_rhythm
from bot.services.school_days_content import SchoolDays, read_school_days


@dataclass(frozen=True)
class Content:
    """Everything that can be changed without code."""

    questions: QuestionSet
    directory: DirectorySearch
    faq: FaqContent
    school_days: SchoolDays
    rhythm: Rhythm


def read_content(folder: Path) -> Content:
    """Read the folder; raises ContentError that names the place to mend."""
    regions = read_regions(folder / "regions.csv")
    region_ids = [region.id for region in regions]
    return Content(
        questions=read_questions(folder / "plan_questions.yml"),
        directory=DirectorySearch(regions, read_other_places(folder / "other_places.csv")),
        faq=read_faq(folder / "faq", region_ids),
        school_days=read_school_days(folder / "holidays.yml", region_ids),
        rhythm=read_rhythm(folder / "clock.yml"),
    )
