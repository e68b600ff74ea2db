"""Plan summaries for tests: one that looks real, and any that could ever be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.domain.plan_states import MANAGEMENT_ACTIONS, Action
from bot.domain.summary import (
    ManagementWord,
    PlanSummary,
    RecipientRole,
    SummaryAnswer,
    SupportStatus,
    Via,
)

IDEA = (
    SummaryAnswer(
        "idee",
        "Het idee",
        "Wat wil je doen? Vertel het in een paar zinnen.",
        "Leerlingen van Zorg en Welzijn leren werken met techniek in de zorg: een slimme woning, "
        "tilhulp en zorgrobots.\n\nWe beginnen met leerjaar 3 en breiden daarna uit.",
    ),
    SummaryAnswer(
        "doelgroep", "Voor wie", "Voor welke leerlingen is het?", "Leerjaar 3 en 4, profiel Z&W"
    ),
)
ANSWERS = (
    SummaryAnswer(
        "regiovisie",
        "Aansluiting op de regiovisie",
        "Hoe sluit het plan aan bij de regiovisie?",
        "Zorgtechnologie is een van de drie speerpunten van onze regio. Dit plan vult dat in.",
    ),
    SummaryAnswer(
        "doelen",
        "Doelen",
        "Wat zijn de specifieke doelen van het plan?",
        "1. Alle leerlingen ronden het keuzevak zorgtechnologie af.\n2. Vier docenten geven het.",
    ),
    SummaryAnswer(
        "activiteiten",
        "Activiteiten",
        "Welke activiteiten ga je doen om deze doelen te bereiken?",
        "- lessen ontwikkelen met het mbo\n- praktijklokaal inrichten\n- docentenstage",
    ),
    SummaryAnswer("mijlpalen", "Mijlpalen", "Wanneer bereik je welke mijlpaal?", None),
    SummaryAnswer(
        "samenwerking",
        "Samenwerking",
        "Met wie en hoe werk je samen in de regio?",
        "Het mbo schrijft mee aan de lessen. Een bedrijf geeft twee gastlessen per jaar.",
    ),
    SummaryAnswer(
        "middelen",
        "Middelen",
        "Welke middelen zijn nodig?",
        "Materiaal: € 12.500. Scholing: 4 × € 900. Cofinanciering: € 3.000 aan materiaal.",
    ),
)
_SUMMARY = PlanSummary(
    reference="STO-2026-0001",
    title="Robots in de zorg",
    teacher_name="Sanne Voorbeeld",
    teacher_email="s.voorbeeld@school.example",
    school="Voorbeeldcollege Assen",
    region="Assen",
    region_id="assen",
    region_page="https://www.sterktechniekonderwijs.nl/regio/assen",
    route="De programmamanager van de regio: je school doet nog niet mee.",
    support=SupportStatus.SUPPORTS,
    support_by="teamleider bovenbouw",
    idea=IDEA,
    answers=ANSWERS,
    recipient_role=RecipientRole.PROGRAMME_MANAGER,
    recipient_gap=None,
    created_on="2026-11-03",
    submitted_on="2026-11-22",
)
REFERENCES = st.from_regex(r"STO-20[0-9]{2}-[0-9]{4,6}", fullmatch=True)


def make_summary(**changes: Any) -> PlanSummary:
    """Give a typical summary, with changes."""
    return replace(_SUMMARY, **changes)


def make_answer(text: str | None, **changes: Any) -> SummaryAnswer:
    """Give one answered question, with changes."""
    return replace(SummaryAnswer("doelen", "Doelen", "Welke doelen?", text), **changes)


def make_word(**changes: Any) -> ManagementWord:
    """Give what a management said, with changes."""
    word = ManagementWord(
        Action.ENDORSE, "Mevrouw X", "teamleider onderbouw", "2026-12-03", Via.MAIL
    )
    return replace(word, **changes)


def summaries(
    text: st.SearchStrategy[str], references: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[PlanSummary]:
    """Make summaries with `text` in every field that can hold text."""
    maybe = st.none() | text
    dates = st.dates().map(lambda day: day.isoformat())
    answers = st.lists(st.builds(SummaryAnswer, text, text, text, maybe), max_size=7).map(tuple)
    return st.builds(
        PlanSummary,
        reference=text if references is None else references,
        title=text,
        teacher_name=maybe,
        teacher_email=maybe,
        school=maybe,
        region=maybe,
        region_id=maybe,
        region_page=maybe | text.map(lambda path: f"https://{path}"),
        route=text,
        support=st.sampled_from(SupportStatus),
        support_by=maybe,
        idea=answers,
        answers=answers,
        recipient_role=st.sampled_from(RecipientRole),
        recipient_gap=maybe,
        created_on=dates,
        submitted_on=dates,
        management=st.none()
        | st.builds(
            ManagementWord,
            st.sampled_from(MANAGEMENT_ACTIONS),
            text,
            text,
            dates,
            st.sampled_from(Via),
            st.booleans(),
        ),
    )
