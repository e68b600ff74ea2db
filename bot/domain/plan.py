"""A teacher's plan: its answers, where it stands and what may still happen to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

#: The step after the last question: the read-back before sending.
CONFIRM = "confirm"


class PlanStatus(StrEnum):
    """Where a plan stands."""

    #: being written; every answer is stored
    DRAFT = "draft"
    #: put aside by the teacher; nothing is sent, it can be taken up again
    STOPPED = "stopped"
    #: handed over; nobody has said yet that it arrived
    SUBMITTED = "submitted"
    #: the one who has it says that it is being read
    RECEIVED = "received"
    #: one answer is open again for the teacher; the others are locked
    ASKED = "asked"
    #: the teacher gave a new version of that answer
    REVISED = "revised"
    #: moments to talk are proposed
    INVITED = "invited"
    APPROVED = "approved"
    #: approved with conditions
    CONDITIONAL = "conditional"
    NOT_NOW = "not_now"
    #: taken back by the teacher
    WITHDRAWN = "withdrawn"


#: Being written by the teacher alone.
WRITING = frozenset({PlanStatus.DRAFT, PlanStatus.STOPPED})
#: Somebody in the region, or at school, is to act.
WAITING_FOR_REGION = frozenset(
    {PlanStatus.SUBMITTED, PlanStatus.RECEIVED, PlanStatus.REVISED, PlanStatus.INVITED}
)
#: The teacher writes, answers a question, or chooses a moment.
TEACHER_IS_UP = frozenset({PlanStatus.DRAFT, PlanStatus.ASKED, PlanStatus.INVITED})
DECIDED = frozenset({PlanStatus.APPROVED, PlanStatus.CONDITIONAL, PlanStatus.NOT_NOW})


@dataclass(frozen=True)
class Answer:
    """One answer, verbatim; `text` None means skipped on purpose ("nog open").

    `value` is what the rules read: an option's value, a list of candidate regions, a picked region.
    """

    step: str
    text: str | None
    value: str | None = None

    @property
    def is_skipped(self) -> bool:
        """Say whether the teacher left this open on purpose."""
        return self.text is None


@dataclass(frozen=True)
class Plan:
    """One plan; `answers` holds what counts now, older versions stay in storage."""

    id: str
    person_id: str
    questions_version: str
    open_step: str
    created_at: datetime
    status: PlanStatus = PlanStatus.DRAFT
    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    reference: str | None = None
    submitted_at: datetime | None = None

    def text(self, step: str) -> str | None:
        """Give the answer's text, None when skipped or not given."""
        answer = self.answers.get(step)
        return answer.text if answer else None

    def value(self, step: str) -> str | None:
        """Give what the rules read of an answer, None when skipped or not given."""
        answer = self.answers.get(step)
        return answer.value if answer else None

    @property
    def at(self) -> str:
        """Name this plan and step, as a button carries it."""
        return f"{self.id}/{self.open_step}"

    @property
    def is_open(self) -> bool:
        """Say whether the plan is still being written: every answer may change."""
        return self.status in WRITING

    @property
    def is_at_answer(self) -> bool:
        """Say whether the open step may be answered: a draft, or an answer that was asked about."""
        return self.is_open or self.status is PlanStatus.ASKED


def reference(year: int, number: int) -> str:
    """Give the reference of a plan that is handed over: `STO-2026-0007`."""
    return f"STO-{year}-{number:04d}"
