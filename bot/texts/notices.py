"""What is said to people who hear of something by e-mail."""

from __future__ import annotations

import re

from bot.domain.plan import Plan, PlanStatus
from bot.domain.text import shortened
from bot.texts.plan_intake import title_of

BACK_TO_CHAT = (
    "Je gaat verder in de chat van de STO-wegwijzer. Gebruik dezelfde browser of app als eerst: "
    "alleen daar staat je plan."
)
OPEN_CHAT = "Open de chat"
OPEN_LINK = "Open dit plan"

NO_ACCOUNT = "Je hebt geen account nodig."
LINK_IS_YOURS = "Deze link is alleen voor jou: stuur hem niet door."
REPLY_GOES_TO = "Beantwoord je deze mail? Dan gaat je antwoord naar {address}."
WHY_OF_PLAN = "Je krijgt deze mail omdat jouw adres bij dit plan staat."
WHY = "Je krijgt deze mail omdat jouw adres bij de STO-wegwijzer staat."

_READ_DECISION = "Lees het besluit over"
#: What the teacher is to do now; in other states there is nothing to do.
_TEACHER_DOES = {
    PlanStatus.ASKED: "Beantwoord de vraag over",
    PlanStatus.INVITED: "Kies een moment voor een gesprek over",
    PlanStatus.APPROVED: _READ_DECISION,
    PlanStatus.CONDITIONAL: _READ_DECISION,
    PlanStatus.NOT_NOW: _READ_DECISION,
}
#: Somebody else's words in our mail lead nowhere; on the page they stand as they are.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*", re.IGNORECASE)
_ADDRESS_LEFT_OUT = "(link weggelaten)"


def without_addresses(text: str) -> str:
    """Give what somebody typed without what a mail would make a link of."""
    return _ADDRESS.sub(_ADDRESS_LEFT_OUT, text)


def teacher_subject(plan: Plan) -> str:
    """Give the subject of a mail to the teacher about a plan: what it asks, if anything."""
    does = _TEACHER_DOES.get(plan.status, "Nieuws over")
    number = f"{plan.reference} " if plan.reference else ""
    return f"{does} je plan {number}“{shortened(without_addresses(title_of(plan)), 60)}”"
