"""What is said around questions about STO: answers, doubt, and when something is not known."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.directory import Region
from bot.domain.faq import FaqEntry, FaqStatus, RegionalAnswer
from bot.texts.escalation import MAP_PAGE

#: The sources that are documents rather than pages.
_DOCUMENTS = {
    "flyer": "de flyer van STO voor scholen zonder technisch profiel",
    "presentatie": "de presentatie van STO Noord-Nederland",
    "wegwijzer": "zo is deze wegwijzer gemaakt",
}
_REMARKS = {
    FaqStatus.OLD: "Let op: dit komt uit de regels van een vorige periode.",
    FaqStatus.DERIVED: "Dit is onze eigen conclusie uit de bronnen.",
}

UP = "👍 Nuttig"
DOWN = "👎 Niet nuttig"
NONE_OF_THESE = "Geen van deze"
WAS_ANSWER = "Dit was mijn antwoord"
WAS_QUESTION = "Dit was een vraag"
HUMAN = "Een mens spreken"
FIND_REGION = "Welke regio?"
HELP = "Hulp"

ASK_PROMPT = "Stel je vraag over STO. Ik geef een kort antwoord, met de bron erbij."
DO_YOU_MEAN = "Bedoel je een van deze vragen?"
THANKS_UP = "Fijn, dank je!"
THANKS_DOWN = "Dank je, dat helpt ons. Stel je vraag gerust met andere woorden."
UNKNOWN = "Dat begrijp ik nog niet."
NOT_KNOWN = (
    "Daar heb ik nog geen antwoord op. Ik heb je vraag genoteerd voor de beheerder, "
    "zonder jouw naam."
)
ASK_MANAGER = "De programmamanager van {region} kan je verder helpen; zie “contact” op {page}"
ASK_SOMEBODY = (
    "De programmamanager van je regio kan je verder helpen; ik zoek je regio graag voor je op."
)
AGAIN_UNKNOWN = (
    "Het lukt me niet om je te begrijpen, sorry. "
    "Kies hieronder wat je wilt doen, of vraag een mens."
)
NOT_SENT_YET = (
    "Er is nog niets verstuurd. Is het goed zo? Kies dan Versturen. "
    "Wil je iets veranderen? Zeg dan wat, bijvoorbeeld “de titel moet anders”."
)
TAKEN_BACK = "Goed, dan was het geen antwoord. Bij “{title}” staat weer wat er eerst stond."
#: where nothing stood before
TAKEN_AWAY = "Goed, dan was het geen antwoord. Ik heb het bij “{title}” weggehaald."
NOTHING_TO_TAKE_BACK = "Dat antwoord is intussen al veranderd. Er is niets weggehaald."


def entry_text(entry: FaqEntry, regional: RegionalAnswer | None, region: Region | None) -> str:
    """Give an answer with how old it is and where it comes from; what holds regionally first."""
    lines = []
    if regional and region:
        lines += [
            f"In {region.name}: {regional.answer}",
            _source(regional.sources, regional.source_dates),
            "",
        ]
    lines.append(entry.answer)
    if remark := _REMARKS.get(entry.status):
        lines.append(remark)
    lines.append(_source(entry.sources, entry.source_dates))
    return "\n".join(lines)


def _source(sources: Iterable[str], dates: Iterable[str]) -> str:
    named = ", ".join(_DOCUMENTS.get(source, source) for source in sources)
    when = ", ".join(dates)
    return f"Bron: {named} ({when})" if when else f"Bron: {named}"


def who_knows(region: Region | None) -> str:
    """Say who can help with a question that is not known here."""
    if region is None:
        return ASK_SOMEBODY
    return ASK_MANAGER.format(region=region.name, page=region.page or MAP_PAGE)
