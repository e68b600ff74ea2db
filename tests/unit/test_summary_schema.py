"""The published JSON Schema describes what is really sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.domain.plan_states import MANAGEMENT_ACTIONS
from bot.domain.summary import PlanSummary, RecipientRole, SupportStatus, Via
from tests.summaries import REFERENCES, make_summary, make_word, summaries

SCHEMA = Path(__file__).parents[2] / "docs" / "plan-summary.schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@settings(deadline=None)
@given(summary=summaries(st.text(), REFERENCES))
def test_every_summary_fits_schema(validator, summary) -> None:
    document = json.loads(json.dumps(summary.to_dict()))

    validator.validate(document)

    assert PlanSummary.from_dict(document) == summary


def test_schema_lists_every_field(validator) -> None:
    document = make_summary(management=make_word()).to_dict()
    answer = document["answers"][0]

    assert set(validator.schema["properties"]) == set(document)
    # A summary of before the management could speak lacks its word.
    assert [*validator.schema["required"], "management"] == list(document)
    assert validator.schema["$defs"]["answer"]["required"] == list(answer)
    assert list(validator.schema["$defs"]["management"]["properties"]) == list(
        document["management"]
    )


def test_schema_lists_every_value(validator) -> None:
    properties = validator.schema["properties"]

    assert properties["support"]["enum"] == list(SupportStatus)
    assert properties["recipient_role"]["enum"] == list(RecipientRole)
    word = validator.schema["$defs"]["management"]["properties"]
    assert word["verdict"]["enum"] == [action.value for action in MANAGEMENT_ACTIONS]
    assert word["via"]["enum"] == list(Via)


def test_summary_of_before_management_spoke_still_reads(validator) -> None:
    old = make_summary().to_dict()
    del old["management"]

    validator.validate(old)

    assert PlanSummary.from_dict(old) == make_summary()


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": "plan-summary-2"},
        {"reference": "STO-26-1"},
        {"submitted_on": "22 november 2026"},
        {"support": "goedgekeurd"},
        {"answers": [{"key": "doelen", "title": "Doelen", "question": "Welke?"}]},
        {"approved": True},
        {"management": {"verdict": "endorse", "name": "X"}},
        {"management": make_word().to_dict() | {"verdict": "approve"}},
    ],
)
def test_schema_refuses_other_documents(validator, wrong) -> None:
    document = make_summary().to_dict() | wrong

    assert not validator.is_valid(document)
