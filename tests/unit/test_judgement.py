"""What the judge makes of a text, from the text, the model's ranking and what is open."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.turn import OpenKind

pytestmark = pytest.mark.content

HOME = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def judgement() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HOME / "nlu"))
        yield importlib.import_module("wegwijzer_rasa.judgement")


def judged(
    judgement: Any,
    text: str,
    open_kind: str,
    intent: str,
    *,
    sure: float = 0.95,
    answer: float = 0.02,
    step: str | None = None,
) -> Any:
    ranking = [judgement.Guess(intent, 0.6), judgement.Guess("faq_looptijd", 0.1)]
    return judgement.judge(judgement.Heard(text, ranking, sure, answer), open_kind, step)


#: In a plan, where the model is sure of the wrong thing and half sure that it is an answer.
ANSWERS = [
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
    ("technisch keuzevak", "faq_technisch_keuzevak_elders"),
    ("Wat is een regiovisie? Dat leggen we uit aan de leerlingen.", "faq_regiovisie"),
    ("“Wat is cofinanciering?”", "faq_cofinanciering_percentage"),
    ("Kan dat van STO-geld? We willen een lasersnijder.", "faq_waar_geld_aan_besteden"),
    ("🤖", "cmd_help"),
    ("", "cmd_help"),
]


@pytest.mark.parametrize(("text", "taken_for"), ANSWERS)
def test_likely_answer_stays_an_answer(judgement: Any, text: str, taken_for: str) -> None:
    verdict = judged(judgement, text, "plan", taken_for, answer=0.6)

    assert verdict.intent == "plan_answer"


#: Texts that are no question and no order, however unlikely the model finds them as an answer.
KEYWORDS = [
    ("alles wat techniek toevoegt past hier", "faq_maximum_techniekluwe"),
    ("technisch keuzevak", "faq_technisch_keuzevak_elders"),
    ("Wij doen nog niet mee", "faq_school_doet_niet_mee"),
    ("ja", "affirm"),
    ("“Wat is cofinanciering”", "affirm"),
]


@pytest.mark.parametrize(("text", "taken_for"), KEYWORDS)
def test_what_asks_nothing_is_no_question(judgement: Any, text: str, taken_for: str) -> None:
    assert judged(judgement, text, "plan", taken_for).intent == "plan_answer"


def test_name_is_a_name_at_naming_steps(judgement: Any) -> None:
    verdict = judged(judgement, "Docent Voorbeeld", "plan", "cmd_example", step="naam")

    assert verdict.intent == "plan_answer"


#: What is open, what is said, as what, how sure, how likely an answer, and what it must become.
JUDGED = [
    ("plan", "terug", "cmd_back", 0.9, 0.9, "cmd_back"),
    ("plan", "/terug", "cmd_back", 0.9, 0.9, "cmd_back"),
    ("plan", "Mag ik even terug?", "cmd_back", 0.9, 0.1, "cmd_back"),
    ("plan", "teurg", "cmd_back", 0.2, 0.5, "cmd_back"),
    ("plan", "STOP!!", "cmd_stop", 0.9, 0.9, "cmd_stop"),
    ("plan", "stop 🛑", "cmd_stop", 0.9, 0.9, "cmd_stop"),
    ("plan", "sla deze vraag maar over", "cmd_skip", 0.9, 0.5, "cmd_skip"),
    ("plan", "ik wil mijn doelen aanpassen", "cmd_correct", 0.9, 0.5, "cmd_correct"),
    ("plan", "hallo", "greet", 0.9, 0.1, "greet"),
    ("plan", "wat is een regiovisie", "faq_regiovisie", 0.9, 0.05, "faq"),
    ("plan", "wat is een regiovisie", "faq_regiovisie", 0.9, 0.4, "plan_answer"),
    ("plan", "wat is een regiovisie?", "faq_regiovisie", 0.9, 0.2, "faq"),
    ("plan", "Hoi, een vraagje: wat is een pgp?", "faq_pgp", 0.9, 0.2, "faq"),
    ("plan", "wat is dat nou?", "faq_regiovisie", 0.4, 0.05, "suggest"),
    ("plan", "wat eten we vanavond?", "unknown", 0.02, 0.01, "unknown"),
    ("plan", "wat eten we vanavond?", "unknown", 0.02, 0.3, "plan_answer"),
    ("plan", "verstuur het maar, klaar", "cmd_send", 0.9, 0.1, "cmd_send"),
    ("find_region", "esdal klazienaveen", "faq_school_doet_mee", 0.9, 0.4, "find_region"),
    ("find_region", "help", "cmd_help", 0.9, 0.1, "cmd_help"),
    ("find_region", "wat is sto?", "faq_wat_is_sto", 0.9, 0.1, "faq"),
    ("confirm", "ja, prima", "affirm", 0.9, 0.5, "affirm"),
    ("confirm", "ja maar nog niet", "affirm", 0.9, 0.5, "unknown"),
    ("confirm", "nee graag", "affirm", 0.9, 0.5, "unknown"),
    ("confirm", "verstuur maar", "cmd_send", 0.9, 0.5, "cmd_send"),
    ("confirm", "nog niet versturen", "cmd_send", 0.9, 0.5, "unknown"),
    ("confirm", "nee wacht, niet versturen", "cmd_send", 0.9, 0.5, "unknown"),
    ("confirm", "kan ik het later versturen?", "cmd_send", 0.9, 0.5, "unknown"),
    ("confirm", "mag ik het versturen?", "cmd_send", 0.9, 0.5, "unknown"),
    ("confirm", "/cmd_send", "cmd_send", 0.9, 0.5, "unknown"),
    ("confirm", "/affirm", "affirm", 0.9, 0.5, "unknown"),
    ("delete", "ja", "affirm", 0.9, 0.5, "affirm"),
    ("delete", "ja en stuur eerst mijn gegevens", "affirm", 0.9, 0.5, "unknown"),
    ("question", "hoe lang duurt het", "faq_looptijd", 0.9, 0.0, "faq"),
    ("question", "hoe lang duurt het", "faq_looptijd", 0.4, 0.0, "suggest"),
    ("question", "hoe lang duurt het", "faq_looptijd", 0.04, 0.0, "unknown"),
    ("none", "overzicht", "cmd_overview", 0.3, 0.0, "cmd_overview"),
    ("none", "drones in de kas", "plan_answer", 0.02, 0.9, "unknown"),
    ("none", "in welke regio zit ik?", "find_region", 0.9, 0.0, "faq"),
    ("none", "zoek mijn regio", "find_region", 0.9, 0.0, "find_region"),
    ("none", '/cmd_send{"x":1}', "cmd_send", 0.9, 0.0, "unknown"),
]


@pytest.mark.parametrize(("open_kind", "text", "intent", "sure", "answer", "expected"), JUDGED)
def test_text_is_judged_by_what_is_open(
    judgement: Any,
    open_kind: str,
    text: str,
    intent: str,
    sure: float,
    answer: float,
    expected: str,
) -> None:
    verdict = judged(judgement, text, open_kind, intent, sure=sure, answer=answer)

    assert verdict.intent == expected


def test_question_at_a_region_goes_with_its_entry(judgement: Any) -> None:
    verdict = judged(judgement, "in welke regio zit ik?", "none", "find_region")

    assert verdict.suggestions[0] == "welke-regio"
    assert len(verdict.suggestions) <= judgement.SUGGESTED_AT_MOST


def test_answer_that_may_ask_offers_both(judgement: Any) -> None:
    verdict = judged(judgement, "Wat is een pgp waard", "plan", "faq_pgp", answer=0.7)

    assert (verdict.intent, verdict.suggestions[0]) == ("plan_answer", "pgp")


def test_whole_plan_is_told_by_the_app(judgement: Any) -> None:
    heard = judgement.Heard("Doelen: x", [], 0.0, 1.0, whole_plan=True)

    assert judgement.judge(heard, "plan").intent == "pasted_plan"
    assert judgement.judge(heard, "delete").intent == "unknown"


@pytest.mark.parametrize("open_kind", [kind.value for kind in OpenKind])
def test_judges_without_any_guess(judgement: Any, open_kind: str) -> None:
    expected = {"plan": "plan_answer", "find_region": "find_region", "choose": "choose"}.get(
        open_kind, "unknown"
    )
    heard = judgement.Heard("iets", [], 0.0, 0.0)

    assert judgement.judge(heard, open_kind).intent == expected
