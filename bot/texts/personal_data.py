"""What is said when a text seems to hold data about a person that a plan does not need."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.personal_data import Personal, personal_data, personal_data_for

KEEP_AS_IS = "Bewaar het zo"
_NAMES = {
    Personal.PUPIL: "de naam van een leerling",
    Personal.BSN: "een burgerservicenummer",
    Personal.PHONE: "een telefoonnummer",
    Personal.HEALTH: "iets over iemands gezondheid",
}
_WARNING = (
    "Even opletten: hierin lijkt {what} te staan. Een plan heeft dat niet nodig, en anderen lezen "
    "het straks mee. Daarom heb ik het nog niet als antwoord bewaard.\n\n"
    "Schrijf je het nog eens op zonder? Heb ik het mis, kies dan “{keep}”."
)
_REMARK = "Let op: hierin lijkt {what} te staan. Een plan heeft dat niet nodig."
_NOT_CHANGED = (
    "Je aanpassing heb ik niet overgenomen: hierin lijkt {what} te staan, en een plan heeft dat "
    "niet nodig. Heb ik het mis? Verander het antwoord dan in de chat zelf."
)
GONE = "Dat antwoord heb ik niet meer. Typ het gerust opnieuw."


def warning(found: Sequence[Personal]) -> str:
    """Ask to write it again without, before anything is kept as the answer."""
    return _WARNING.format(what=_listed(found), keep=KEEP_AS_IS)


def not_changed(text: str) -> str:
    """Say that an edited message did not become the answer."""
    return _NOT_CHANGED.format(what=_listed(personal_data(text)))


def remark(text: str) -> str:
    """Point it out where the person has still to confirm the text anyway; empty without."""
    return _remark(personal_data(text))


def remark_for(step: str, text: str) -> str:
    """Give the same for an answer to the question `step`."""
    return _remark(personal_data_for(step, text))


def _remark(found: Sequence[Personal]) -> str:
    return _REMARK.format(what=_listed(found)) if found else ""


def _listed(found: Sequence[Personal]) -> str:
    names = [_NAMES[one] for one in found]
    return " en ".join(filter(None, (", ".join(names[:-1]), names[-1])))
