"""The plan as it is read back to the teacher before sending."""

from __future__ import annotations

from bot.domain.summary import PlanSummary
from bot.texts.summary import Section, summary_page

_HEAD = "Dit is je plan:"
#: Facts that only matter once the plan is sent.
_LATER = ("Voor", "Route", "Verstuurd")


def read_back(summary: PlanSummary) -> str:
    """Give the whole plan as one text, with what is still open, for the teacher to check."""
    page = summary_page(summary)
    facts = [f"{fact.label}: {fact.value}" for fact in page.facts if fact.label not in _LATER]
    sections = [_section(section) for section in page.sections if section.entries]
    return "\n\n".join([f"{_HEAD}\n{page.title}", "\n".join(facts), *sections])


def _section(section: Section) -> str:
    return "\n\n".join(f"{entry.title}:\n{entry.text}" for entry in section.entries)
