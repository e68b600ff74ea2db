"""What stands in a calendar about a talk."""

from __future__ import annotations

SUMMARY = "Gesprek over plan {reference}: {title}"
PROPOSED = (
    "Dit moment is voorgesteld voor een gesprek over plan {reference}: {title}.\n"
    "Het staat nog niet vast."
)
CHOSEN = "Dit moment is gekozen voor een gesprek over plan {reference}: {title}."
