"""The route adviser: from what is known about school and contact to exactly one next step.

Source: steps 1-3 of the flyer for schools without a technical profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.plan import Answer
from bot.domain.summary import RecipientRole


class TakesPart(StrEnum):
    """Whether the school already takes part in STO, as far as is known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class NextStep(StrEnum):
    """The one next step that the adviser gives."""

    SCHOOL_CONTACT = "school_contact"
    PROGRAMME_MANAGER = "programme_manager"
    ROAD = "road"
    ROAD_WITHOUT_REGION = "road_without_region"
    FIND_REGION = "find_region"


class Reason(StrEnum):
    """Why this is the next step; each has its own sentence."""

    SCHOOL_HAS_CONTACT = "school_has_contact"
    CONTACT_NOT_KNOWN = "contact_not_known"
    SCHOOL_NOT_IN = "school_not_in"
    NOT_SURE_SCHOOL_IS_IN = "not_sure_school_is_in"
    CONTACT_FAILED = "contact_failed"
    REGION_NOT_FOUND = "region_not_found"


@dataclass(frozen=True)
class Situation:
    """What the adviser looks at."""

    region_known: bool
    takes_part: TakesPart
    contact_known: bool
    contact_failed: bool


@dataclass(frozen=True)
class Advice:
    """One next step, its reason, and who may receive the plan, first choice first."""

    step: NextStep
    reason: Reason
    recipients: tuple[RecipientRole, ...]


_SCHOOL = Advice(
    NextStep.SCHOOL_CONTACT, Reason.SCHOOL_HAS_CONTACT, (RecipientRole.SCHOOL_CONTACT,)
)
_MANAGER = (RecipientRole.PROGRAMME_MANAGER,)
_ROAD = Advice(
    NextStep.ROAD,
    Reason.CONTACT_FAILED,
    (RecipientRole.PROGRAMME_MANAGER, RecipientRole.SUPPORT),
)
_ROAD_WITHOUT_REGION = Advice(
    NextStep.ROAD_WITHOUT_REGION, Reason.CONTACT_FAILED, (RecipientRole.SUPPORT,)
)
_FIND_REGION = Advice(NextStep.FIND_REGION, Reason.REGION_NOT_FOUND, (RecipientRole.SUPPORT,))


def advise(situation: Situation) -> Advice:
    """Give the one next step for a situation; every combination has exactly one.

    Flyer step 3 goes first: where contact was tried and failed, the road docent → projectidee →
    schoolmanagement → programmamanager or ondersteuner. Then step 1 (the region must be known) and
    step 2: a school that takes part has a contact person; otherwise the programme manager. That a
    teacher who does not know the contact person goes to the programme manager is our conclusion.
    """
    if situation.contact_failed:
        return _ROAD if situation.region_known else _ROAD_WITHOUT_REGION
    if situation.takes_part is TakesPart.YES and situation.contact_known:
        return _SCHOOL
    if not situation.region_known:
        return _FIND_REGION
    reason = {
        TakesPart.YES: Reason.CONTACT_NOT_KNOWN,
        TakesPart.NO: Reason.SCHOOL_NOT_IN,
        TakesPart.UNKNOWN: Reason.NOT_SURE_SCHOOL_IS_IN,
    }[situation.takes_part]
    return Advice(NextStep.PROGRAMME_MANAGER, reason, _MANAGER)


#: The steps where a region can be picked, first asked first.
REGION_STEPS = ("school_region", "place_region", "province_region")
#: The value of "none of these" at such a step.
NO_REGION = "none"


@dataclass(frozen=True)
class Pick:
    """A picked region and, where the directory knows it as taking part, the school."""

    region_id: str
    school: str | None = None

    def encode(self) -> str:
        """Give the pick as an answer's value."""
        return f"{self.region_id}|{self.school or ''}"

    @classmethod
    def decode(cls, value: str | None) -> Pick | None:
        """Read a pick back; None for no answer and for "none of these"."""
        if not value or value == NO_REGION:
            return None
        region_id, _, school = value.partition("|")
        return cls(region_id, school or None)


def picked(answers: Mapping[str, Answer]) -> Pick | None:
    """Find the region that the teacher picked, or None."""
    for step in REGION_STEPS:
        answer = answers.get(step)
        pick = Pick.decode(answer.value) if answer else None
        if pick:
            return pick
    return None


def takes_part(answers: Mapping[str, Answer]) -> TakesPart:
    """Say whether the school takes part: from the directory, else from the teacher."""
    pick = picked(answers)
    if pick and pick.school:
        return TakesPart.YES
    answer = answers.get("takes_part")
    return TakesPart(answer.value) if answer and answer.value else TakesPart.UNKNOWN


def situation(answers: Mapping[str, Answer]) -> Situation:
    """Read the adviser's situation from a plan's answers; what is skipped counts as not known."""

    def said_yes(step: str) -> bool:
        answer = answers.get(step)
        return answer is not None and answer.value == "yes"

    return Situation(
        region_known=picked(answers) is not None,
        takes_part=takes_part(answers),
        contact_known=said_yes("contact_known"),
        contact_failed=said_yes("contact_failed"),
    )
