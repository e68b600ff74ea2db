"""A whole plan in one text: recognised, divided over the questions, and no word of it lost."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.pasted_plan import NO_QUESTION, sections
from bot.domain.plan_headings import PHRASES, SIX, headings
from tests.plans import QUESTIONS

ROOT = Path(__file__).resolve().parents[2]


FROM_WORD = """\
Projectplan techniek in de zorg

1. Aansluiting bij de regiovisie
De regio wil meer meisjes in de techniek.

2. Specifieke doelen
- 30% kiest techniek in 2027
- planning: ieder half jaar meten

3. Aanpak
Zes lessen: "Wat willen we bereiken?" is de eerste.

4. Planning
februari 2027

5. Partners
het mbo

6. Begroting
8 drones van € 450 = € 3.600
"""
FLYER = """\
• Hoe sluit het plan aan bij de Regiovisie?
Past bij techniek voor iedereen.
• Wat zijn de specifieke doelen van het plan?
Dertig procent.
• Welke activiteiten worden ondernomen om deze doelen te bereiken?
Zes lessen.
• Wanneer worden mijlpalen bereikt?
In mei.
• Met wie en hoe wordt er samengewerkt in de regio (bijv. met basisscholen, andere middelbare \
scholen, bedrijven of het mbo)?
Met het mbo.
• Welke middelen zijn nodig om het plan uit te voeren?
Acht drones.
"""
MARKED_UP = """\
# Titel: Drones
**Wie doet mee?**
**Idee:** leerlingen bouwen drones
__Activiteiten__
zes lessen
### Mijlpalen -
februari
🎯 Kosten (ongeveer 4000 euro): alleen de drones
"""
#: A whole plan, and the parts that are to be found in it, in order.
WHOLE = [
    (FROM_WORD, ("idee", *SIX)),
    (FLYER, SIX),
    (MARKED_UP, ("titel", "idee", "activiteiten", "mijlpalen", "middelen")),
    ("Doelen: x\nActiviteiten: y\nMiddelen: z", ("doelen", "activiteiten", "middelen")),
    ("DOELEN\nx\n\nMET WIE\ny\n\nWANNEER\nz", ("doelen", "samenwerking", "mijlpalen")),
    ("doel - x\nplanning – mei\nkosten = 5", ("doelen", "mijlpalen", "middelen")),
    ("Wat willen we bereiken?\nx\nWat gaan we doen?\ny\nWat hebben we nodig?:\nz",
     ("doelen", "activiteiten", "middelen")),
    ("Titel\tDrones\nDoelgroep\tleerjaar 2\nBudget\t€ 500", ("titel", "doelgroep", "middelen")),
    ("Titel: A. Idee: b en c. Doelen: d. Kosten: 5 euro.", ("titel", "idee", "doelen", "middelen")),
    ("- Titel: A\n- Idee: b\n- Doelen: c\n- Planning: d", ("titel", "idee", "doelen", "mijlpalen")),
    ("Doelen van ons plan: x\nActiviteiten en planning: y\nKosten/middelen: z",
     ("doelen", "activiteiten", "middelen")),
    ("Hoi! Hier is mijn plan:\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f", (NO_QUESTION, *SIX)),
    ("Schoolleiding: ja\nDoelen: x\nNaam: N. Naam\nMet wie: y\nE-mail: n@x.nl\nPlanning: z",
     ("management", "doelen", "naam", "samenwerking", "email", "mijlpalen")),
]  # fmt: skip

#: One answer, however much it looks like more.
ONE_ANSWER = [
    "",
    "doelen: dat techniek gewoon wordt",
    "Wat willen we bereiken? dat techniek gewoon wordt",
    "Zes lessen.\n\nPlanning: februari tot mei\nKosten: 300 euro",
    "- planning: mei\n- kosten: 300 euro\n- met wie: het mbo",
    "Les 1\nDoel: zien\nMet wie: mbo\nWanneer: mei\nLes 2\nDoel: doen\nMet wie: po\nWanneer: juni",
    "We overleggen over:\n- doelen\n- planning\n- kosten\n- partners",
    "Titel:\nDoelen:\nActiviteiten:\nPlanning:",
    "Wie? Het mbo. Wat? Drones. Wanneer? In mei. Doel? Plezier. Kosten? Geen idee.",
    "1. kennismaken\n2. bouwen\n3. vliegen\n4. meten\n5. tonen\n6. terugblik",
    "Ons plan van aanpak:\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f",
    "Hier is mijn plan:\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n7. g",
    "Hier is mijn plan: we bouwen drones met het mbo en laten ze in mei vliegen.",
    "De doelen zijn helder\nDe activiteiten beginnen in mei\nDe middelen zijn er al\nPartners ook",
    "doelen\nkosten\n" * 40,
]


@pytest.mark.parametrize(("text", "keys"), WHOLE)
def test_whole_plan_is_divided_in_order(text: str, keys: tuple[str, ...]) -> None:
    assert tuple(key for key, _ in sections(text)) == keys


@pytest.mark.parametrize("text", ONE_ANSWER)
def test_one_answer_is_no_whole_plan(text: str) -> None:
    assert sections(text) == []


def test_no_single_message_is_a_whole_plan() -> None:
    lines = [
        line
        for path in (ROOT / "tests/understanding").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]

    assert len(lines) > 600
    assert [line for line in lines if sections(json.loads(line)["text"])] == []


def test_headings_name_questions_of_a_plan() -> None:
    assert [key for key in PHRASES if key not in QUESTIONS] == []


#: What a document has above a part: all titles, and the questions that ask for more than a word.
OWN = [
    (question.key, question.title) for question in QUESTIONS.questions if question.key in PHRASES
]
OWN += [(key, QUESTIONS[key].wording) for key in ("idee", "doelgroep", *SIX)]


@pytest.mark.parametrize(("key", "heading"), OWN)
def test_own_titles_and_questions_are_headings(key: str, heading: str) -> None:
    others = [QUESTIONS[part].title for part in SIX if part != key][:3]
    text = "".join(f"{other}\nx\n" for other in others)

    assert sections(f"{text}{heading}\nhier")[-1] == (key, "hier")


def test_part_is_kept_verbatim() -> None:
    divided = dict(sections(FROM_WORD))

    assert divided["doelen"] == ("- 30% kiest techniek in 2027\n- planning: ieder half jaar meten")
    assert divided["activiteiten"] == 'Zes lessen: "Wat willen we bereiken?" is de eerste.'
    assert divided["middelen"] == "8 drones van € 450 = € 3.600"


def test_number_before_a_count_is_kept() -> None:
    divided = dict(sections("Doel: x\n2 partners: mbo en po\nPlanning: mei\nKosten: 5"))

    assert divided["doelen"] == "x\n2 partners: mbo en po"


def test_brackets_behind_a_heading_are_kept() -> None:
    assert dict(sections(MARKED_UP))["middelen"] == "(ongeveer 4000 euro): alleen de drones"


def test_same_part_twice_is_put_together() -> None:
    divided = dict(sections("Kosten: 500 euro\nDoelen: x\nPlanning: y\nMiddelen: drones"))

    assert divided["middelen"] == "500 euro\n\ndrones"


TEXT = "Wij willen drones.\n\nTitel: Drones\nDoelen: x\nPlanning: y"


def test_text_above_goes_to_the_idea() -> None:
    assert dict(sections(TEXT))["idee"] == "Wij willen drones."


def test_text_above_leaves_an_idea_alone() -> None:
    assert sections(TEXT, has_idea=True) == [
        ("titel", "Drones"), ("doelen", "Wij willen drones.\n\nx"), ("mijlpalen", "y"),
    ]  # fmt: skip


def test_announcement_is_no_idea() -> None:
    divided = sections("hoi, hierbij mijn hele projectplan :)\n\nDoelen: x\nPlanning: y\nKosten: z")

    assert divided[0] == (NO_QUESTION, "hoi, hierbij mijn hele projectplan :)")


HEADINGS = [question.title for question in QUESTIONS.questions if question.key in PHRASES] + [
    "Doelen:", "**Aanpak**", "# Kosten", "- Planning:", "1. Partners", "Wat hebben we nodig?:",
    "mijlpalen -", "Titel: ", "Kosten (ongeveer 50): ", "Activiteiten en planning", "Naam:",
]  # fmt: skip
#: Made words: none of them is a word of a heading.
LINES = st.lists(
    st.from_regex(r"[xyz]{1,4}[0-9]{0,2}[!?.,:;*•(€-]?", fullmatch=True), max_size=5
).map(" ".join)
DOCUMENTS = st.lists(st.sampled_from(HEADINGS) | LINES, max_size=25).map("\n".join)


def words(text: str) -> list[str]:
    return sorted(re.findall(r"\w+", text.replace("_", " ")))


@given(text=DOCUMENTS, has_idea=st.booleans())
@settings(max_examples=400, deadline=None)
def test_no_word_of_a_plan_is_lost(text: str, has_idea: bool) -> None:
    divided = sections(text, has_idea=has_idea)
    found = headings(text)
    taken = [text[heading.start : heading.end] for heading in found]

    assert bool(divided) == bool(found)
    if divided:
        kept = "\n".join(part for _, part in divided)
        assert words(kept) == words(_without(text, found))
        assert not any(re.search(r"[xyz]\d*\b", heading) for heading in taken)


def _without(text: str, found: list[Any]) -> str:
    starts = [0, *(heading.end for heading in found)]
    ends = [*(heading.start for heading in found), len(text)]
    return "\n".join(text[start:end] for start, end in zip(starts, ends, strict=True))
