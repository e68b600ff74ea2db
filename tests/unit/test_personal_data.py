"""What seems to name a pupil, a number or somebody's health, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.personal_data import Personal, personal_data

ROOT = Path(__file__).parents[2]
HOLDS = {
    Personal.PUPIL: """
        Onze leerling Jan de Vries bouwt de drone | leerling Fatima wil graag naar het mbo
        Mijn mentorleerling Kevin loopt stage bij de garage | een meisje genaamd Sanne bedacht dit
        Sanne uit 3B heeft een robot gemaakt | Youssef van klas 2 wil dit ook
        een leerling die Mohammed heet gaat helpen | de jongen, Daan, doet mee
        Het is een idee van leerling Noor | stagiaire Eva uit jaar 3 helpt mee
        Er is een jongen in mijn klas die Tim heet
    """,
    Personal.BSN: """
        zijn nummer is 111222333 | bsn 123456782 | BSN: 1234.56.782 | 123 456 782 staat op de lijst
        burgerservicenummer 111 222 333
    """,
    Personal.PHONE: """
        Bel me op 06-12345678 | 0612345678 | +31 6 12345678 | 06 12 34 56 78 | tel. 0592-123456
        0031612345678 | je bereikt me op +31612345678 | 050 123 45 67
    """,
    Personal.HEALTH: """
        een leerling met adhd kan hier goed tegen | mijn leerling heeft autisme
        Hij heeft dyslexie | de leerling is zwanger | zij kreeg een depressie | Daan heeft epilepsie
        die jongen met autisme bouwt het | een leerling die zit in een rolstoel
    """,
}
HOLDS_NOTHING = """
    Leerlingen Zorg en Welzijn bouwen een zorgrobot | leerjaar 2, 90 leerlingen | 30% in 2027
    Elke leerling Groen maakt kennis met drones | de leerling Techniek van nu | leerling en docent
    8 drones van 450 euro, 40 uur docent | 1.250.000,- voor de regio | € 123.456.782 in totaal
    Drenthe College, Alfa-college en Terra | het ROC van Twente, twee bedrijven en de gemeente Assen
    30 leerlingen met extra ondersteuning | leerlingen met dyslexie krijgen meer tijd
    Techniek voor leerlingen met autisme in de onderbouw | aandacht voor adhd in de les
    april 2027, mei 2027 en juni 2027 | 01-09-2026 tot 31-12-2027 | 2026/2027 en 2027/2028
    school 20 km verderop | lesbrief klaar in november 2026 | 12345678 | KvK 12345678
    Het Technolab in klas 1 en 2 | Drones in klas 2 | Robotica uit 3D-printers
    een leerling per bedrijf | elke leerling In de onderbouw | een leerling VMBO-kader
    het meisje in de techniek is nog zeldzaam | meisjes kiezen minder vaak techniek
    docent@school.nl | teamleider onderbouw | De heer Jansen van de garage geeft gastlessen
    ISBN 9789012345678 | order 1234567890 | 3 x 4 uur | 0,5 fte | zo'n 100.000 tot 120.000 euro
    Zij heeft een bedrijf in installatietechniek | hij is docent PIE | Het bedrijf heeft twee hallen
"""


def texts(block: str) -> list[str]:
    return [text.strip() for line in block.splitlines() for text in line.split("|") if text.strip()]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, block in HOLDS.items() for text in texts(block)]
)
def test_text_that_names_somebody_is_noticed(kind: Personal, text: str) -> None:
    assert kind in personal_data(text)


@pytest.mark.parametrize("text", texts(HOLDS_NOTHING))
def test_text_about_a_plan_is_left_alone(text: str) -> None:
    assert personal_data(text) == ()


@pytest.mark.parametrize("name", ["plan_answers.jsonl", "second/plan_answers.jsonl"])
def test_hardly_any_ordinary_answer_is_warned_about(name: str) -> None:
    lines = (ROOT / "tests/understanding" / name).read_text().splitlines()
    answers = [json.loads(line)["text"] for line in lines]
    warned = [text for text in answers if personal_data(text)]

    assert len(answers) > 100
    assert warned == []


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    assert set(personal_data(text)) <= set(Personal)


@pytest.mark.parametrize(
    "part", ["leerling ", "0", "06-", "Aa ", "hij heeft een ", "1 ", "de leerling "]
)
def test_long_text_is_read(part: str) -> None:
    assert isinstance(personal_data(part * (100_000 // len(part))), tuple)
