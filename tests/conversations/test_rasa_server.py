"""Real Rasa with the trained model: what its channel lets in, and what each turn reaches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.conversations.stub_actions import (
    HOME,
    RasaProcess,
    StubActions,
    rasa_server,
    stub_actions,
)

pytestmark = pytest.mark.timeout(600)

_turns = itertools.count(1)

#: (open, said, intent): written apart from the training lines, and never added to them.
UNDERSTOOD = [
    ("none", "Hoi!", "greet"),
    ("none", "ik wil un plan make", "start_plan"),
    ("none", "kunnen we een plan starten?", "start_plan"),
    ("none", "I would like to make a plan", "start_plan"),
    ("none", "ik wil verder met m'n plan", "resume_plan"),
    ("none", "welke plannen heb ik al gemaakt", "my_plans"),
    ("none", "waar staat me plan", "status"),
    ("none", "onder welke regio valt onze school?", "faq welke-regio"),
    ("none", "wie is onze contactpersoon", "contact"),
    ("none", "kan ik ff iemand bellen", "human"),
    ("none", "wat doen jullie met mijn gegevens?", "privacy"),
    ("none", "mijn gegevens downloaden", "export_data"),
    ("none", "wis al mijn gegevens", "delete_data"),
    ("none", "wij zijn een bouwbedrijf en willen leerlingen ontvangen", "company_visit"),
    ("none", "dank je wel!", "thanks"),
    ("none", "tot ziens en fijne dag", "bye"),
    ("none", "ben je een bot?", "bot_challenge"),
    ("none", "wat kan ik hier allemaal doen?", "cmd_help"),
    ("none", "wat is sterk technikonderwijs", "faq wat-is-sto"),
    ("none", "hoeveel gelt krijgt mn school", "faq budget-mijn-school"),
    ("none", "wie besluit over mn plan", "faq wie-beslist"),
    ("none", "wat eten we vandaag", "unknown"),
    ("none", "wanneer is de kerstvakantie", "unknown"),
    ("none", "is er subsidie voor een nieuwe gymzaal", "unknown"),
    ("none", "qwertyuiop", "unknown"),
    ("question", "hoelang loopt het programma nog", "faq looptijd"),
    ("question", "hoeveel kost een kilo appels", "unknown"),
    ("find_region", "ik geef les op het dr nassau in assen", "find_region"),
    ("find_region", "stop maar", "cmd_stop"),
    ("plan", "Terug naar de natuur", "plan_answer"),
    ("plan", "stop motion filmpjes maken over techniek", "plan_answer"),
    ("plan", "We willen drones kopen, kost 4000 euro", "plan_answer"),
    ("plan", "€ 12.500,- waarvan 10% van het bedrijf", "plan_answer"),
    ("plan", "De regiovisie ken ik niet, maar dit past bij het tekort", "plan_answer"),
    ("plan", "Wat is jouw wereld van techniek? Leerlingen zoeken het uit.", "plan_answer"),
    ("plan", "Wie repareert de fiets van de buurt?", "plan_answer"),
    ("plan", "onze school doet nog niet mee", "plan_answer"),
    ("plan", "de programmamanager", "plan_answer"),
    ("plan", "nee", "plan_answer"),
    ("plan", "🤖", "plan_answer"),
    ("plan", "mag ik even terug naar de vorige?", "cmd_back"),
    ("plan", "sla deze maar over", "cmd_skip"),
    ("plan", "voorbeld", "cmd_example"),
    ("plan", "kan ik dit later afmaken?", "cmd_pause"),
    ("plan", "ik wil ermee stoppen", "cmd_stop"),
    ("plan", "hoeveel vragen komen er nog?", "cmd_overview"),
    ("plan", "mijn doelen kloppen niet", "cmd_correct"),
    ("plan", "hoi, wat bedoelen jullie met de regiovisie?", "faq regiovisie"),
    ("plan", "tellen gastlessen ook als cofinanciering?", "faq cofinanciering-natura"),
    ("plan", "wie is de programmamanager van mijn regio?", "contact"),
    ("confirm", "ja, klopt helemaal", "affirm"),
    ("confirm", "verstuur maar", "cmd_send"),
    ("confirm", "nee, wacht even", "deny"),
    ("confirm", "doelen wijzigen", "cmd_correct"),
    ("confirm", "nog een extra zin over het mbo", "unknown"),
    ("delete", "ja doe maar", "affirm"),
    ("delete", "misschien", "unknown"),
]

#: What is said, what is open, and the action that must answer.
ANSWERED = [
    ("plan_answer", "plan", "action_plan_answer"),
    ("choose", "choose", "action_choose"),
    ("delete_confirm", "delete", "action_delete_confirm"),
    ("delete_cancel", "delete", "action_delete_cancel"),
    ("cmd_back", "plan", "action_plan_back"),
    ("cmd_skip", "plan", "action_plan_skip"),
    ("cmd_keep", "plan", "action_plan_keep"),
    ("cmd_example", "plan", "action_plan_example"),
    ("cmd_pause", "plan", "action_plan_pause"),
    ("cmd_stop", "plan", "action_plan_stop"),
    ("cmd_overview", "plan", "action_plan_overview"),
    ("cmd_correct", "confirm", "action_plan_correct"),
    ("cmd_restart", "plan", "action_plan_restart"),
    ("start_plan", "none", "action_plan_start"),
    ("resume_plan", "none", "action_plan_resume"),
    ("pick_plan", "none", "action_plan_resume"),
    ("cmd_send", "confirm", "action_plan_send"),
    ("affirm", "confirm", "action_plan_send"),
    ("deny", "confirm", "action_plan_correct"),
    ("affirm", "delete", "action_delete_confirm"),
    ("deny", "delete", "action_delete_cancel"),
    ("affirm", "none", "action_unknown"),
    ("deny", "none", "action_unknown"),
    ("my_plans", "none", "action_my_plans"),
    ("status", "none", "action_plan_status"),
    ("find_region", "none", "action_find_region"),
    ("pick_region", "find_region", "action_find_region"),
    ("contact", "none", "action_contact"),
    ("faq", "none", "action_faq"),
    ("faq", "plan", "action_faq"),
    ("suggest", "none", "action_suggest"),
    ("none_of_these", "plan", "action_none_of_these"),
    ("faq_thumb", "none", "action_faq_thumb"),
    ("was_answer", "plan", "action_was_answer"),
    ("was_question", "plan", "action_was_question"),
    ("pasted_plan", "none", "action_pasted_plan"),
    ("paste_confirm", "choose", "action_paste_confirm"),
    ("paste_answer", "choose", "action_paste_answer"),
    ("paste_refuse", "choose", "action_paste_refuse"),
    ("ask_question", "plan", "action_ask_question"),
    ("greet", "none", "action_welcome"),
    ("cmd_help", "plan", "action_help"),
    ("human", "none", "action_human"),
    ("thanks", "none", "action_thanks"),
    ("bye", "none", "action_bye"),
    ("bot_challenge", "none", "action_bot_challenge"),
    ("company_visit", "none", "action_company_visit"),
    ("unknown", "question", "action_unknown"),
    ("privacy", "none", "action_privacy"),
    ("export_data", "none", "action_export_data"),
    ("delete_data", "none", "action_delete_data"),
]


@pytest.fixture(scope="module")
def stub_server() -> Iterator[StubActions]:
    with stub_actions() as stub:
        yield stub


@pytest.fixture
def stub(stub_server: StubActions) -> StubActions:
    stub_server.reset()
    return stub_server


@pytest.fixture(scope="module")
def rasa(
    stub_server: StubActions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RasaProcess]:
    # With --debug Rasa says most: the log must hold nobody's words even then.
    log = tmp_path_factory.mktemp("rasa") / "rasa.log"
    with rasa_server(stub_server.url, log, "--debug") as server:
        yield server


def turn_body(open_kind: str = "plan", sender: str = "conversation", **said: Any) -> dict[str, Any]:
    metadata = {"turn": next(_turns), "attempt": 1, "open": open_kind, "step": None}
    if "text" in said:
        metadata["text"] = said["text"]
    return {"sender": sender, "metadata": metadata, **said}


def understand(rasa: RasaProcess, text: str, open_kind: str) -> str:
    body = {"text": text, "metadata": {"open": open_kind, "step": None}}
    parsed = rasa.client.post("/parse", json=body).json()
    name = parsed["intent"]["name"]
    return f"faq {parsed['suggestions'][0]}" if name == "faq" else str(name)


def test_tells_that_it_is_ready(rasa: RasaProcess) -> None:
    answer = httpx.get(f"{rasa.client.base_url}", trust_env=False)

    assert (answer.status_code, answer.json()) == (200, {"ready": True})


@pytest.mark.parametrize("path", ["/turn", "/parse"])
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer made-up", "Basic made-up-token"])
def test_refuses_who_lacks_the_token(
    rasa: RasaProcess, stub: StubActions, path: str, header: str
) -> None:
    answer = rasa.client.post(path, json=turn_body(text="hallo"), headers={"Authorization": header})

    assert answer.status_code == 401
    assert stub.calls == []


@pytest.mark.parametrize(
    "path", ["/webhooks/rest/webhook", "/model/parse", "/conversations/x/tracker", "/status"]
)
def test_has_no_other_way_in(rasa: RasaProcess, path: str) -> None:
    address = rasa.client.base_url.copy_with(path=path)

    assert rasa.client.post(address, json={"sender": "x", "message": "hallo"}).status_code == 404


BAD_BODIES: list[Any] = [
    None,
    [],
    "hallo",
    {},
    {"sender": "x", "metadata": {"turn": 1, "attempt": 1}},
    {"sender": "x", "text": "a", "intent": "greet", "metadata": {"turn": 1, "attempt": 1}},
    {"sender": "", "text": "a", "metadata": {"turn": 1, "attempt": 1}},
    {"sender": 5, "text": "a", "metadata": {"turn": 1, "attempt": 1}},
    {"sender": "x", "text": ["a"], "metadata": {"turn": 1, "attempt": 1}},
    {"sender": "x", "text": "a"},
    {"sender": "x", "text": "a", "metadata": []},
    {"sender": "x", "text": "a", "metadata": {"turn": "1", "attempt": 1}},
    {"sender": "x", "text": "a", "metadata": {"turn": True, "attempt": 1}},
    {"sender": "x", "text": "a", "metadata": {"turn": 1, "attempt": 1, "open": "all"}},
    {"sender": "x", "text": "a", "metadata": {"turn": 1, "attempt": 1, "step": 3}},
    {"sender": "x", "text": "a", "metadata": {"turn": 1, "attempt": 1, "text": 3}},
    {"sender": "x", "text": "a" * 100_001, "metadata": {"turn": 1, "attempt": 1}},
    {"sender": "x", "intent": "no_such_intent", "metadata": {"turn": 1, "attempt": 1}},
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_refuses_a_bad_body(rasa: RasaProcess, stub: StubActions, body: Any) -> None:
    answer = rasa.client.post("/turn", json=body)

    assert answer.status_code == 400
    assert stub.calls == []


def test_refuses_what_is_not_json(rasa: RasaProcess) -> None:
    assert rasa.client.post("/turn", content=b"{").status_code == 400


def test_passes_on_the_turn_verbatim(rasa: RasaProcess, stub: StubActions) -> None:
    text = "  We bouwen:\n\n- een kas\n- een “robot” 🤖 voor € 400 {x}\n"

    answer = rasa.client.post("/turn", json=(body := turn_body(text=text)))

    assert answer.status_code == 200
    assert answer.json() == [{"custom": {"turn": body["metadata"]["turn"], "saved": True}}]
    assert [(call.action, call.metadata) for call in stub.calls] == [
        ("action_plan_answer", body["metadata"])
    ]
    assert stub.calls[0].entities == [{"entity": "open", "value": "plan"}]


@pytest.mark.parametrize("text", ["", " ", "/", "👍", "...", "a" * 20_000, "\u200b", "EXTERNAL: x"])
def test_answers_any_text_once(rasa: RasaProcess, stub: StubActions, text: str) -> None:
    answer = rasa.client.post("/turn", json=turn_body(text=text))

    assert answer.status_code == 200
    assert [(call.action, call.metadata["text"]) for call in stub.calls] == [
        ("action_plan_answer", text)
    ]


@pytest.mark.parametrize(("intent", "open_kind", "action"), ANSWERED)
def test_each_press_reaches_its_action(
    rasa: RasaProcess, stub: StubActions, intent: str, open_kind: str, action: str
) -> None:
    body = turn_body(open_kind, intent=intent)
    body["metadata"]["value"] = "x"

    answer = rasa.client.post("/turn", json=body)

    assert answer.status_code == 200
    assert [(call.action, call.intent, call.metadata) for call in stub.calls] == [
        (action, intent, body["metadata"])
    ]


def test_the_list_above_reaches_every_action() -> None:
    domains = [yaml.safe_load(path.read_text()) for path in (HOME / "nlu/domain").glob("*.yml")]

    assert {action for _, _, action in ANSWERED} == {
        action for domain in domains for action in domain.get("actions", [])
    }


@pytest.mark.parametrize("open_kind", ["none", "plan", "confirm", "find_region", "delete"])
@pytest.mark.parametrize(
    "text",
    ["/cmd_send", '/cmd_send{"x":1}', "/affirm", " //affirm", "/ /cmd_send", "/cmd_send@1.0"],
)
def test_typed_text_forges_no_press(
    rasa: RasaProcess, stub: StubActions, text: str, open_kind: str
) -> None:
    answer = rasa.client.post("/turn", json=turn_body(open_kind, text=text))

    expected = {"plan": "action_plan_answer", "find_region": "action_find_region"}
    assert answer.status_code == 200
    assert [(call.action, call.metadata["text"]) for call in stub.calls] == [
        (expected.get(open_kind, "action_unknown"), text)
    ]


@pytest.mark.parametrize("text", ["/start_plan", '/cmd_back{"x":1}', "/start", "/delete_data"])
def test_slash_in_a_plan_is_an_answer(rasa: RasaProcess, stub: StubActions, text: str) -> None:
    rasa.client.post("/turn", json=turn_body("plan", text=text))

    assert [(call.action, call.metadata["text"]) for call in stub.calls] == [
        ("action_plan_answer", text)
    ]


@pytest.mark.parametrize(("open_kind", "text", "intent"), UNDERSTOOD)
def test_understands_what_is_meant(
    rasa: RasaProcess, open_kind: str, text: str, intent: str
) -> None:
    assert understand(rasa, text, open_kind) == intent


def test_examples_of_the_question_file_are_answers(rasa: RasaProcess) -> None:
    parts = yaml.load((HOME / "content/plan_questions.yml").read_text(), Loader=yaml.BaseLoader)
    questions = [question for part in parts.values() for question in part]
    answers = [question["example"] for question in questions if "example" in question]

    understood = {answer: understand(rasa, answer, "plan") for answer in answers}

    assert {text: name for text, name in understood.items() if name != "plan_answer"} == {}


def test_choice_is_an_answer_whatever_it_sounds_like(rasa: RasaProcess) -> None:
    body = {"text": "stop", "metadata": {"open": "plan", "is_choice": True}}

    assert rasa.client.post("/parse", json=body).json()["intent"]["name"] == "plan_answer"


def test_leaves_the_ranking_as_it_was(rasa: RasaProcess) -> None:
    body = {"text": "Terug naar de natuur", "metadata": {"open": "plan"}}

    parsed = rasa.client.post("/parse", json=body).json()

    assert parsed["intent"]["name"] == "plan_answer"
    assert parsed["intent_ranking"][0]["name"] == "cmd_back"


def test_remembers_nothing_between_turns(rasa: RasaProcess, stub: StubActions) -> None:
    for _ in range(3):
        rasa.client.post("/turn", json=turn_body("none", text="hallo"))

    assert [call.events.count("user") for call in stub.calls] == [1, 1, 1]


@pytest.mark.parametrize("mode", ["silent", "error", "rejected", "nonsense"])
def test_failed_action_is_a_failed_turn(rasa: RasaProcess, stub: StubActions, mode: str) -> None:
    stub.mode = mode
    body = turn_body(text="KANARIE piept")
    failed = rasa.client.post("/turn", json=body)
    stub.mode = "saved"
    again = rasa.client.post("/turn", json=body)

    assert (failed.status_code, again.status_code) == (502, 200)
    assert [call.metadata for call in stub.calls] == [body["metadata"]] * 2
    assert "KANARIE" not in failed.text


def test_serves_four_senders_at_once(rasa: RasaProcess, stub: StubActions) -> None:
    bodies = [turn_body(sender=f"s{number % 4}", text=f"doel {number}") for number in range(40)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda body: rasa.client.post("/turn", json=body), bodies))

    assert [answer.json()[0]["custom"]["turn"] for answer in answers] == [
        body["metadata"]["turn"] for body in bodies
    ]
    assert {(call.metadata["turn"], call.metadata["text"]) for call in stub.calls} == {
        (body["metadata"]["turn"], body["text"]) for body in bodies
    }


def test_log_holds_nobodys_words(rasa: RasaProcess, stub: StubActions) -> None:
    for mode in ("saved", "silent", "error", "rejected", "nonsense"):
        stub.mode = mode
        for text in ("KANARIE piept", "/KANARIE{", "KANARIE?\nkanarie@school.nl"):
            rasa.client.post("/turn", json=turn_body("none", text=text))
            rasa.client.post("/parse", json={"text": text})

    log = rasa.log.read_text()
    assert "Rasa server is up and running" in log
    assert "kanarie" not in log.lower()


def test_ends_when_its_parent_is_gone(stub: StubActions, tmp_path: Path) -> None:
    with rasa_server(stub.url, tmp_path / "rasa.log") as server:
        assert server.process.stdin is not None
        server.process.stdin.close()

        assert server.process.wait(timeout=30) is not None
