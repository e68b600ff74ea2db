"""What those who review a plan read on its page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.contacts import Contact
from bot.domain.plan import PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import MANAGEMENT_ACTIONS, Action
from bot.domain.roles import Role
from bot.domain.summary import RecipientRole
from bot.texts.escalation import ROLE_NAMES
from bot.texts.summary import dutch_date, role_name

YOU = "jij"
HOLDER = "Ligt nu bij"
HOLDER_IS_YOU = "jou"
#: The talk that the teacher agreed to.
TALK = "Gesprek"
#: To whom a plan was handed over first; who has it now says more.
FIRST_HOLDER = "Voor"
#: What is asked of the one who has the plan, by where it stands.
_ASKS = {
    PlanStatus.SUBMITTED: (
        "Laat weten dat je het plan hebt ontvangen. Lees het, en kies wat je ermee doet."
    ),
    PlanStatus.RECEIVED: "Lees het plan, en kies wat je ermee doet.",
    PlanStatus.ASKED: "Je hoeft nu niets te doen: de vraag ligt bij de docent.",
    PlanStatus.REVISED: (
        "De docent gaf een nieuw antwoord. Kijk wat er veranderd is, en kies wat je doet."
    ),
    PlanStatus.INVITED: "Je hoeft nu niets te doen: de docent kiest een moment voor het gesprek.",
}
#: For who may know nothing of a decision that can still be undone: only a note can be made.
NOTHING_NOW = "Je hoeft nu niets te doen. Een notitie maken kan wel."
_DECIDED = "Je hoeft niets meer te doen: de docent heeft het besluit gekregen."
_DECIDED_WAITS = "Je hoeft niets meer te doen: het besluit staat klaar in de chat van de docent."
#: Before somebody says something that will lie unread for a while.
READS_LATER = (
    "De docent gebruikt de webchat en gaf geen e-mailadres: die leest dit pas als de chat weer "
    "open gaat."
)
READS_AFTER_CLOSED = (
    "De docent heeft de chat gesloten en gaf geen e-mailadres: die leest dit pas als de chat weer "
    "open gaat."
)
_DECIDED_JUST_NOW = "Je hoeft niets meer te doen."
_WITHDRAWN = "Je hoeft niets meer te doen: de docent heeft het plan ingetrokken."
_TALK = "Het gesprek is op {moment}. Kies daarna wat je met het plan doet."
_NO_MOMENT = "Geen van de momenten past de docent. Stel andere voor, of kies iets anders."
_NOT_YOURS = "Dit plan ligt bij {holder}. Je hoeft niets te doen, maar het mag."
_DEADLINE = "Doe dit vóór {date}. Daarna gaat het plan een stap verder op de route."
_OTHERS_DEADLINE = "De tijd loopt tot {date}. Daarna gaat het plan een stap verder op de route."
_TEACHERS_DEADLINE = (
    "De docent heeft tot {date}. Daarna sluit de vraag, en gaat het plan verder zoals het was."
)

#: What is said after an action, by the action.
DONE = {
    Action.RECEIVE: "Dank je wel. De docent weet nu dat je het plan hebt.",
    Action.ASK: "Je vraag is naar de docent. Alleen dat antwoord staat weer open.",
    Action.TAKE_BACK: "Je vraag is ingetrokken. De docent hoeft niets meer te doen.",
    Action.INVITE: "Je uitnodiging is naar de docent. Je hoort welk moment past.",
    Action.FORWARD: "Het plan is doorgestuurd, en de docent weet bij wie het nu ligt.",
    Action.NOTE: "Je notitie is bewaard. De docent ziet hem niet.",
    Action.APPROVE: "Je besluit is genoteerd.",
    Action.APPROVE_WITH_CONDITIONS: "Je besluit is genoteerd.",
    Action.NOT_NOW: "Je besluit is genoteerd.",
    Action.UNDO: "Het besluit is ongedaan gemaakt. De docent heeft er niets van gemerkt.",
}
NEW_VERSION = "Er is een nieuwe versie. Kijk wat er veranderd is, en kies dan opnieuw."

_HISTORY = {
    Action.ANSWER: "antwoord gegeven",
    Action.STOP: "plan weggelegd",
    Action.RESUME: "verder gegaan met het plan",
    Action.SUBMIT: "plan verstuurd",
    Action.REVISE: "nieuw antwoord bij “{title}” (versie {version})",
    Action.CHOOSE_MOMENT: "gesprek gekozen: {moments}",
    Action.WITHDRAW: "plan ingetrokken",
    Action.ENDORSE: "steunt het idee",
    Action.RETURN: "idee terug naar de docent, met opmerkingen",
    Action.DECLINE: "steunt het idee niet",
    Action.RECEIVE: "plan ontvangen",
    Action.ASK: "vraag bij “{title}”",
    Action.TAKE_BACK: "vraag bij “{title}” ingetrokken",
    Action.INVITE: "uitnodiging voor een gesprek: {moments}{place}",
    Action.FORWARD: "plan doorgestuurd naar {to}",
    Action.NOTE: "notitie",
    Action.APPROVE: "besluit: goedgekeurd",
    Action.APPROVE_WITH_CONDITIONS: "besluit: goedgekeurd met voorwaarden",
    Action.NOT_NOW: "besluit: niet nu",
    Action.UNDO: "besluit ongedaan gemaakt",
    Action.RELEASE: "besluit naar de docent gestuurd",
    Action.REMIND: "herinnering gestuurd",
    Action.ESCALATE: "geen reactie, dus een stap verder op de route, naar {to}",
    Action.LAPSE: "geen antwoord op de vraag bij “{title}”; de vraag is gesloten",
}
#: Who is no longer in the list of contacts.
ENTER_FIRST = (
    "Je kunt dit plan nog aan niemand doorsturen: er staat niemand in de lijst van deze regio. "
    "Voer eerst een contact in met “wegwijzer contacts add”, en open deze pagina dan opnieuw."
)
NO_LONGER_THERE = "iemand die niet meer in de lijst staat"
_NO_MOMENT_FITS = "geen van de momenten past"
#: The teacher's own writing, before anybody else had a part in it.
BEFORE_HAND_OVER = frozenset({Action.ANSWER, Action.STOP, Action.RESUME})
#: What is said with these stays among those who review.
INTERNAL = frozenset({Action.NOTE, Action.FORWARD})
#: What management writes with its choice is between the school and the teacher.
UNSAID = frozenset(MANAGEMENT_ACTIONS)


def ask_of_holder(status: PlanStatus, *, is_released: bool, is_heard: bool = True) -> str:
    """Say what is asked of the one who has the plan; `is_heard` when the teacher is reached."""
    if status is PlanStatus.WITHDRAWN:
        return _WITHDRAWN
    if status in _ASKS:
        return _ASKS[status]
    if not is_released:
        return _DECIDED_JUST_NOW
    return _DECIDED if is_heard else _DECIDED_WAITS


def ask_after_choice(moment: str | None) -> str:
    """Say what is asked once the teacher chose a moment, or none of them."""
    return _TALK.format(moment=moment) if moment else _NO_MOMENT


def deadline(date: str, *, is_asked: bool, is_holder: bool) -> str:
    """Say until when the teacher (`is_asked`), or the one who has the plan, has the time."""
    if is_asked:
        return _TEACHERS_DEADLINE.format(date=date)
    return (_DEADLINE if is_holder else _OTHERS_DEADLINE).format(date=date)


def ask_of_others(holder: str) -> str:
    """Say to somebody else that the plan waits for its holder."""
    return _NOT_YOURS.format(holder=holder)


def history_text(event: PlanEvent, title: str, to: str, moments: Sequence[str]) -> str:
    """Say in a few words what was done; `title` names the question, `to` who got the plan."""
    if event.action is Action.CHOOSE_MOMENT and not moments:
        return _NO_MOMENT_FITS
    place = event.data.get("place")
    return _HISTORY[event.action].format(
        title=title,
        to=to,
        moments="; ".join(moments),
        place=f" ({place})" if place else "",
        version=event.version,
    )


def who_acted(event: PlanEvent, own_id: str | None) -> str:
    """Name who did something, to somebody who is the contact `own_id`."""
    if event.contact_id is not None and event.contact_id == own_id:
        return YOU
    if event.role in {Role(role.value) for role in ROLE_NAMES}:
        role = RecipientRole(event.role.value)
        # These names are made for the teacher: "op je school".
        return f"de {role_name(role)}" if event.name == ROLE_NAMES[role] else event.name
    return event.name


def contact_label(contact: Contact) -> str:
    """Name a contact with what it is, so that a plan goes to the right one."""
    role = role_name(contact.role)
    parts = [contact.name, role] if contact.name else [role[:1].upper() + role[1:]]
    if contact.school:
        parts.append(contact.school)
    return ", ".join(part for part in parts if part)


def absence_text(contact: Contact, stand_in: Contact | None) -> str:
    """Say until when a contact is away, and who stands in."""
    until = f" tot en met {dutch_date(contact.absent_until)}" if contact.absent_until else ""
    instead = f"; {contact_label(stand_in)} neemt waar" if stand_in else ""
    return f"afwezig{until}{instead}"
