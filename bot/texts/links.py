"""What is said about links: a new one, one that couples Telegram, and addresses that are wrong."""

from __future__ import annotations

from bot.domain.access import Link, Purpose
from bot.domain.contacts import Contact
from bot.domain.plan import Plan
from bot.domain.text import shortened
from bot.texts.plan_intake import title_of
from bot.texts.summary import role_name

_SUBJECTS = {
    Purpose.MANAGEMENT: "Je nieuwe link: lees het plan {plan}",
    Purpose.REVIEW: "Je nieuwe link: open plan {plan}",
    Purpose.REGION: "Je nieuwe link: open het overzicht van je regio",
    Purpose.CONFIRM: "Je nieuwe link: klopt dit adres nog?",
}
OPEN_NEW_LINK = "Open de pagina"
_NEW_LINK = (
    "Je vroeg om een nieuwe link, omdat de vorige niet meer werkte. Hier is hij.",
    "Heb je hier niet om gevraagd? Dan hoef je niets te doen.",
)

#: Stands where somebody typed what opens a link.
HIDDEN_WORD = "[geheime link]"

TELL_WHAT_IS_WRONG = "Schrijf op wat er niet klopt."
WRONG_IS_TOO_LONG = "Dat is te lang: het zijn {length} tekens, en het mogen er {limit} zijn."
ALREADY_COUPLED = "Er is al een Telegram-gesprek gekoppeld. Maak dat eerst los."


def new_link_subject(link: Link, plan: Plan | None) -> str:
    """Give the subject of the mail that brings a new link."""
    number = f"{plan.reference} " if plan and plan.reference else ""
    named = f"{number}“{shortened(title_of(plan), 60)}”" if plan else ""
    return _SUBJECTS[link.purpose].format(plan=named)


def new_link_paragraphs() -> tuple[str, ...]:
    """Give the text of the same mail."""
    return _NEW_LINK


def contact_is_wrong(contact: Contact, text: str) -> tuple[str, tuple[str, ...]]:
    """Give subject and paragraphs for the beheerder, when a contact says what is wrong."""
    where = f" in regio {contact.region_id}" if contact.region_id else ""
    return (
        f"Verander een adres: de {role_name(contact.role)}{where} zegt dat het niet klopt",
        (
            f"Over het adres {contact.email} (nummer {contact.id} in de lijst) kwam dit binnen:",
            f"“{text}”",
            "Pas het aan met wegwijzer contacts.",
        ),
    )
