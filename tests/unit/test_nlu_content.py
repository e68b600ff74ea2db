"""Training data, rules and FAQ as data, and the judgement of texts; all without Rasa."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.faq import FaqEntry
from bot.domain.turn import KNOWN_TO_RASA
from bot.services.directory_content import read_regions
from bot.services.faq_content import FaqContent, read_faq

pytestmark = pytest.mark.content

HOME = Path(__file__).resolve().parents[2]
FEATURES = {"plan_intake", "hand_over", "my_plans", "directory", "faq", "welcome", "privacy"}
#: Pressed, or set by the judge: no text is trained for these.
BUTTON_ONLY = {
    "pick_plan",
    "pick_region",
    "delete_confirm",
    "delete_cancel",
    "choose",
    "faq",
    "suggest",
    "none_of_these",
    "faq_thumb",
    "was_answer",
    "was_question",
    "pasted_plan",
    "paste_confirm",
    "paste_answer",
    "paste_refuse",
}
#: Only as an answer of the judge: as a question it is the command `find_region`.
ASKED_AS_COMMAND = {"welke-regio"}


@cache
def read(folder: str) -> dict[str, Any]:
    paths = sorted((HOME / folder).rglob("*.yml"))
    return {
        path.relative_to(HOME / folder).with_suffix("").as_posix(): yaml.safe_load(
            path.read_text(encoding="utf-8")
        )
        for path in paths
    }


def listed(key: str) -> list[str]:
    return [name for domain in read("nlu/domain").values() for name in domain.get(key, [])]


def rules() -> list[dict[str, Any]]:
    return [rule for file in read("stories/rules").values() for rule in file["rules"]]


def intents_of(rule: dict[str, Any]) -> list[str]:
    first = rule["steps"][0]
    return [step["intent"] for step in first.get("or", [first])]


def training() -> list[tuple[str, str]]:
    """Give every (intent, line)."""
    return [
        (item["intent"], line.removeprefix("- "))
        for file in read("nlu/training").values()
        for item in file["nlu"]
        for line in item["examples"].splitlines()
    ]


@cache
def faq() -> FaqContent:
    regions = read_regions(HOME / "content/regions.csv")
    return read_faq(HOME / "content/faq", [region.id for region in regions])


@pytest.fixture(scope="module")
def judgement() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HOME / "nlu"))
        yield importlib.import_module("wegwijzer_rasa.judgement")


@pytest.fixture(scope="module")
def phrasing(judgement: Any) -> Any:
    return importlib.import_module("wegwijzer_rasa.phrasing")


def test_every_tree_has_every_feature() -> None:
    assert set(read("nlu/domain")) == FEATURES | {"open", "pasted_plan"}
    assert set(read("stories/rules")) == FEATURES | {"pasted_plan"}
    assert set(read("nlu/training")) >= FEATURES


@pytest.mark.parametrize("key", ["intents", "actions", "slots", "entities", "session_config"])
def test_domain_defines_nothing_twice(key: str) -> None:
    assert [name for name, times in Counter(listed(key)).items() if times > 1] == []


def test_domain_has_no_other_keys() -> None:
    keys = {key for domain in read("nlu/domain").values() for key in domain}

    assert keys == {"version", "intents", "actions", "slots", "entities", "session_config"}


def test_slot_has_every_kind_of_open() -> None:
    slot = read("nlu/domain")["open"]["slots"]["open"]

    assert slot["values"] == [kind.value for kind in KNOWN_TO_RASA]


def test_every_intent_has_one_rule() -> None:
    unconditional = [
        intent for rule in rules() if "condition" not in rule for intent in intents_of(rule)
    ]

    assert sorted(unconditional) == sorted(listed("intents"))


def test_every_rule_is_one_turn_one_action() -> None:
    assert [set(rule["steps"][1]) for rule in rules()] == [{"action"}] * len(rules())
    assert [len(rule["steps"]) for rule in rules()] == [2] * len(rules())


def test_rules_have_their_own_names() -> None:
    assert max(Counter(rule["rule"] for rule in rules()).values()) == 1


def test_conditions_ask_for_what_exists() -> None:
    asked = [
        next(iter(condition["slot_was_set"][0].items()))
        for rule in rules()
        for condition in rule.get("condition", [])
    ]

    assert {slot for slot, _ in asked} == {"open"}
    assert {value for _, value in asked} <= {kind.value for kind in KNOWN_TO_RASA}


def test_every_action_has_a_rule() -> None:
    assert {rule["steps"][1]["action"] for rule in rules()} == set(listed("actions"))


def test_every_action_of_the_app_is_named() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (HOME / "actions").glob("*.py")]
    named = {name for source in sources for name in re.findall(r'"(action_\w+)"', source)}

    assert named == set(listed("actions"))


def test_every_intent_is_trained() -> None:
    intents = {intent for intent, _ in training()}
    entries = {
        "faq_" + id_.replace("-", "_") for id_ in faq().entries if id_ not in ASKED_AS_COMMAND
    }

    assert intents == (set(listed("intents")) - BUTTON_ONLY) | entries


def test_every_intent_has_enough_lines() -> None:
    lines = Counter(intent for intent, _ in training())

    assert [intent for intent, number in lines.items() if number < 12] == []
    assert min(lines["unknown"], lines["plan_answer"]) >= 60


def test_no_line_is_there_twice() -> None:
    plain = Counter(" ".join(re.findall(r"\w+", line.lower())) or line for _, line in training())

    assert [line for line, times in plain.items() if times > 1] == []


def test_every_fact_has_its_entry() -> None:
    own = [id_ for id_ in faq().entries if id_.startswith("bot-")]

    assert len(faq().entries) - len(own) == 108
    assert len({entry.short for entry in faq().entries.values()}) == len(faq().entries)


@pytest.mark.parametrize("entry", faq().entries.values(), ids=lambda entry: entry.id)
def test_faq_entry_is_fit_for_people(entry: FaqEntry) -> None:
    assert 10 <= len(entry.answer.split()) <= 90
    assert not re.search(r"\b(u|uw)\b", entry.answer)
    assert len(entry.short) <= 30
    assert entry.related or entry.then
    for source in entry.sources:
        assert source in {"flyer", "presentatie", "wegwijzer"} or source.startswith("https://")


def test_regional_answers_are_short() -> None:
    answers = [answer for region in faq().regional.values() for answer in region.values()]

    assert answers
    assert [answer for answer in answers if len(answer.answer.split()) > 60] == []
    assert all(answer.sources for answer in answers)


def test_wording_belongs_to_trained_intents(judgement: Any, phrasing: Any) -> None:
    known = set(listed("intents")) - BUTTON_ONLY

    assert set(phrasing.COMMANDS) <= known
    assert known >= judgement.ASKED.keys()
    assert faq().entries.keys() >= set(judgement.ASKED.values())
    assert set(phrasing.COMMANDS) >= judgement.ONLY_IN_SO_MANY_WORDS


def test_no_trained_answer_is_a_command(judgement: Any, phrasing: Any) -> None:
    answers = [line for intent, line in training() if intent == "plan_answer"]

    taken = [
        (line, intent)
        for line in answers
        for intent in phrasing.COMMANDS
        if intent not in judgement.NEVER_IN_A_PLAN and phrasing.is_command(line, intent)
    ]
    assert taken == []
