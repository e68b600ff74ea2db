"""What is said when a teacher takes back a plan that was handed over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.plan import Plan
from bot.domain.text import capital
from bot.texts.review import named

WITHDRAW = "Trek dit plan in"
WITHDRAW_ONE = "Trek {reference} in"
YES = "Ja, trek het in"
NO = "Nee, laat het staan"
DECIDED = "Over dit plan is al besloten; intrekken kan niet meer. Er is niets veranderd."
WITHDRAWN_BEFORE = "Dit plan had je al ingetrokken."
KEPT = "Goed, je plan blijft staan. Er is niets veranderd."
#: Also while there is a decision that the teacher may not know of yet.
NOT_NOW = "Intrekken lukt nu niet. Probeer het over een kwartier nog eens."

_ASK = (
    "Wil je {plan} intrekken? Dan stopt het hier: {who} doet er niets meer mee, en je kunt het "
    "niet terugzetten. Je antwoorden kun je daarna nog ophalen met /mijngegevens."
)
_READ_BY = "Wat al gelezen of gemaild is, kan ik niet terughalen. Dat geldt voor: {readers}."
_SENT_TO_NOBODY = "De e-mail met je plan is nog niet weg; die houd ik dan tegen."
_DONE = "Je plan {reference} is ingetrokken. {told}"
_TOLD = "{who} krijgt daarvan bericht, en de link naar je plan werkt niet meer."
_NOT_TOLD = "De e-mail met je plan was nog niet weg; die heb ik tegengehouden."


def ask_withdrawal(plan: Plan, who: str, readers: Sequence[str]) -> str:
    """Ask once more, and say what it means; `readers` are those who have got the plan."""
    after = _READ_BY.format(readers=", ".join(readers)) if readers else _SENT_TO_NOBODY
    return f"{_ASK.format(plan=named(plan), who=who)}\n\n{after}"


def withdrawn_text(plan: Plan, who: str, *, is_told: bool) -> str:
    """Confirm that a plan is taken back."""
    told = _TOLD.format(who=capital(who)) if is_told else _NOT_TOLD
    return _DONE.format(reference=plan.reference, told=told)
