"""The Dutch wording of a summary: every rendering starts from it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.plan_states import MANAGEMENT_ACTIONS, Action
from bot.domain.summary import RecipientRole, SupportStatus, Via
from bot.texts.summary import (
    CLOSING,
    NO_TITLE,
    NOT_FILLED,
    Fact,
    dutch_date,
    role_name,
    subject,
    summary_page,
    summary_text,
)
from bot.texts.summary_support import management_text, support_text
from tests.summaries import make_answer, make_summary, make_word, summaries


def test_text_reads_from_top_to_bottom() -> None:
    summary = make_summary(
        idea=(make_answer("Een slimme woning.", title="Het idee", question="Wat wil je doen?"),),
        answers=(
            make_answer("Alle leerlingen doen mee.", title="Doelen", question="Welke doelen?"),
            make_answer(None, title="Mijlpalen", question="Wanneer?"),
        ),
    )

    text = summary_text(summary)

    assert text == (
        "Plan STO-2026-0001\n"
        "Robots in de zorg\n"
        "\n"
        "Voor: Programmamanager van de regio\n"
        "Docent: Sanne Voorbeeld\n"
        "E-mail: s.voorbeeld@school.example\n"
        "School: Voorbeeldcollege Assen\n"
        "Regio: Assen (https://www.sterktechniekonderwijs.nl/regio/assen)\n"
        "Route: De programmamanager van de regio: je school doet nog niet mee.\n"
        "Schoolleiding: Steunt het idee, gemeld door de docent (teamleider bovenbouw)\n"
        "Verstuurd: 22 november 2026 (begonnen op 3 november 2026)\n"
        "\n"
        "HET IDEE\n"
        "\n"
        "Het idee\n"
        "Wat wil je doen?\n"
        "Een slimme woning.\n"
        "\n"
        "DE VRAGEN VAN HET PLAN\n"
        "\n"
        "1. Doelen\n"
        "Welke doelen?\n"
        "Alle leerlingen doen mee.\n"
        "\n"
        "2. Mijlpalen\n"
        "Wanneer?\n"
        "Nog niet ingevuld\n"
        "\n"
        "Nog open: Mijlpalen.\n"
        "\n"
        "De regio bepaalt welke plannen doorgaan."
    )


@settings(deadline=None)
@given(summaries(st.text()))
def test_answers_stand_verbatim_in_text(summary) -> None:
    text = summary_text(summary)

    assert all(answer.text in text for answer in summary.idea + summary.answers if answer.text)
    assert text.endswith(CLOSING)


def test_complete_plan_names_nothing_open() -> None:
    summary = make_summary(answers=(make_answer("Klaar."),))

    assert summary_page(summary).still_open is None
    assert "Nog open" not in summary_text(summary)


def test_unknown_facts_say_so() -> None:
    summary = make_summary(
        teacher_name=None, teacher_email=None, school=None, region=None, region_page=None, route=""
    )

    facts = {fact.label: fact.value for fact in summary_page(summary).facts}

    assert [facts[label] for label in ("Docent", "E-mail", "School", "Regio", "Route")] == [
        NOT_FILLED
    ] * 5


def test_an_answer_that_says_not_filled_is_an_answer() -> None:
    page = summary_page(make_summary(answers=(make_answer(NOT_FILLED), make_answer(None))))

    assert [entry.is_open for entry in page.sections[1].entries] == [False, True]


@pytest.mark.parametrize(
    "page",
    ["javascript:alert(1)", "https://a.example/ b", 'https://a.example/"x', "https://", "\nhttps"],
)
def test_only_web_addresses_become_links(page) -> None:
    facts = summary_page(make_summary(region_page=page)).facts

    assert Fact("Regio", "Assen", None) in facts


def test_missing_contact_is_named_to_operator() -> None:
    summary = make_summary(
        recipient_role=RecipientRole.OPERATOR,
        recipient_gap="voor regio Assen is nog geen programmamanager ingevoerd.",
    )

    page = summary_page(summary)

    assert page.request == "Gevraagd: kies een ontvanger voor dit plan en stuur het door."
    assert page.notice == "Let op: voor regio Assen is nog geen programmamanager ingevoerd."
    assert page.notice in summary_text(summary)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            RecipientRole.SCHOOL_CONTACT,
            "Gevraagd: lees plan STO-2026-0001 - Robots in de zorg",
        ),
        (
            RecipientRole.PROGRAMME_MANAGER,
            "Gevraagd: lees plan STO-2026-0001 - Robots in de zorg",
        ),
        (
            RecipientRole.SUPPORT,
            "Gevraagd: help plan STO-2026-0001 op weg - Robots in de zorg",
        ),
        (
            RecipientRole.OPERATOR,
            "Gevraagd: kies een ontvanger voor plan STO-2026-0001 - Robots in de zorg",
        ),
    ],
)
def test_subject_starts_with_what_is_asked(role, expected) -> None:
    assert subject(make_summary(recipient_role=role)) == expected


@settings(deadline=None)
@given(summaries(st.text()))
def test_subject_is_one_short_line(summary) -> None:
    line = subject(summary)

    assert len(line) <= 150
    assert line.splitlines() == [line]
    assert "\x00" not in line


def test_subject_cuts_a_long_title() -> None:
    line = subject(make_summary(title="Techniek " * 30))

    assert line.endswith("Techn…")
    assert len(line) < 100


@pytest.mark.parametrize("title", ["", "  \n ", "\x00\x07"])
def test_plan_without_title_gets_words(title) -> None:
    assert summary_page(make_summary(title=title)).title == NO_TITLE


@pytest.mark.parametrize("role", RecipientRole)
def test_every_role_has_wording(role) -> None:
    summary = make_summary(recipient_role=role)

    assert role_name(role)
    assert subject(summary).startswith("Gevraagd: ")
    assert summary_page(summary).request.startswith("Gevraagd: ")


@pytest.mark.parametrize("status", SupportStatus)
def test_support_is_told_as_reported(status) -> None:
    assert "docent" in support_text(status, None)
    assert support_text(status, "directeur").endswith(" (directeur)")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (
            make_word(),
            "Steunt het idee: Mevrouw X, teamleider onderbouw, bevestigd op 3 december 2026 "
            "via de link in de e-mail",
        ),
        (
            make_word(verdict=Action.DECLINE, via=Via.LINK),
            "Steunt het idee niet: Mevrouw X, teamleider onderbouw, gemeld via een doorgestuurde "
            "link op 3 december 2026; wie die link opende, is niet nagegaan",
        ),
        (
            make_word(verdict=Action.RETURN, via=Via.TELEGRAM),
            "Gaf het idee terug met opmerkingen: Mevrouw X, teamleider onderbouw, "
            "gemeld via Telegram op 3 december 2026; wie daar antwoordde, is niet nagegaan",
        ),
        (
            make_word(is_overtaken=True),
            "Steunt het idee: Mevrouw X, teamleider onderbouw, bevestigd op 3 december 2026 "
            "via de link in de e-mail; daarna is het idee veranderd",
        ),
    ],
    ids=lambda given: getattr(given, "verdict", None),
)
def test_word_of_management_says_how_it_is_known(word, said) -> None:
    assert _support(management=word, support=SupportStatus.UNKNOWN) == [("Schoolleiding", said)]


@pytest.mark.parametrize("verdict", MANAGEMENT_ACTIONS)
@pytest.mark.parametrize("via", Via)
def test_only_mailed_word_leaves_out_the_doubt(verdict, via) -> None:
    text = management_text(make_word(verdict=verdict, via=via), "3 december 2026")

    assert ("niet nagegaan" in text) == (via is not Via.MAIL)
    assert ("bevestigd" in text) == (via is Via.MAIL)


def test_word_goes_before_the_teachers_other_report() -> None:
    lines = _support(
        management=make_word(verdict=Action.DECLINE),
        support=SupportStatus.SUPPORTS,
        support_by="directeur",
    )

    assert [label for label, _ in lines] == ["Schoolleiding", "Volgens de docent"]
    assert lines[0][1].startswith("Steunt het idee niet: Mevrouw X")
    assert lines[1][1] == "Steunt het idee (directeur)"


def test_same_report_is_not_repeated() -> None:
    assert len(_support(management=make_word(), support=SupportStatus.SUPPORTS)) == 1


def _support(**changes) -> list[tuple[str, str]]:
    facts = summary_page(make_summary(**changes)).facts
    shown = ("Schoolleiding", "Volgens de docent")
    return [(fact.label, fact.value) for fact in facts if fact.label in shown]


def test_dates_are_in_dutch() -> None:
    assert dutch_date("2026-11-22") == "22 november 2026"
    assert dutch_date("2027-03-01") == "1 maart 2027"


def test_plan_of_one_day_gives_one_date() -> None:
    facts = summary_page(make_summary(created_on="2026-11-22")).facts

    assert facts[-1] == Fact("Verstuurd", "22 november 2026")
