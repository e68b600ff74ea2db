"""The amount that a plan asks for, found in what teachers write; empty where it is unsure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.amounts import asked_amount

PLAIN = {
    "8 drones van 450 euro": 3600,
    "€ 12.500": 12_500,
    "4k": 4000,
    "€4k": 4000,
    "4,5k": 4500,
    "2,5 duizend euro": 2500,
    "€ 1,5 miljoen": 1_500_000,
    "1.250,-": 1250,
    "€ 1.250,–": 1250,
    "€ 1.250,50": 1251,
    "EUR 500": 500,
    "eur500": 500,
    "4000 euro's": 4000,
    "ongeveer 4000 euro": 4000,
    "een bedrag van € 4500": 4500,
    "een budget van 4500 euro": 4500,
    "een drone van € 450": 450,
    "twee drones van 450 euro": 900,
    "1 laptop 900 euro": 900,
    "In 2027 hebben we 4000 euro nodig": 4000,
    "4 gastlessen, kosten nul. Bus 3x €400": 1200,
    "4 × € 900": 3600,
    "4x900 euro": 3600,
    "€ 450 x 8": 3600,
    "40 uur à € 60": 2400,
    "8 drones, € 450 per stuk": 3600,
    "8 drones (€ 450 per stuk)": 3600,
    "1.500 flyers van € 0,10": 150,
    "5 laptops voor € 3000": 3000,
    "8 drones van € 450 = € 3.600": 3600,
    "8 × € 450 is € 3.600": 3600,
    "8 drones van € 450 en 4 brillen van € 300": 4800,
    "€ 3000 voor drones en € 500 voor scholing": 3500,
    "- 8 drones van € 450\n- scholing: € 500\n- 2 bussen à € 250": 4600,
    "In totaal 6.000 euro": 6000,
    "6.000 euro in totaal": 6000,
    "Totaal: € 5.000. Drones € 3.600, scholing € 1.400": 5000,
    "8 drones van € 450 en 4 brillen van € 300. Totaal € 4.800": 4800,
    # The example of the question itself.
    "8 drones van 450 euro, 40 uur voor een docent. Het bedrijf brengt 20 uur in.": 3600,
    "Materiaal: € 12.500. Scholing: 4 × € 900. Cofinanciering: € 3.000 aan materiaal.": 16_100,
    "De school betaalt zelf € 500. We vragen € 2.000.": 2000,
    "80 lessen van 50 minuten en € 300": 300,
}
UNSURE = [
    None,
    "",
    "Niets, alleen tijd",
    "40 uur voor een docent",
    "8 drones van 450",
    "drones van € 450",
    "€ 450 per stuk",
    "€ 60 p.p.",
    "10 laptops 900 euro",
    "5 tot 10 drones van 450 euro",
    "8 - 10 drones van € 450",
    "Wij vragen €4.000 van de regio, de school betaalt €1.000",
    "kosten: 3.000 euro per jaar",
    "tussen € 3000 en € 4000",
    "tussen 3 en 4000 euro",
    "van 3000 tot en met 4000 euro",
    "3000 tot 4000 euro",
    "3000-4000 euro",
    "Drones kosten € 3000. We hebben € 5000 nodig.",
    "8 drones van € 450 en 4 brillen van 300",
    "8 drones van € 450 = € 3.700",
    "1,250 euro",
    "€ 12 500",
    "12 500 euro",
    "een 4K-camera",
    "een 4k camera",
    "een 4K camera van € 800",
    "klas 2 drones van € 450",
    "in 2027 drones van € 450",
    "30 leerlingen krijgen een drone van € 450",
    "12 leerlingen x 8 lessen x € 5",
    "50% van € 4000",
    "Totaal € 5000, waarvan € 1000 cofinanciering",
    "We vragen een bijdrage van € 5000",
    "€ 0",
    "€ 99.999.999",
    "bel 0612345678",
]


@pytest.mark.parametrize(("text", "amount"), PLAIN.items())
def test_amount_that_is_plainly_said_is_found(text: str, amount: int) -> None:
    assert asked_amount(text) == amount


@pytest.mark.parametrize("text", UNSURE)
def test_amount_that_is_unsure_is_left_out(text: str | None) -> None:
    assert asked_amount(text) is None


@given(st.text(alphabet="0123456789.,-€ xvan eurotk×à:=\n(per stuk)", max_size=200))
def test_any_text_gives_whole_euros_or_nothing(text: str) -> None:
    amount = asked_amount(text)

    assert amount is None or 0 <= amount <= 10_000_000


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece", ["9", "1 a ", "€ ", "8 drones van ", "een ", "1.111", "8 x ", "€ 1 ", "€ 1 x 2 ", "a "]
)
def test_endless_text_is_read_quickly(piece: str) -> None:
    asked_amount(piece * 5_000 + "€ 4")
