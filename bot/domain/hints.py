"""Hints about a plan's answers: what could be added. No judgement, no score, and never in the way.

Each hint is one rule on the words of an answer. Where a rule is not sure it is silent: a hint that
is plainly untrue irritates more than a missed one helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import hint_words as said


class Hint(StrEnum):
    """What could be added to an answer."""

    GOAL_WITHOUT_MEASURE = "goal_without_measure"
    GOAL_WITHOUT_MOMENT = "goal_without_moment"
    ACTIVITY_WITHOUT_DATE = "activity_without_date"
    MILESTONE_WITHOUT_MOMENT = "milestone_without_moment"
    COSTS_WITHOUT_PRICE_AND_NUMBER = "costs_without_price_and_number"
    NO_PARTNER = "no_partner"
    NO_LINK_WITH_VISION = "no_link_with_vision"
    NO_CO_FUNDING = "no_co_funding"


@dataclass(frozen=True)
class Found:
    """A hint and the key of the question whose answer it is about."""

    hint: Hint
    step: str


def hints(answers: Mapping[str, str | None]) -> tuple[Found, ...]:
    """Give the hints for a plan's verbatim answers, in the order of the questions.

    An answer that is open (None, absent or blank) gets none: it is listed as open already. Neither
    does one that stands elsewhere ("zie bijlage"): what is in there is not known here.
    """
    given = {key: plain for key, text in answers.items() if (plain := said.plain(text or ""))}
    return tuple(one for one in _found(given) if not said.ELSEWHERE.search(given[one.step]))


def _found(given: Mapping[str, str]) -> Iterator[Found]:
    if "regiovisie" in given and _lacks_link(given["regiovisie"]):
        yield Found(Hint.NO_LINK_WITH_VISION, "regiovisie")
    # When things happen is asked for in one place: the milestones. Once those are answered, a
    # moment that lacks is a remark about them; a goal or an activity needs no date of its own.
    elsewhere = "mijlpalen" in given
    if "doelen" in given:
        if not _is_measurable(given["doelen"]):
            yield Found(Hint.GOAL_WITHOUT_MEASURE, "doelen")
        if not elsewhere and not _has_moment(given["doelen"]):
            yield Found(Hint.GOAL_WITHOUT_MOMENT, "doelen")
    if "activiteiten" in given and not elsewhere and not _has_moment(given["activiteiten"]):
        yield Found(Hint.ACTIVITY_WITHOUT_DATE, "activiteiten")
    if "mijlpalen" in given and not _has_moment(given["mijlpalen"]):
        yield Found(Hint.MILESTONE_WITHOUT_MOMENT, "mijlpalen")
    if "samenwerking" in given and _lacks_partner(given["samenwerking"]):
        yield Found(Hint.NO_PARTNER, "samenwerking")
    if "middelen" in given:
        yield from _about_costs(given)


def _about_costs(given: Mapping[str, str]) -> Iterator[Found]:
    costs = given["middelen"]
    # Who pays a part is no question yet while nothing is known of the whole, and what somebody
    # else brings in needs no price. So this is one remark at a time.
    if said.NO_COSTS.search(costs) or _gives(costs):
        return
    if not _has_amount(costs):
        yield Found(Hint.COSTS_WITHOUT_PRICE_AND_NUMBER, "middelen")
    elif not _is_given_elsewhere(given):
        yield Found(Hint.NO_CO_FUNDING, "middelen")


def _is_measurable(goal: str) -> bool:
    """Tell if a goal counts something, or names a thing that is there at a moment."""
    delivered = said.DELIVERED.search(goal) is not None and _has_moment(goal)
    return delivered or said.MEASURE.search(said.NAMING.sub(" ", goal)) is not None


def _has_moment(answer: str) -> bool:
    # The numbers of classes look like dates: "groep 7/8".
    return said.MOMENT.search(said.LABEL.sub(r"\g<label>", answer)) is not None


def _has_amount(costs: str) -> bool:
    counted = said.NAMING.sub(" ", costs)
    return said.NUMBER.search(counted) is not None or said.AMOUNT.search(counted) is not None


def _gives(costs: str) -> bool:
    """Tell if somebody brings something in: hours, things and money count alike."""
    rest = said.NO_CONTRIBUTION.sub(" ", costs)
    if said.CONTRIBUTION.search(rest) is not None:
        return True
    return said.GIVER.search(said.DESTINATION.sub(" ", rest)) is not None


def _is_given_elsewhere(given: Mapping[str, str]) -> bool:
    """Tell if a contribution is named with the partners, or a guest lesson with the activities."""
    partners, activities = given.get("samenwerking", ""), given.get("activiteiten", "")
    named = said.CONTRIBUTION.search(said.NO_CONTRIBUTION.sub(" ", partners)) is not None
    return named or said.GUEST_LESSON.search(activities) is not None


def _lacks_partner(answer: str) -> bool:
    """Tell if an answer names nobody outside the school.

    Who could be asked counts as a partner: the question itself asks for that when there is none.
    """
    rest = said.OWN_SCHOOL.sub(" ", said.DENIED.sub(" ", answer))
    return said.NO_PARTNER_WORDS.issuperset(said.words(rest))


def _lacks_link(answer: str) -> bool:
    """Tell if an answer says no more than that the vision is not known, or not yet."""
    rest = said.DOUBTED.sub(" ", answer)
    denied = said.DENIAL.search(answer) is not None
    return denied and said.NO_LINK_WORDS.issuperset(said.words(rest))
