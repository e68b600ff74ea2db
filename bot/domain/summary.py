"""The plan as it is handed over: one frozen summary that every rendering reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from bot.domain.plan_states import Action


class RecipientRole(StrEnum):
    """Who can receive a summary, in the order of the route."""

    SCHOOL_CONTACT = "school_contact"
    PROGRAMME_MANAGER = "programme_manager"
    SUPPORT = "support"
    OPERATOR = "operator"


class SupportStatus(StrEnum):
    """What the teacher reports about their school management."""

    SUPPORTS = "supports"
    DISCUSSED = "discussed"
    NOT_YET = "not_yet"
    DECLINES = "declines"
    UNKNOWN = "unknown"


class Via(StrEnum):
    """How the school management spoke; none of these proves who somebody is."""

    #: the link in the e-mail that went to the address that the teacher gave
    MAIL = "mail"
    #: the link that the teacher forwarded: whoever has it can open it
    LINK = "link"
    #: a Telegram chat that was opened with a link
    TELEGRAM = "telegram"


@dataclass(frozen=True)
class ManagementWord:
    """What the school management said last before the hand-over, in its own name.

    `verdict` is one of `MANAGEMENT_ACTIONS`; `said_on` a date in the Netherlands (ISO).
    `is_overtaken` when the idea that it was about was changed since.
    """

    verdict: Action
    name: str
    function: str
    said_on: str
    via: Via
    is_overtaken: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object that stands in the summary."""
        return {
            "verdict": self.verdict.value,
            "name": self.name,
            "function": self.function,
            "said_on": self.said_on,
            "via": self.via.value,
            "is_overtaken": self.is_overtaken,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ManagementWord:
        """Read back what `to_dict` wrote; before, it could not be told whether the idea changed."""
        return cls(
            Action(data["verdict"]),
            data["name"],
            data["function"],
            data["said_on"],
            Via(data["via"]),
            data.get("is_overtaken", False),
        )


@dataclass(frozen=True)
class SummaryAnswer:
    """One question with its answer, verbatim; `text` is None where it is still open."""

    key: str
    title: str
    question: str
    text: str | None


@dataclass(frozen=True)
class PlanSummary:
    """A plan at the moment of hand-over.

    `idea` and `answers` keep the order in which they were asked; `created_on` and `submitted_on`
    are dates in the Netherlands (ISO, `2026-11-22`); `recipient_gap` says in Dutch why no contact
    of the route could be used, when `recipient_role` is the operator for that reason. `support` is
    what the teacher reports of the school management, `management` what it said itself, if it did;
    summaries of before it could speak have none.
    """

    reference: str
    title: str
    teacher_name: str | None
    teacher_email: str | None
    school: str | None
    region: str | None
    region_id: str | None
    region_page: str | None
    route: str
    support: SupportStatus
    support_by: str | None
    idea: tuple[SummaryAnswer, ...]
    answers: tuple[SummaryAnswer, ...]
    recipient_role: RecipientRole
    recipient_gap: str | None
    created_on: str
    submitted_on: str
    management: ManagementWord | None = None

    @property
    def open_titles(self) -> tuple[str, ...]:
        """The titles of the plan's questions that have no answer yet."""
        return tuple(answer.title for answer in self.answers if answer.text is None)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object that `docs/plan-summary.schema.json` describes."""
        data = asdict(self)
        data["support"] = self.support.value
        data["recipient_role"] = self.recipient_role.value
        for part in ("idea", "answers"):
            data[part] = [asdict(answer) for answer in getattr(self, part)]
        data["management"] = self.management and self.management.to_dict()
        return {"schema": "plan-summary-1", **data}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PlanSummary:
        """Read back what `to_dict` wrote."""
        fields = {key: value for key, value in data.items() if key != "schema"}
        fields["support"] = SupportStatus(fields["support"])
        fields["recipient_role"] = RecipientRole(fields["recipient_role"])
        for part in ("idea", "answers"):
            fields[part] = tuple(SummaryAnswer(**answer) for answer in fields[part])
        word = fields.get("management")
        fields["management"] = word and ManagementWord.from_dict(word)
        return cls(**fields)
