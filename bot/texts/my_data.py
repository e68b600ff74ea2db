"""All that is stored about a person as a page to read; the JSON beside it has the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.plan import PlanStatus
from bot.domain.plan_questions import QuestionSet
from bot.domain.text import capital
from bot.texts import my_data_chat as chat
from bot.texts.review import STATES
from bot.texts.summary import dutch_date

TITLE = "Mijn gegevens bij de STO-wegwijzer"
WORDS = {"header": "STO-wegwijzer", "page": "pagina", "of": "van"}
INTRO = (
    "Hier staat wat de STO-wegwijzer nu van je bewaart, om te lezen. In het bestand "
    "mijn-gegevens.json staat hetzelfde voor een computer, met de codes erbij. Niet hierin: vragen "
    "waar ik geen antwoord op had (daar staat niet bij wie ze stelde), reservekopieën, en wat al "
    "bij anderen is bezorgd. Iets niet goed? Verander het in de chat, of vraag het aan de "
    "beheerder. Wissen doe je met /verwijder."
)
_NOTHING = "Niets."
_OPEN = "(nog open)"
_EARLIER = "Eerder, op {at}"
_CHANNELS = {"telegram": "Telegram", "web": "webchat", "terminal": "terminal", "email": "e-mail"}
_STATES = {
    "due": "moet nog weg",
    "sending": "gaat nu weg",
    "sent": "verstuurd",
    "shown": "getoond in de chat",
    "given_up": "niet gelukt",
    "cancelled": "niet verstuurd",
    "held": "wacht op de beheerder",
}
_ROLES = {
    "teacher": "docent",
    "management": "schoolleiding",
    "school_contact": "STO-contactpersoon",
    "programme_manager": "programmamanager",
    "support": "ondersteuner",
    "operator": "beheerder",
    "clock": "de wegwijzer zelf",
}
_DID = {
    "answer": "gaf een antwoord",
    "stop": "legde het plan weg",
    "resume": "ging verder met het plan",
    "submit": "verstuurde het plan",
    "revise": "gaf een nieuw antwoord",
    "choose_moment": "koos een moment",
    "withdraw": "trok het plan in",
    "endorse": "steunt het idee",
    "return": "gaf het idee terug met opmerkingen",
    "decline": "steunt het idee niet",
    "receive": "heeft het plan ontvangen",
    "ask": "stelde een vraag",
    "take_back": "trok de vraag in",
    "invite": "nodigde uit voor een gesprek",
    "forward": "stuurde het plan door",
    "note": "maakte een notitie",
    "approve": "keurde het plan goed",
    "approve_with_conditions": "keurde het plan goed met voorwaarden",
    "not_now": "besloot: niet nu",
    "undo": "maakte het besluit ongedaan",
    "release": "stuurde het besluit",
    "remind": "stuurde een herinnering",
    "escalate": "bracht het plan een stap verder op de route",
    "lapse": "sloot de vraag",
}
_MOMENTS = {"due": "komt nog", "done": "is geweest", "cancelled": "vervallen", "held": "wacht"}


@dataclass(frozen=True)
class DataLine:
    """Something with its moment: who did it or what it is, and the words."""

    label: str
    text: str


@dataclass(frozen=True)
class DataPart:
    """A part of the page, with facts above its lines; an empty one says that there is nothing."""

    heading: str
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[DataLine, ...] = ()
    nothing: str = _NOTHING


@dataclass(frozen=True)
class MyDataPage:
    """All that the file shows, in reading order."""

    title: str
    made: str
    intro: str
    parts: tuple[DataPart, ...]


def my_data_page(
    data: Mapping[str, Any], questions: Mapping[str, QuestionSet], now: datetime
) -> MyDataPage:
    """Give the page of what `people.export` gave; `questions` by the version that a plan has."""
    followed = {one["plan_id"]: one for one in data["followed"]}
    plans = [
        part
        for plan in data["plans"]
        for part in _plan(plan, followed[plan["id"]], data, questions[plan["questions_version"]])
    ]
    return MyDataPage(
        title=TITLE,
        made=f"Gemaakt op {_at(now.isoformat())}",
        intro=INTRO,
        parts=(
            _who(data),
            *plans,
            *_chat(data),
        ),
    )


def _who(data: Mapping[str, Any]) -> DataPart:
    facts = [("Rol", "docent")]
    for label, step in (("Naam", "naam"), ("E-mail", "email"), ("School", "school")):
        said = [row["text"] for row in data["answers"] if row["step"] == step and row["is_current"]]
        facts += [(label, text) for text in dict.fromkeys(filter(None, said))]
    facts += [("Bekend sinds", _at(row["created_at"])) for row in data["person"]]
    facts += [
        ("Chat", f"{_CHANNELS[row['channel']]}, code {row['address']}")
        for row in data["conversations"]
    ]
    return DataPart("Wie je bent", tuple(facts), nothing="")


def _plan(
    plan: Mapping[str, Any],
    followed: Mapping[str, Any],
    data: Mapping[str, Any],
    questions: QuestionSet,
) -> Iterable[DataPart]:
    given = [row for row in data["answers"] if row["plan_id"] == plan["id"]]
    name = _name(plan, given)
    facts = [
        ("Stand", STATES[PlanStatus(followed["status"])]),
        ("Begonnen", _at(plan["created_at"])),
        ("Veranderd", _at(plan["changed_at"])),
    ]
    if plan["submitted_at"]:
        facts.append(("Verstuurd", _at(plan["submitted_at"])))
    if followed["now_with"]:
        facts.append(("Ligt bij", _ROLES[followed["now_with"]]))
    facts += [
        ("Versie", f"{version['number']}, van {_at(version['made_at'])}")
        for version in followed["versions"]
    ]
    yield DataPart(capital(name), tuple(facts), tuple(_answers(given, questions)))
    events = tuple(_event(event, questions) for event in followed["events"])
    yield DataPart(f"Wat er gebeurde met {name}", (), events)
    if events:
        yield DataPart("Wat hier niet staat", (), (DataLine("", followed["events_withheld"]),))
    sent = [row for row in data["deliveries"] if row["plan_id"] == plan["id"]]
    lines = (*map(_sent, sent), *map(_link, followed["links"]), *map(_due, followed["reminders"]))
    yield DataPart(f"Verstuurd over {name}", (), lines)


def _name(plan: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> str:
    titles = [row["text"] for row in given if row["step"] == "titel" and row["is_current"]]
    title = next(filter(None, titles), "zonder titel")
    return f"plan “{title}”" + (f" ({plan['reference']})" if plan["reference"] else "")


def _answers(given: Sequence[Mapping[str, Any]], questions: QuestionSet) -> Iterable[DataLine]:
    for row in sorted(given, key=lambda row: not row["is_current"]):
        title = _title(row["step"], questions)
        said = _EARLIER.format(at=_at(row["given_at"]))
        label = title if row["is_current"] else f"{title}. {said}"
        # What the rules make of a choice stands in the JSON; its words say the same.
        yield DataLine(label, row["text"] if row["text"] is not None else _OPEN)


def _event(event: Mapping[str, Any], questions: QuestionSet) -> DataLine:
    about = f" bij “{_title(event['step'], questions)}”" if event["step"] else ""
    role = _ROLES[event["role"]]
    who = f"{event['name']} ({role})" if event["name"] and role not in event["name"] else role
    return DataLine(f"{_at(event['at'])}: {who} {_DID[event['action']]}{about}", event["text"])


def _sent(row: Mapping[str, Any]) -> DataLine:
    to = f" aan {row['to']}" if row["to"] else ""
    at = f" op {_at(row['sent_at'])}" if row["sent_at"] else ""
    return DataLine(f"{_CHANNELS[row['channel']]}{to}: {_STATES[row['state']]}{at}", "")


def _link(row: Mapping[str, Any]) -> DataLine:
    to = f" aan {row['email']}" if row["email"] else " om zelf door te sturen"
    return DataLine(f"link{to}, van {_at(row['created_at'])} tot {_at(row['expires_at'])}", "")


def _due(row: Mapping[str, Any]) -> DataLine:
    return DataLine(f"herinnering of termijn op {_at(row['due_at'])}: {_MOMENTS[row['state']]}", "")


def _chat(data: Mapping[str, Any]) -> Iterable[DataPart]:
    half_way = [line for row in data["half_way"] for line in chat.half_way_lines(row)]
    parts = {
        chat.HALF_WAY: half_way,
        chat.MESSAGES: [chat.message_line(row, _at) for row in data["messages"]],
        chat.REPLIES: [chat.reply_line(row, _at) for row in data["replies"]],
        chat.VOTES: [chat.vote_line(row, _at) for row in data["votes"]],
    }
    for heading, lines in parts.items():
        yield DataPart(heading, lines=tuple(DataLine(*line) for line in lines))


def _title(step: str, questions: QuestionSet) -> str:
    return questions[step].title if step in questions else step


def _at(moment: str) -> str:
    local = datetime.fromisoformat(moment).astimezone(AMSTERDAM)
    return f"{dutch_date(local.date().isoformat())}, {local:%H:%M}"
