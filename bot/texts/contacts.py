"""What is said about the list of contacts: to the beheerder who keeps it, and to who is in it."""

from __future__ import annotations

from bot.domain.contacts import Contact
from bot.texts.summary import dutch_date, role_name

NO_CONTACT = "Er is geen adres met id {id}. Kijk in `wegwijzer contacts list`."
NOT_THE_OPERATOR = (
    "De beheerder staat niet in de lijst. Zet dat adres met WEGWIJZER_OPERATOR_EMAIL."
)
NO_STAND_IN = "Er is geen vervanger met id {id}. Kijk in `wegwijzer contacts list`."
OWN_STAND_IN = "Iemand kan zichzelf niet vervangen. Noem een ander bij --stand-in."
STAND_IN_ELSEWHERE = (
    "Deze vervanger hoort bij een andere regio en mag de plannen van deze regio niet zien. Kies "
    "iemand uit dezelfde regio, of iemand voor heel Nederland."
)
STAND_IN_CIRCLE = (
    "Zo vervangen ze elkaar in een kring, en komt een plan bij niemand aan. Kies een ander."
)
STAND_IN_IS_AWAY = (
    "Deze vervanger is dan zelf weg en heeft geen vervanger. Kies een ander, of kies eerst iemand "
    "die deze vervanger vervangt."
)
DATES_TURNED = "De laatste dag ({last}) ligt vóór de eerste ({first})."
ALREADY_OVER = "De laatste dag ({last}) is al voorbij."
ONLY_AT_SCHOOL = "Alleen een contactpersoon hoort bij een school. Laat --school weg."
SOURCE_LACKS = (
    'Zeg met --source waar je het adres vandaan hebt, bijvoorbeeld --source "regiopagina". '
    "Wie erin staat, mag dat vragen."
)
SCHOOL_LACKS = "Een contactpersoon hoort bij een school. Noem hem met --school."
NOTHING_CHANGES = "Noem wat er verandert: --email, --name, --school of --source."
STILL_HOLDS = (
    "Bij dit adres ligt nog: {references}. Stuur dat eerst door, of gebruik --force; dan ligt het "
    "bij de beheerder."
)

CONFIRM_LABEL = "Klopt dit nog?"


def confirm_mail(contact: Contact) -> tuple[str, tuple[str, ...]]:
    """Give subject and paragraphs of the mail that asks whether an entry still holds."""
    checked = ""
    if contact.checked_on:
        checked = f" Dat is het laatst nagekeken op {dutch_date(contact.checked_on)}."
    return (
        "Klopt dit adres nog? Zeg het met één klik",
        (
            f"Bij de STO-wegwijzer sta je in de lijst als {role_name(contact.role)}. Plannen van "
            f"docenten komen daarom bij jou.{checked}",
            "Open de pagina en laat weten of dit nog klopt. Klopt het niet meer? Dan kun je dat "
            "daar ook zeggen.",
        ),
    )
