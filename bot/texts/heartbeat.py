"""What teachers hear when the wegwijzer was away for long."""

from __future__ import annotations

from datetime import datetime

from bot.domain.dutch_time import AMSTERDAM
from bot.texts.review import moment_label

_AWAY = (
    "Sorry, ik was een tijd niet bereikbaar: van {since} tot {until}. "
    "Stuurde je toen iets en kreeg je geen antwoord? Stuur het dan nog eens. "
    "Wat je eerder invulde, is bewaard."
)


def away_text(since: datetime, until: datetime) -> str:
    """Ask to send again what was said between these moments."""
    first, last = (moment_label(moment.astimezone(AMSTERDAM)) for moment in (since, until))
    return _AWAY.format(since=first, until=last)
