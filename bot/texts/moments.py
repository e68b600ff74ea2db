"""What is said when a teacher chooses a moment to talk about a plan."""

from __future__ import annotations

from datetime import datetime

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.text import capital
from bot.texts.review import moment_label

_CHOSEN = (
    "Afgesproken: {moment}{place}. {who} hoort het nu. Het bestand hieronder zet het gesprek in je "
    "agenda."
)
_CHANGE = "Past het toch niet? Typ “waar staat mijn plan” en kies een ander moment."
_CHOSEN_BEFORE = "Dit moment had je al gekozen: {moment}{place}."
_NONE = (
    "Jammer, ik geef door dat geen van deze momenten past. {who} kan een nieuw voorstel doen; "
    "dat hoor je dan hier. Past er toch een? Dan kun je die nog kiezen."
)
NONE_BEFORE = "Dat had ik al doorgegeven. Past er toch een moment? Dan kun je dat nog kiezen."
NOT_INVITED = "Bij dit plan kun je nu geen moment kiezen. Er is niets veranderd."
NOT_PROPOSED = "Dat moment is niet meer voorgesteld. Kies een van de nieuwe momenten."
IS_OVER = "Dat moment is al voorbij. Kies een ander moment, of “{none}”."


def moment_of(iso: str) -> str:
    """Give a stored moment as people read it."""
    return moment_label(datetime.fromisoformat(iso).astimezone(AMSTERDAM))


def chosen_text(moment: str, place: str, who: str) -> str:
    """Confirm a moment; `place` may be empty."""
    said = _CHOSEN.format(moment=moment_of(moment), place=_at(place), who=capital(who))
    return f"{said}\n{_CHANGE}"


def chosen_before(moment: str, place: str) -> str:
    """Say that this moment was chosen already."""
    return _CHOSEN_BEFORE.format(moment=moment_of(moment), place=_at(place))


def none_text(who: str) -> str:
    """Confirm that none of the moments fits."""
    return _NONE.format(who=capital(who))


def _at(place: str) -> str:
    return f", {place}" if place else ""
