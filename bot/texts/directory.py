"""What is said about a region that was found, and about an imported list of schools."""

from __future__ import annotations

from bot.domain.directory import Match, School
from bot.texts.escalation import candidate_label, region_text

#: Said wherever only a place that we derived ourselves led to the region.
DERIVED = "Dat leiden wij af uit de naam van de regio; kijk het na op de regiopagina."
_FOUND = (
    "{school} staat in mijn scholenlijst ({source}, {date}). "
    "Of de school al meedoet met STO, weet ik niet."
)


def match_text(match: Match) -> str:
    """Tell about the region that was found, and how sure that is."""
    lines = [region_text(match.region, match.school)]
    if match.is_derived:
        lines.append(DERIVED)
    if match.found:
        lines.append(_found(match.found))
    return "\n".join(lines)


def match_label(match: Match) -> str:
    """Give the words on the button for a match."""
    found = match.found.name if match.found else None
    return candidate_label(match.region, match.school or found)


def _found(school: School) -> str:
    return _FOUND.format(school=school.name, source=school.source, date=school.checked_on)
