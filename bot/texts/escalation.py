"""What is said about the region, the one next step and who receives the plan."""

from __future__ import annotations

from bot.domain.contacts import Recipient
from bot.domain.directory import Region
from bot.domain.escalation import Advice, NextStep, Reason
from bot.domain.summary import RecipientRole
from bot.texts.summary import role_name

MAP_PAGE = "https://www.sterktechniekonderwijs.nl/regios-in-beeld/"

ROLE_NAMES = {
    RecipientRole.SCHOOL_CONTACT: "de STO-contactpersoon op je school",
    RecipientRole.PROGRAMME_MANAGER: "de programmamanager van je regio",
    RecipientRole.SUPPORT: "de ondersteuner vanuit STO",
    RecipientRole.OPERATOR: "de beheerder van deze wegwijzer",
}
_STEPS = {
    NextStep.SCHOOL_CONTACT: "Ga met je plan naar de STO-contactpersoon op je school.",
    NextStep.PROGRAMME_MANAGER: "Meld je met je plan bij de programmamanager van je regio.",
    NextStep.ROAD: (
        "Volg de route: docent → projectidee → schoolmanagement → programmamanager. "
        "Lukt het ook dan niet, dan gaat je plan naar de ondersteuner vanuit STO."
    ),
    NextStep.ROAD_WITHOUT_REGION: (
        "Volg de route: docent → projectidee → schoolmanagement → ondersteuner vanuit STO."
    ),
    NextStep.FIND_REGION: f"Zoek je regio op de kaart: {MAP_PAGE}",
}
_REASONS = {
    Reason.SCHOOL_HAS_CONTACT: (
        "Je school doet mee en je kent de contactpersoon. Daar begint het het snelst."
    ),
    Reason.CONTACT_NOT_KNOWN: (
        "Je school doet mee, maar je weet niet wie de contactpersoon is. "
        "De programmamanager weet dat wel."
    ),
    Reason.SCHOOL_NOT_IN: (
        "Een school die nog niet meedoet, meldt zich bij de programmamanager van de regio."
    ),
    Reason.NOT_SURE_SCHOOL_IS_IN: (
        "Het is niet zeker of je school meedoet. De programmamanager weet dat, en helpt je verder."
    ),
    Reason.CONTACT_FAILED: "Contact zoeken lukte niet. Daarvoor is deze route bedoeld.",
    Reason.REGION_NOT_FOUND: ("Op de kaart zie je onder welke regio je school valt."),
}
_ROUTES = {
    Reason.SCHOOL_HAS_CONTACT: "De school doet mee; de docent kent de STO-contactpersoon.",
    Reason.CONTACT_NOT_KNOWN: "De school doet mee; de docent kent de STO-contactpersoon niet.",
    Reason.SCHOOL_NOT_IN: "De school doet nog niet mee; dan is de programmamanager aan zet.",
    Reason.NOT_SURE_SCHOOL_IS_IN: "De docent weet niet of de school meedoet.",
    Reason.CONTACT_FAILED: (
        "Contact zoeken lukte niet; dit is de route docent → projectidee → schoolmanagement → "
        "programmamanager of ondersteuner vanuit STO."
    ),
    Reason.REGION_NOT_FOUND: "De regio van de school is niet gevonden.",
}
NO_REGION_YET = "Je regio heb ik niet gevonden. Dat geeft niet: we gaan verder."
SCHOOL_IS_NOTED = "De beheerder hoort dat er een school in mijn lijst ontbreekt."
NOT_FOUND = {
    "school": "Die school ken ik niet.",
    "place": "Bij die plaats vind ik geen regio.",
}
SEARCHED_AGAIN = "Ik heb opnieuw gezocht met wat je typte."


def advice_text(advice: Advice) -> str:
    """Give the one next step with its reason."""
    return f"Jouw volgende stap: {_STEPS[advice.step]}\n{_REASONS[advice.reason]}"


def route_text(advice: Advice) -> str:
    """Say in the summary how the plan came to its recipient."""
    return _ROUTES[advice.reason]


def region_text(region: Region, school: str | None) -> str:
    """Tell about the region: its page, whether the school takes part and how old that is."""
    lines = [f"Jouw school valt onder STO-regio {region.name} ({', '.join(region.provinces)})."]
    if region.page:
        lines.append(f"De pagina van de regio: {region.page}")
    if school:
        lines.append(f"Volgens mijn lijst doet {school} mee{_age(region)}.")
    return "\n".join(lines)


def _age(region: Region) -> str:
    if region.checked:
        return f" (gegevens van {region.checked})"
    return " (ik weet niet hoe recent dat is; kijk op de regiopagina als je twijfelt)"


def candidate_label(region: Region, school: str | None) -> str:
    """Give the words on the button for a region that may be the right one."""
    return f"{school} – regio {region.name}" if school else f"Regio {region.name}"


def recipient_text(recipient: Recipient, region: Region | None) -> str:
    """Say who will receive the plan, and what happens when an address lacks."""
    place = f" ({region.name})" if region and recipient.role is not RecipientRole.OPERATOR else ""
    if recipient.gap:
        return (
            f"Eigenlijk hoort je plan bij {ROLE_NAMES[recipient.gap]}, maar daarvan heb ik nog "
            "geen adres. Daarom gaat het naar de beheerder, die het doorstuurt."
        )
    return f"Je plan gaat naar {ROLE_NAMES[recipient.role]}{place}."


def gap_text(recipient: Recipient, region: Region | None) -> str | None:
    """Name for the beheerder what lacked, or None when the route's contact was there."""
    if not recipient.gap:
        return None
    role = role_name(recipient.gap)
    if region:
        return f"Er is nog geen adres bekend van de {role} ({region.name})."
    return f"Er is nog geen adres bekend van de {role}, en de regio is ook niet bekend."
