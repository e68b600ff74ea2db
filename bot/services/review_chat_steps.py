"""How far somebody in the chat is with an action, and what it still needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.plan_states import Action
from bot.services.review_choices import ACTIONS_OF, DECIDE, FORWARD, Shown
from bot.services.review_input import Order

#: The kind under which these steps wait.
KIND = "review"


class Need(StrEnum):
    """What is asked for."""

    ABOUT = "about"
    TO = "to"
    DECISION = "decision"
    TEXT = "text"
    MOMENTS = "moments"
    PLACE = "place"
    CONFIRM = "confirm"


class Pick(StrEnum):
    """The buttons that stand beside an answer."""

    SKIP = "skip"
    LEAVE = "leave"
    #: type the thing before this once more
    BACK = "back"
    SEND = "send"


#: What each button asks for, in order.
NEEDS: Mapping[str, tuple[Need, ...]] = {
    "desk_ask": (Need.ABOUT, Need.TEXT),
    "desk_invite": (Need.MOMENTS, Need.PLACE),
    FORWARD: (Need.TO,),
    "desk_note": (Need.TEXT,),
    DECIDE: (Need.DECISION, Need.TEXT, Need.CONFIRM),
}


@dataclass(frozen=True)
class Step:
    """How far somebody is with an action.

    `mark` ties buttons to this very action; `source` names the message that was typed last, so that
    editing it changes what was filled in. `at` says which of its needs is asked for.
    """

    intent: str
    shown: Shown
    contact_id: str
    mark: str
    at: int = 0
    about: str | None = None
    to: str | None = None
    decision: str | None = None
    text: str = ""
    moments: tuple[str, ...] = ()
    place: str = ""
    source: str | None = None

    @property
    def need(self) -> Need:
        """Give what is asked for now."""
        return NEEDS[self.intent][self.at]

    @property
    def is_complete(self) -> bool:
        """Say whether nothing is left to ask."""
        return self.at == len(NEEDS[self.intent])

    @property
    def action(self) -> Action:
        """Give what this comes to; for a decision that is not chosen yet, to approve."""
        return Action(self.decision) if self.decision else ACTIONS_OF[self.intent][0]

    @property
    def is_skippable(self) -> bool:
        """Say whether what is asked for may be left out."""
        return self.need is Need.PLACE or (self.need is Need.TEXT and self.action is Action.APPROVE)

    def pending(self) -> dict[str, Any]:
        """Give it as it is kept with the conversation."""
        return {"kind": KIND, **asdict(self)}

    @classmethod
    def read(cls, pending: Mapping[str, Any] | None) -> Step | None:
        """Read back what `pending` gave; None for anything else."""
        if not pending or pending.get("kind") != KIND:
            return None
        values = {one.name: pending[one.name] for one in fields(cls) if one.name in pending}
        values["shown"] = Shown(**values["shown"])
        values["moments"] = tuple(values["moments"])
        return cls(**values)

    def order(self, mark: str | None = None) -> Order:
        """Give what was filled in as an order."""
        return Order(
            self.action,
            seen=self.shown.seen,
            version=self.shown.version,
            mark=mark,
            step=self.about,
            text=self.text,
            moments=tuple(datetime.fromisoformat(moment) for moment in self.moments),
            place=self.place,
            to=self.to,
        )

    @property
    def typed(self) -> str:
        """Give what was typed so far, to say it back when it comes to nothing."""
        read = (datetime.fromisoformat(one) for one in self.moments)
        moments = ", ".join(f"{moment:%d-%m-%Y %H:%M}" for moment in read)
        return "\n".join(part for part in (self.text, moments, self.place) if part)
