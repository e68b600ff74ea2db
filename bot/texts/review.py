"""What teachers and contacts read about a plan that was handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.contacts import Contact
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.text import capital
from bot.texts.escalation import ROLE_NAMES
from bot.texts.plan_intake import title_of
from bot.texts.summary import dutch_date

_WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")

#: Who acted, in a list of what happened to a plan.
TEACHER = "de docent"
CLOCK = "de wegwijzer"

REVISE = "Antwoord aanpassen"
NO_MOMENT = "Geen van deze momenten"
REGION_DECIDES = "De regio bepaalt welke plannen doorgaan."
#: After an approval there is nothing left to settle about whether; still nothing is promised.
REGION_TELLS_MORE = "Over geld en planning hoor je meer van de regio zelf."
LOOK = "Open het plan"

#: Where a plan stands, as everybody reads it.
STATES = {
    PlanStatus.DRAFT: "in de maak",
    PlanStatus.STOPPED: "weggelegd",
    PlanStatus.SUBMITTED: "verstuurd",
    PlanStatus.RECEIVED: "ontvangen",
    PlanStatus.ASKED: "vraag aan de docent",
    PlanStatus.REVISED: "nieuwe versie",
    PlanStatus.INVITED: "uitgenodigd voor een gesprek",
    PlanStatus.APPROVED: "goedgekeurd",
    PlanStatus.CONDITIONAL: "goedgekeurd met voorwaarden",
    PlanStatus.NOT_NOW: "niet nu",
    PlanStatus.WITHDRAWN: "ingetrokken",
}

#: The actions as buttons, and as they read in a list of what happened.
ACTIONS = {
    Action.RECEIVE: "Ontvangen",
    Action.ASK: "Vraag bij een antwoord",
    Action.TAKE_BACK: "Vraag intrekken",
    Action.INVITE: "Uitnodigen voor een gesprek",
    Action.FORWARD: "Doorsturen",
    Action.NOTE: "Notitie",
    Action.APPROVE: "Goedgekeurd",
    Action.APPROVE_WITH_CONDITIONS: "Goedgekeurd met voorwaarden",
    Action.NOT_NOW: "Niet nu",
    Action.UNDO: "Besluit ongedaan maken",
    Action.ENDORSE: "Ik steun dit idee",
    Action.RETURN: "Terug naar de docent, met opmerkingen",
    Action.DECLINE: "Ik steun dit idee niet",
}

_TEACHER = {
    Action.RECEIVE: "{who} heeft {plan} ontvangen en leest het.",
    Action.TAKE_BACK: "{who} heeft de vraag bij “{title}” ingetrokken. Je hoeft niets te doen.",
    Action.FORWARD: "{who} heeft {plan} doorgestuurd naar {to}.",
    Action.ESCALATE: (
        "{holder} heeft nog niet op {plan} gereageerd. Daarom ligt het nu ook bij {to}. "
        "Je hoeft niets te doen."
    ),
    Action.LAPSE: (
        "Er kwam geen nieuw antwoord bij “{title}”. Daarom gaat {plan} verder zoals het was. "
        "Wil je er toch iets aan veranderen? Neem dan contact op met {holder}."
    ),
    Action.ASK: (
        "{who} heeft een vraag over je antwoord bij “{title}”, in {plan}:\n\n“{text}”\n\n"
        "Kies “Antwoord aanpassen” om te antwoorden. Alleen dat antwoord kun je veranderen; de "
        "rest van je plan ligt vast."
    ),
    Action.INVITE: (
        "{who} wil graag met je praten over {plan}.{text}\n\nWelk moment past jou?\n{moments}"
    ),
    Action.APPROVE: "Goed nieuws: {plan} is goedgekeurd door {who}.{text}",
    Action.APPROVE_WITH_CONDITIONS: (
        "{plan} is goedgekeurd door {who}, met voorwaarden:\n\n“{text}”"
    ),
    Action.NOT_NOW: "{who} heeft besloten: {plan} gaat nu niet door. De reden:\n\n“{text}”",
}
#: Why a plan was passed on, where that was not silence: to the teacher, and to who has it now.
_PASSED_ON = {
    "absent": (
        "{holder} is nu afwezig. Daarom ligt {plan} bij {to}. Je hoeft niets te doen.",
        "Dit plan lag bij {holder}, die nu afwezig is. Jij vervangt, dus het ligt bij jou.",
    ),
    "gone": (
        "{holder} is niet meer te bereiken. Daarom ligt {plan} bij {to}. Je hoeft niets te doen.",
        "Dit plan lag bij {holder}, maar daarvan is geen adres meer. Daarom ligt het bij jou.",
    ),
}
_SILENT = (
    _TEACHER[Action.ESCALATE],
    "Dit plan kreeg nog geen reactie van {holder}. Daarom ligt het nu bij jou.",
)
_WITH_REASON = frozenset({Action.INVITE, Action.APPROVE})


def named(plan: Plan) -> str:
    """Name a plan within a sentence."""
    number = f" {plan.reference}" if plan.reference else ""
    return f"je plan{number} “{title_of(plan)}”"


def moment_label(moment: datetime) -> str:
    """Give a moment (in Dutch time) as a button: `di 24 november, 15:30`."""
    date = dutch_date(moment.date().isoformat()).rpartition(" ")[0]
    return f"{_WEEKDAYS[moment.weekday()]} {date}, {moment:%H:%M}"


def teacher_text(
    plan: Plan, event: PlanEvent, title: str, to: str = "", moments: Sequence[str] = ()
) -> str:
    """Say to the teacher what was done to the plan; `title` names the question it is about.

    `to` is where the plan went.
    """
    text = event.text
    if event.action in _WITH_REASON and text:
        text = f"\n\n“{text}”"
    words = _TEACHER[event.action]
    if event.action is Action.ESCALATE:
        words = passed_on(event)[0]
    said = words.format(
        who=event.name,
        holder=event.data.get("from", event.name),
        plan=named(plan),
        title=title,
        text=text,
        to=to,
        moments="\n".join(f"• {moment}" for moment in moments),
    )
    if event.action in (Action.APPROVE, Action.APPROVE_WITH_CONDITIONS):
        said += f"\n\n{REGION_TELLS_MORE}"
    if event.action is Action.NOT_NOW:
        said += f"\n\n{REGION_DECIDES}"
    return capital(said)


NOTHING_YET = "Nog niet ingevuld"
LINK_IS_OVER = "Deze link werkt niet (meer). Vraag een nieuwe aan de persoon van wie je hem kreeg."
QUESTION_LACKS = "Schrijf je vraag op; de docent leest hem precies zo."
NOTE_LACKS = "Schrijf je notitie op."
CONDITIONS_LACK = "Schrijf de voorwaarden op; de docent leest ze precies zo."
REASON_LACKS = "Schrijf op waarom het nu niet doorgaat; de docent leest het precies zo."
CHOOSE_ANSWER = "Kies bij welk antwoord je vraag hoort."
CHOOSE_TARGET = "Kies naar wie je het plan doorstuurt."
MOMENT_LACKS = "Noem minstens één moment, met datum en tijd."
TOO_MANY_MOMENTS = "Noem hoogstens {limit} momenten."
MOMENT_IS_OVER = "Een van de momenten is al voorbij. Kies een moment dat nog komt."
TEXT_TOO_LONG = "Dat is te lang: het zijn {length} tekens, en het mogen er {limit} zijn."
DECISION_HAS_LEFT = (
    "Het besluit is al bij de docent en kan niet meer ongedaan worden gemaakt. "
    "Neem zelf contact op met de docent."
)


def contact_name(contact: Contact) -> str:
    """Give how others read who a contact is: the name or function, else the role."""
    return contact.name or ROLE_NAMES[contact.role]


def passed_on(event: PlanEvent) -> tuple[str, str]:
    """Say why a plan went to another: to the teacher, and to who has it now."""
    return _PASSED_ON.get(event.data.get("reason", ""), _SILENT)
