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

from bot.domain.turn import OpenKind
from bot.services.faq import FaqEntry, read_faq

pytestmark = pytest.mark.content

HOME = Path(__file__).resolve().parents[2]
FEATURES = {"plan_intake", "hand_over", "my_plans", "directory", "faq", "welcome", "privacy"}
#: Pressed, or set by the judge: no text is trained for these.
BUTTON_ONLY = {"pick_plan", "pick_region", "delete_confirm", "delete_cancel", "choose"}


@cache
def read(folder: str) -> dict[str, Any]:
    paths = sorted((HOME / folder).glob("*.yml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


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


def faq() -> dict[str, FaqEntry]:
    return read_faq(HOME / "content/faq")


@pytest.fixture(scope="module")
def judgement() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HOME / "nlu"))
        yield importlib.import_module("wegwijzer_rasa.judgement")


def test_every_tree_has_every_feature() -> None:
    assert set(read("nlu/domain")) == FEATURES | {"open"}
    assert set(read("nlu/training")) == set(read("stories/rules")) == FEATURES


@pytest.mark.parametrize("key", ["intents", "actions", "slots", "entities", "session_config"])
def test_domain_defines_nothing_twice(key: str) -> None:
    assert [name for name, times in Counter(listed(key)).items() if times > 1] == []


def test_domain_has_no_other_keys() -> None:
    keys = {key for domain in read("nlu/domain").values() for key in domain}

    assert keys == {"version", "intents", "actions", "slots", "entities", "session_config"}


def test_slot_has_every_kind_of_open() -> None:
    slot = read("nlu/domain")["open"]["slots"]["open"]

    assert slot["values"] == [kind.value for kind in OpenKind]


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
    assert {value for _, value in asked} <= {kind.value for kind in OpenKind}


def test_every_action_has_a_rule() -> None:
    assert {rule["steps"][1]["action"] for rule in rules()} == set(listed("actions"))


def test_every_action_of_the_app_is_named() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (HOME / "actions").glob("*.py")]
    named = {name for source in sources for name in re.findall(r'"(action_\w+)"', source)}

    assert named == set(listed("actions"))


def test_every_intent_is_trained_in_one_place() -> None:
    items = [item["intent"] for file in read("nlu/training").values() for item in file["nlu"]]

    assert sorted(items) == sorted(set(listed("intents")) - BUTTON_ONLY)


def test_every_intent_has_enough_lines() -> None:
    lines = Counter(intent for intent, _ in training())

    assert [intent for intent, number in lines.items() if number < 12] == []
    assert min(lines["unknown"], lines["plan_answer"]) >= 60


def test_no_line_is_there_twice() -> None:
    plain = Counter(" ".join(re.findall(r"\w+", line.lower())) or line for _, line in training())

    assert [line for line, times in plain.items() if times > 1] == []


def test_faq_and_its_intents_agree() -> None:
    assert set(faq()) == {name for name in listed("intents") if name.startswith("faq_")}
    assert len(faq()) == 20


@pytest.mark.parametrize("entry", faq().values(), ids=lambda entry: entry.id)
def test_faq_entry_is_fit_for_people(entry: FaqEntry) -> None:
    assert len(entry.answer.split()) <= 90
    assert not re.search(r"\b(u|uw)\b", entry.answer)
    assert entry.status in {"current", "old", "derived"}
    assert entry.sources
    for source in entry.sources:
        assert source in {"flyer", "presentatie"} or source.startswith("https://")


def test_wording_belongs_to_trained_intents(judgement: Any) -> None:
    known = set(listed("intents")) - BUTTON_ONLY

    assert set(judgement.COMMANDS) <= known
    assert known >= judgement.ASKABLE
    assert set(judgement.COMMANDS) >= judgement.ONLY_IN_SO_MANY_WORDS


def test_wording_fits_the_short_training_lines(judgement: Any) -> None:
    short = [
        (intent, judgement.is_command(line, intent))
        for intent, line in training()
        if intent.startswith("cmd_") and len(judgement.words_of(line)) <= 4
    ]
    missed = Counter(intent for intent, fits in short if not fits)

    assert sum(missed.values()) <= 0.25 * len(short)


def test_no_trained_answer_is_a_command(judgement: Any) -> None:
    answers = [line for intent, line in training() if intent == "plan_answer"]

    taken = [
        (line, intent)
        for line in answers
        for intent in judgement.COMMANDS
        if intent not in judgement.NEVER_IN_A_PLAN and judgement.is_command(line, intent)
    ]
    assert taken == []


#: In a plan, with a classifier that is sure of the wrong thing: what is said, what it takes it for.
SWALLOWED_NOWHERE = [
    ("Terug naar de natuur", "cmd_back"),
    ("Terug naar de basis: techniek voor iedereen", "cmd_back"),
    ("terug\nen dan verder", "cmd_back"),
    ('"terug"', "cmd_back"),
    ("“Stop!”", "cmd_stop"),
    ("Stop de verspilling, repareer je fiets", "cmd_stop"),
    ("stop motion filmpjes", "cmd_stop"),
    ("- stop\n- terug\n- klaar", "cmd_stop"),
    ("1. start 2. stop 3. evaluatie", "cmd_stop"),
    ("Leerlingen typen /start en krijgen een opdracht", "start_plan"),
    ("/start_plan", "start_plan"),
    ("/start", "start_plan"),
    ('/cmd_send{"x":1}', "cmd_send"),
    ("na de pauze", "cmd_pause"),
    ("in de pauze", "cmd_pause"),
    ("morgen", "cmd_pause"),
    ("tijd", "cmd_pause"),
    ("later", "cmd_skip"),
    ("honden", "cmd_keep"),
    ("inspiratie", "cmd_example"),
    ("een medewerker", "human"),
    ("de programmamanager", "contact"),
    ("hulp van het mbo 🤝", "cmd_help"),
    ("lessen aanpassen", "cmd_correct"),
    ("de lessen zijn klaar en dan versturen we de uitnodiging", "cmd_send"),
    ("We willen opnieuw beginnen met techniek in de onderbouw", "cmd_restart"),
    ("ja", "affirm"),
    ("nee, nog niet", "deny"),
    ("Wij doen nog niet mee", "faq_school_doet_niet_mee"),
    ("We kopen 5 drones van € 450,-", "faq_waar_geld_aan_besteden"),
    ("De regiovisie vraagt om meer techniek", "faq_regiovisie"),
    ("Wat is een regiovisie? Dat leggen we uit aan de leerlingen.", "faq_regiovisie"),
    ("“Wat is cofinanciering?”", "faq_cofinanciering_percentage"),
    ("Kan dat van STO-geld? We willen een lasersnijder.", "faq_waar_geld_aan_besteden"),
    ("mag ook drones bevatten " + "en nog veel meer " * 8, "faq_waar_geld_aan_besteden"),
    ("🤖", "cmd_help"),
    ("", "cmd_help"),
]


@pytest.mark.parametrize(("text", "taken_for"), SWALLOWED_NOWHERE)
def test_answer_stays_an_answer(judgement: Any, text: str, taken_for: str) -> None:
    verdict = judgement.judge(text, "plan", [judgement.Guess(taken_for, 0.99)])

    assert verdict == judgement.Guess("plan_answer", 1.0)


#: What is open, what is said, how sure the classifier is of what, and what it must become.
JUDGED = [
    ("plan", "terug", "cmd_back", 0.9, "cmd_back"),
    ("plan", "/terug", "cmd_back", 0.9, "cmd_back"),
    ("plan", "Mag ik even terug?", "cmd_back", 0.9, "cmd_back"),
    ("plan", "teurg", "cmd_back", 0.2, "cmd_back"),
    ("plan", "STOP!!", "cmd_stop", 0.9, "cmd_stop"),
    ("plan", "stop 🛑", "cmd_stop", 0.9, "cmd_stop"),
    ("plan", "sla deze vraag maar over", "cmd_skip", 0.9, "cmd_skip"),
    ("plan", "ik wil mijn doelen aanpassen", "cmd_correct", 0.9, "cmd_correct"),
    ("plan", "hallo", "greet", 0.9, "greet"),
    ("plan", "wat is een regiovisie", "faq_regiovisie", 0.9, "faq_regiovisie"),
    ("plan", "Hoi, een vraagje: wat is een pgp?", "faq_pgp", 0.9, "faq_pgp"),
    ("plan", "wat is een regiovisie", "faq_regiovisie", 0.4, "plan_answer"),
    ("plan", "welke bedrijven precies volgt nog", "contact", 0.77, "plan_answer"),
    ("plan", "wat eten we vanavond?", "unknown", 0.9, "plan_answer"),
    ("plan", "doe je mee?", "company_visit", 0.9, "plan_answer"),
    ("find_region", "esdal klazienaveen", "faq_school_doet_mee", 0.9, "find_region"),
    ("find_region", "help", "cmd_help", 0.9, "cmd_help"),
    ("find_region", "wat is sto?", "faq_wat_is_sto", 0.9, "faq_wat_is_sto"),
    ("confirm", "ja, prima", "affirm", 0.9, "affirm"),
    ("confirm", "ja maar nog niet", "affirm", 0.9, "unknown"),
    ("confirm", "nee graag", "affirm", 0.9, "unknown"),
    ("confirm", "verstuur maar", "cmd_send", 0.9, "cmd_send"),
    ("confirm", "nog niet versturen", "cmd_send", 0.9, "unknown"),
    ("confirm", "nee wacht, niet versturen", "cmd_send", 0.9, "unknown"),
    ("confirm", "kan ik het later versturen?", "cmd_send", 0.9, "unknown"),
    ("confirm", "mag ik het versturen?", "cmd_send", 0.9, "unknown"),
    ("confirm", "/cmd_send", "cmd_send", 0.9, "unknown"),
    ("confirm", "/affirm", "affirm", 0.9, "unknown"),
    ("confirm", "en ook nog iets over het mbo", "plan_answer", 0.9, "unknown"),
    ("delete", "ja", "affirm", 0.9, "affirm"),
    ("delete", "ja en stuur eerst mijn gegevens", "affirm", 0.9, "unknown"),
    ("question", "hoe lang duurt het", "faq_looptijd", 0.9, "faq_looptijd"),
    ("question", "hoe lang duurt het", "faq_looptijd", 0.4, "unknown"),
    ("none", "overzicht", "cmd_overview", 0.3, "cmd_overview"),
    ("none", "drones in de kas", "plan_answer", 0.9, "unknown"),
    ("none", '/cmd_send{"x":1}', "cmd_send", 0.9, "unknown"),
]


@pytest.mark.parametrize(("open_kind", "text", "intent", "confidence", "expected"), JUDGED)
def test_text_is_judged_by_what_is_open(
    judgement: Any, open_kind: str, text: str, intent: str, confidence: float, expected: str
) -> None:
    verdict = judgement.judge(text, open_kind, [judgement.Guess(intent, confidence)])

    assert verdict.intent == expected


@pytest.mark.parametrize("open_kind", [kind.value for kind in OpenKind])
def test_judges_without_any_guess(judgement: Any, open_kind: str) -> None:
    expected = {"plan": "plan_answer", "find_region": "find_region", "choose": "choose"}.get(
        open_kind, "unknown"
    )

    assert judgement.judge("iets", open_kind, []).intent == expected
