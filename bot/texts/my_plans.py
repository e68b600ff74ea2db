"""What a teacher reads about where the own plans are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.text import capital
from bot.texts.moments import moment_of
from bot.texts.plan_intake import title_of
from bot.texts.review import STATES
from bot.texts.summary import dutch_date

WHERE = "Waar staat mijn plan?"
GO_ON = "Verder: {title}"
THE_REST = "Je andere plannen staan bij “mijn plannen”."
NO_PLANS = "Je hebt nog geen plannen."
NOTHING_SENT = "Er is nog niets verstuurd."
_TEACHERS_STATES = {
    **STATES,
    PlanStatus.ASKED: "er is een vraag aan jou",
    PlanStatus.REVISED: "nieuwe versie verstuurd",
    PlanStatus.INVITED: "je bent uitgenodigd voor een gesprek",
}
DELIVERY_STATES = {
    "due": "de e-mail is onderweg",
    "sending": "de e-mail is onderweg",
    "retrying": "de e-mail kon nog niet weg; ik blijf het vijf dagen lang vanzelf proberen",
    "sent": "de e-mail is bezorgd",
    "local": "de e-mail ligt in de lokale postbus van deze proefopstelling",
    "given_up": "de e-mail kon niet worden bezorgd; de beheerder is aan zet",
    "held": "de beheerder kijkt of de e-mail al bezorgd is",
    "cancelled": "de bezorging is geannuleerd",
}
UNDELIVERED = (
    "De e-mail met je plan {reference} kon niet worden bezorgd. De beheerder weet dit en zorgt dat "
    "het plan alsnog aankomt. Je hoeft niets te doen; je plan is bewaard."
)
_NOW_WITH = "Nu bij: {who}."
_MANAGEMENT = {
    Action.ENDORSE: "{who} steunt het idee",
    Action.RETURN: "{who} gaf opmerkingen",
    Action.DECLINE: "{who} steunt het idee niet",
}
_ASKED = "{who} vraagt over “{title}”:\n“{text}”"
_CHOOSE = "Kies een moment voor het gesprek:"
_TALK = "Je koos dit moment voor het gesprek: {moment}{place}."
_NO_MOMENT = "Je gaf door dat geen van de momenten past."
_HISTORY_HEAD = "Wat er gebeurde:"
_HISTORY = {
    Action.ENDORSE: "{who} steunt je idee",
    Action.RETURN: "{who} gaf je idee terug met opmerkingen",
    Action.DECLINE: "{who} steunt je idee niet",
    Action.SUBMIT: "je verstuurde je plan",
    Action.RECEIVE: "{who} heeft je plan ontvangen",
    Action.ASK: "{who} stelde een vraag bij “{title}”",
    Action.TAKE_BACK: "{who} trok de vraag bij “{title}” in",
    Action.REVISE: "je gaf een nieuw antwoord bij “{title}”",
    Action.INVITE: "{who} nodigde je uit voor een gesprek",
    Action.CHOOSE_MOMENT: "je koos een moment: {moment}",
    Action.FORWARD: "{who} stuurde je plan door naar {to}",
    Action.APPROVE: "{who} besloot: goedgekeurd",
    Action.APPROVE_WITH_CONDITIONS: "{who} besloot: goedgekeurd met voorwaarden",
    Action.NOT_NOW: "{who} besloot: niet nu",
    Action.REMIND: "er is een herinnering gestuurd",
    Action.ESCALATE: "er kwam geen reactie; je plan ging een stap verder, naar {to}",
    Action.LAPSE: "er kwam geen antwoord bij “{title}”; de vraag is gesloten",
    Action.WITHDRAW: "je trok je plan in",
}
_KEPT = "je liet je antwoord bij “{title}” staan"
_NONE_FITS = "je gaf door dat geen van de momenten past"
NO_LONGER_THERE = "iemand anders"


def state_text(status: PlanStatus, delivery: str | None = None) -> str:
    """Say where a plan stands, perhaps with how far its e-mail is."""
    return f"{_TEACHERS_STATES[status]}; {delivery}" if delivery else _TEACHERS_STATES[status]


def line(plan: Plan, state: str, more: str = "") -> str:
    """Give a plan in one line of a list."""
    number = f" ({plan.reference})" if plan.reference else ""
    return f"• {title_of(plan)}{number}: {state}{f'; {more}' if more else ''}"


def management_text(word: PlanEvent, *, is_overtaken: bool) -> str:
    """Say in a line what the school management said last, and whether the idea changed since."""
    said = _MANAGEMENT[word.action].format(who=word.name)
    return f"{said} (daarna is het idee veranderd)" if is_overtaken else said


def head(plan: Plan, state: str) -> str:
    """Name a plan that was sent, and say where it stands."""
    sent = f"\nVerstuurd op {day_of(plan.submitted_at)}." if plan.submitted_at else ""
    return f"{title_of(plan)} ({plan.reference}){sent}\nStand: {state}."


def now_with(who: str) -> str:
    """Say who has the plan."""
    return _NOW_WITH.format(who=who)


def asked(question: PlanEvent, title: str) -> str:
    """Repeat the question that waits for the teacher."""
    return capital(_ASKED.format(who=question.name, title=title, text=question.text))


def invited(chosen: str | None, place: str, moments: Sequence[str]) -> str:
    """Say what was chosen, "" being none, or ask to choose."""
    if chosen is None:
        return "\n".join([_CHOOSE, *(f"• {moment_of(moment)}" for moment in moments)])
    at = f", {place}" if place else ""
    return _TALK.format(moment=moment_of(chosen), place=at) if chosen else _NO_MOMENT


def history(events: Sequence[tuple[PlanEvent, str, str]]) -> str:
    """List what happened: each event with the title of its question and whom the plan went to."""
    lines = [f"• {day_of(event.at)}: {_happened(event, title, to)}" for event, title, to in events]
    return "\n".join([_HISTORY_HEAD, *lines]) if lines else ""


def day_of(moment: datetime) -> str:
    """Give the day of a moment in the Netherlands: `22 november 2026`."""
    return dutch_date(moment.astimezone(AMSTERDAM).date().isoformat())


def _happened(event: PlanEvent, title: str, to: str) -> str:
    said = _HISTORY.get(event.action, "")
    moment = event.data.get("moment", "")
    if event.action is Action.CHOOSE_MOMENT and not moment:
        said = _NONE_FITS
    if event.action is Action.REVISE and event.data.get("kept"):
        said = _KEPT
    return said.format(
        who=event.name, title=title, to=to, moment=moment_of(moment) if moment else ""
    )
