"""One plan of an overview as it is shown and exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain.amounts import asked_amount
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.plan import WAITING_FOR_REGION, PlanStatus
from bot.domain.roles import Actor, Role
from bot.domain.text import shortened
from bot.services.directory_search import DirectorySearch
from bot.services.overview_ports import OverviewRow
from bot.services.school_days_content import SchoolDays
from bot.services.spreadsheets import Cell
from bot.texts import overview as words
from bot.texts.plan_intake import WITHOUT_TITLE

#: A form or title that somebody wrote out at length is cut here in a table.
_LONGEST = 80


@dataclass(frozen=True)
class PlanLine:
    """One plan; dates are days in the Netherlands.

    `age` counts days since the hand-over. `is_waiting` says that it waits for somebody in the
    region or at school; `waited` counts the school days of that, None where they were not counted.
    `amount` is in euros, None where the plan does not say it plainly.
    """

    reference: str
    title: str
    status: PlanStatus
    stage: str
    school: str
    region: str
    form: str
    amount: int | None
    holder: str
    is_waiting: bool
    age: int
    submitted_on: date
    changed_on: date
    waiting_since: date
    reacted_on: date | None
    decided_on: date | None
    version: int
    teacher_name: str
    teacher_email: str
    waited: int | None = None


class LineMaker:
    """Reads rows into lines."""

    def __init__(self, directory: DirectorySearch, school_days: SchoolDays) -> None:
        """Name regions from `directory`; count by the calendar in `school_days`."""
        self._regions = {region.id: region for region in directory.regions}
        self._school_days = school_days

    def region_name(self, region_id: str | None) -> str | None:
        """Give the name of a region; its id when the directory no longer has it."""
        region = self._regions.get(region_id or "")
        return region.name if region else region_id

    def make(
        self, rows: Sequence[OverviewRow], actor: Actor, now: datetime
    ) -> tuple[PlanLine, ...]:
        """Give the lines that `actor` sees on this day."""
        return tuple(self._line(row, actor, _day(now)) for row in rows)

    def waiting(
        self, rows: Sequence[OverviewRow], actor: Actor, now: datetime
    ) -> tuple[PlanLine, ...]:
        """Give the same with the school days that each has waited; that takes a while each."""
        return tuple(
            replace(line, waited=self._waited(row, _day(now)))
            for row, line in zip(rows, self.make(rows, actor, now), strict=True)
        )

    def _line(self, row: OverviewRow, actor: Actor, today: date) -> PlanLine:
        answers = _answers(row.summary)
        submitted = _day(row.submitted_at)
        return PlanLine(
            reference=row.reference,
            title=shortened(row.summary.get("title") or WITHOUT_TITLE, _LONGEST),
            status=row.status,
            stage=words.stage_text(row.status, is_held_back=row.is_held_back),
            school=row.school or "",
            region=self.region_name(row.region_id) or "",
            form=shortened(answers.get("vorm") or "", _LONGEST),
            amount=asked_amount(answers.get("middelen")),
            holder=words.holder_text(row.holder_role, row.holder_name, is_own=_is_own(row, actor)),
            is_waiting=row.status in WAITING_FOR_REGION,
            age=(today - submitted).days,
            submitted_on=submitted,
            changed_on=_day(row.changed_at),
            waiting_since=_day(row.waiting_since),
            reacted_on=_day(row.reacted_at) if row.reacted_at else None,
            decided_on=_day(row.decided_at) if row.decided_at else None,
            version=row.version,
            teacher_name=row.summary.get("teacher_name") or "",
            teacher_email=row.summary.get("teacher_email") or "",
        )

    def _waited(self, row: OverviewRow, today: date) -> int:
        region = self._regions.get(row.region_id or "")
        provinces = region.provinces if region else ()
        holidays = self._school_days.holiday_region(row.region_id, provinces)
        since = _day(row.waiting_since)
        return self._school_days.calendar.school_days_between(since, today, holidays)


def table(lines: Sequence[PlanLine], *, with_names: bool = False) -> list[list[Cell]]:
    """Give lines as rows under a head, for a file; who the teachers are only `with_names`."""
    head: list[Cell] = [*words.COLUMNS, *(words.NAME_COLUMNS if with_names else ())]
    return [head, *(_cells(line, with_names) for line in lines)]


def _cells(line: PlanLine, with_names: bool) -> list[Cell]:
    return [
        line.reference,
        line.title,
        line.stage,
        line.school,
        line.region,
        line.form,
        line.amount,
        line.holder,
        line.waiting_since if line.is_waiting else None,
        line.submitted_on,
        line.changed_on,
        line.reacted_on,
        line.decided_on,
        line.version,
        *((line.teacher_name, line.teacher_email) if with_names else ()),
    ]


def _answers(summary: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        answer["key"]: answer["text"]
        for part in ("idea", "answers")
        for answer in summary.get(part, ())
    }


def _is_own(row: OverviewRow, actor: Actor) -> bool:
    if row.holder_role is None:
        return actor.role is Role.OPERATOR
    return row.holder_id == actor.contact_id


def _day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()
