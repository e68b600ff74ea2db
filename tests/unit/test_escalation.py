"""The route adviser over every combination of its inputs."""

from __future__ import annotations

from itertools import product

import pytest

from bot.domain.escalation import (
    NextStep,
    Pick,
    Reason,
    Situation,
    TakesPart,
    advise,
    picked,
    situation,
)
from bot.domain.plan import Answer
from bot.domain.summary import RecipientRole
from bot.texts.escalation import advice_text, route_text

YES, NO, UNKNOWN = TakesPart.YES, TakesPart.NO, TakesPart.UNKNOWN
MANAGER = NextStep.PROGRAMME_MANAGER

#: (region known, takes part, contact known, contact failed) → next step, for all 24 cases.
TABLE = {
    (True, YES, True, False): NextStep.SCHOOL_CONTACT,
    (True, YES, False, False): MANAGER,
    (True, NO, True, False): MANAGER,
    (True, NO, False, False): MANAGER,
    (True, UNKNOWN, True, False): MANAGER,
    (True, UNKNOWN, False, False): MANAGER,
    (False, YES, True, False): NextStep.SCHOOL_CONTACT,
    (False, YES, False, False): NextStep.FIND_REGION,
    (False, NO, True, False): NextStep.FIND_REGION,
    (False, NO, False, False): NextStep.FIND_REGION,
    (False, UNKNOWN, True, False): NextStep.FIND_REGION,
    (False, UNKNOWN, False, False): NextStep.FIND_REGION,
    **{
        (True, takes_part, known, True): NextStep.ROAD
        for takes_part, known in product(TakesPart, (True, False))
    },
    **{
        (False, takes_part, known, True): NextStep.ROAD_WITHOUT_REGION
        for takes_part, known in product(TakesPart, (True, False))
    },
}
ALL = list(product((True, False), TakesPart, (True, False), (True, False)))


@pytest.mark.parametrize("case", ALL, ids=str)
def test_every_situation_has_its_one_next_step(case: tuple[bool, TakesPart, bool, bool]) -> None:
    advice = advise(Situation(*case))

    assert advice.step is TABLE[case]


def test_table_covers_the_full_product() -> None:
    assert set(TABLE) == set(ALL)


@pytest.mark.parametrize("case", ALL, ids=str)
def test_every_advice_has_words_and_recipient(case: tuple[bool, TakesPart, bool, bool]) -> None:
    advice = advise(Situation(*case))

    assert advice_text(advice).startswith("Jouw volgende stap: ")
    assert route_text(advice)
    assert advice.recipients
    assert RecipientRole.OPERATOR not in advice.recipients


@pytest.mark.parametrize(
    ("takes_part", "reason"),
    [
        (YES, Reason.CONTACT_NOT_KNOWN),
        (NO, Reason.SCHOOL_NOT_IN),
        (UNKNOWN, Reason.NOT_SURE_SCHOOL_IS_IN),
    ],
)
def test_reason_follows_from_taking_part(takes_part: TakesPart, reason: Reason) -> None:
    assert advise(Situation(True, takes_part, False, False)).reason is reason


def test_school_known_in_the_directory_takes_part() -> None:
    answers = {"school_region": Answer("school_region", "x", Pick("assen", "X College").encode())}

    assert situation(answers) == Situation(True, YES, False, False)


def test_skipped_answers_count_as_not_known() -> None:
    answers = {key: Answer(key, None) for key in ("takes_part", "contact_known", "contact_failed")}

    assert situation(answers) == Situation(False, UNKNOWN, False, False)


def test_first_picked_region_counts() -> None:
    answers = {
        "school_region": Answer("school_region", "Geen van deze", "none"),
        "place_region": Answer("place_region", "Regio Twente", Pick("twente").encode()),
    }

    assert picked(answers) == Pick("twente")
