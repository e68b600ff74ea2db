"""What teachers may rely on, as plainly as it can be said: a model without a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.plan import PlanStatus
from bot.domain.plan_states import DECISIONS
from tests.person import PLAN_ANSWERS

ROAD = tuple(PLAN_ANSWERS)
#: Answers in free words, so that each can have words of its own.
FREE = ("titel", "idee", "doelgroep", "management_who", "regiovisie", "doelen", "activiteiten",
        "mijlpalen", "samenwerking", "middelen")  # fmt: skip


@dataclass
class Said:
    """An answer that was acknowledged."""

    step: str
    text: str
    source: str


@dataclass
class Written:
    """A teacher and the one plan of this teacher."""

    address: str
    plan_id: str | None = None
    #: how far along the road; None when no plan is being written
    at: int | None = None
    said: list[Said] = field(default_factory=list)
    reference: str | None = None
    status: PlanStatus = PlanStatus.DRAFT
    #: what happened to the plan after it was written: (action, before, after)
    events: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def step(self) -> str | None:
        """The question that is open; None at the read-back and outside a plan."""
        return ROAD[self.at] if self.at is not None and self.at < len(ROAD) else None

    @property
    def is_at_read_back(self) -> bool:
        return self.at == len(ROAD)

    @property
    def is_with_region(self) -> bool:
        return self.reference is not None

    def happened(self, action: str, after: PlanStatus) -> None:
        self.events.append((action, self.status.value, after.value))
        self.status = after

    def before_decision(self) -> PlanStatus:
        """Where the plan was when it was decided about."""
        return next(
            PlanStatus(at) for action, at, _ in reversed(self.events) if action in DECISIONS
        )

    def forget(self) -> None:
        """Everything was deleted; what comes next is new."""
        self.__dict__.update(Written(self.address).__dict__)
