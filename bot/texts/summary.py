"""The wording of a plan's summary, once, for messages, e-mail and PDF alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.summary import PlanSummary, RecipientRole, SummaryAnswer
from bot.domain.text import capital, clean, shortened
from bot.texts.summary_support import support_lines

NOT_FILLED = "Nog niet ingevuld"
NO_TITLE = "Plan zonder titel"
CLOSING = "De regio bepaalt welke plannen doorgaan."
PDF_WORDS = {
    "header": "Plan voor Sterk Techniekonderwijs",
    "page": "pagina",
    "of": "van",
    "no_title": NO_TITLE,
}
MAIL_FOOTER = (
    "Deze mail komt van de STO-wegwijzer, een automatische assistent voor scholen. "
    "De STO-wegwijzer is niet van OCW of DUS-I."
)
#: The button of the mail to whom a plan is handed over, and what goes for its link.
OPEN_PLAN = "Open het plan om te reageren"
LINK_IS_YOURS = (
    "Je hebt geen account nodig. Deze link is alleen voor jou: stuur hem niet door; "
    "doorsturen kan op de pagina."
)
REPLY_REACHES_TEACHER = "Beantwoord je deze mail? Dan komt je antwoord bij de docent aan."

#: Long enough to recognise a plan by, short enough for a list of mails on a phone.
_SUBJECT_TITLE = 60
_SUBJECT_REFERENCE = 40

_WEB_ADDRESS = re.compile("https?://[!#-;=?-~]{1,300}")

_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)

_ROLES = {
    RecipientRole.SCHOOL_CONTACT: "STO-contactpersoon op school",
    RecipientRole.PROGRAMME_MANAGER: "programmamanager van de regio",
    RecipientRole.SUPPORT: "ondersteuner vanuit STO",
    RecipientRole.OPERATOR: "beheerder van de STO-wegwijzer",
}

_SUBJECT_REQUESTS = {
    RecipientRole.SCHOOL_CONTACT: "lees plan {}",
    RecipientRole.PROGRAMME_MANAGER: "lees plan {}",
    RecipientRole.SUPPORT: "help plan {} op weg",
    RecipientRole.OPERATOR: "kies een ontvanger voor plan {}",
}

_REQUESTS = {
    RecipientRole.SCHOOL_CONTACT: "lees dit plan van een collega en bespreek het samen.",
    RecipientRole.PROGRAMME_MANAGER: (
        "lees dit plan en laat de docent weten wat de volgende stap is."
    ),
    RecipientRole.SUPPORT: ("lees dit plan en help de docent aan de juiste persoon in de regio."),
    RecipientRole.OPERATOR: "kies een ontvanger voor dit plan en stuur het door.",
}


@dataclass(frozen=True)
class Fact:
    """One line of the facts; `link` is the web page that belongs to the value."""

    label: str
    value: str
    link: str | None = None


@dataclass(frozen=True)
class Entry:
    """One answer as it is shown; `is_open` tells `NOT_FILLED` from an answer that says so."""

    title: str
    question: str
    text: str
    is_open: bool


@dataclass(frozen=True)
class Section:
    """A group of answers under one heading."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class SummaryPage:
    """All that a rendering shows, in reading order."""

    reference: str
    plan_line: str
    title: str
    request: str
    notice: str | None
    facts_heading: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    still_open: str | None
    closing: str


def summary_page(summary: PlanSummary) -> SummaryPage:
    """Give the Dutch wording of `summary`; answers stay verbatim."""
    return SummaryPage(
        reference=summary.reference,
        plan_line=f"Plan {summary.reference}",
        title=shown_title(summary),
        request=f"Gevraagd: {_REQUESTS[summary.recipient_role]}",
        notice=f"Let op: {summary.recipient_gap}" if summary.recipient_gap else None,
        facts_heading="In het kort",
        facts=_facts(summary),
        sections=(
            Section("Het idee", tuple(_entry(answer) for answer in summary.idea)),
            Section("De vragen van het plan", _numbered(summary.answers)),
        ),
        still_open=_still_open(summary),
        closing=CLOSING,
    )


def summary_text(summary: PlanSummary) -> str:
    """Give the summary as plain text, for chat messages and the text part of an e-mail."""
    page = summary_page(summary)
    blocks = [f"{page.plan_line}\n{page.title}"]
    if page.notice:
        blocks.append(page.notice)
    blocks.append("\n".join(_fact_line(fact) for fact in page.facts))
    for section in page.sections:
        if section.entries:
            blocks.append(section.heading.upper())
            blocks.extend(_entry_text(entry) for entry in section.entries)
    if page.still_open:
        blocks.append(page.still_open)
    blocks.append(page.closing)
    return "\n\n".join(blocks)


def subject(summary: PlanSummary) -> str:
    """Give a subject of one line that starts with what is asked of the recipient."""
    reference = shortened(clean(summary.reference), _SUBJECT_REFERENCE)
    request = _SUBJECT_REQUESTS[summary.recipient_role].format(reference)
    return f"Gevraagd: {request} - {shortened(shown_title(summary), _SUBJECT_TITLE)}"


def shown_title(summary: PlanSummary) -> str:
    """Give the plan's title on one line, or words that say that it has none."""
    return " ".join(clean(summary.title).split()) or NO_TITLE


def role_name(role: RecipientRole) -> str:
    """Name a recipient's role as it stands in a sentence."""
    return _ROLES[role]


def dutch_date(iso: str) -> str:
    """Give an ISO date in Dutch words: `22 november 2026`."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _facts(summary: PlanSummary) -> tuple[Fact, ...]:
    sent = dutch_date(summary.submitted_on)
    begun = dutch_date(summary.created_on)
    said_on = dutch_date(summary.management.said_on) if summary.management else ""
    return (
        Fact("Voor", capital(role_name(summary.recipient_role))),
        Fact("Docent", summary.teacher_name or NOT_FILLED),
        Fact("E-mail", summary.teacher_email or NOT_FILLED),
        Fact("School", summary.school or NOT_FILLED),
        Fact("Regio", summary.region or NOT_FILLED, _web_address(summary.region_page)),
        Fact("Route", summary.route or NOT_FILLED),
        *(Fact(*line) for line in support_lines(summary, said_on)),
        Fact("Verstuurd", sent if begun == sent else f"{sent} (begonnen op {begun})"),
    )


def _web_address(page: str | None) -> str | None:
    return page if page and _WEB_ADDRESS.fullmatch(page) else None


def _entry(answer: SummaryAnswer, title: str | None = None) -> Entry:
    is_open = answer.text is None
    text = NOT_FILLED if answer.text is None else answer.text
    return Entry(title or answer.title, answer.question, text, is_open)


def _numbered(answers: tuple[SummaryAnswer, ...]) -> tuple[Entry, ...]:
    return tuple(
        _entry(answer, f"{number}. {answer.title}") for number, answer in enumerate(answers, 1)
    )


def _still_open(summary: PlanSummary) -> str | None:
    titles = summary.open_titles
    return f"Nog open: {', '.join(titles)}." if titles else None


def _fact_line(fact: Fact) -> str:
    return (
        f"{fact.label}: {fact.value} ({fact.link})" if fact.link else f"{fact.label}: {fact.value}"
    )


def _entry_text(entry: Entry) -> str:
    return "\n".join(part for part in (entry.title, entry.question, entry.text) if part)
