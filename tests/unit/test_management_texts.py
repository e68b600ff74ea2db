"""What asks the school's management for support, and what tells the teacher what they said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from bot.delivery.email_message import is_address
from bot.domain.access import link_mark
from bot.domain.plan import Answer, Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import MANAGEMENT_ACTIONS, Action
from bot.domain.roles import Role
from bot.services.management_request import read_address
from bot.texts import management as words
from bot.texts import management_mail as mail_words
from tests.person import made_book

NOW = datetime(2026, 12, 3, 9, tzinfo=UTC)
LINK = "abcdefghijk"
UNTIL = "2 januari 2027"


def make_plan(**answers: str) -> Plan:
    given = {"titel": "Drones", "idee": "Leerlingen bouwen drones.", **answers}
    stored = {step: Answer(step, text) for step, text in given.items()}
    return Plan("p1", "person", "v1", "doelen", NOW, answers=MappingProxyType(stored))


def make_event(action: Action, text: str = "", **remarks: str) -> PlanEvent:
    data = {"name": "Mevrouw X", "function": "teamleider", "remarks": remarks}
    draft = PlanStatus.DRAFT
    name = "Mevrouw X (teamleider)"
    return PlanEvent("p1", NOW, Role.MANAGEMENT, name, action, draft, draft, text=text, data=data)


def test_message_to_forward_leads_to_page_and_chat() -> None:
    text = made_book().fill(mail_words.forwarded(make_plan(), LINK, UNTIL))

    assert "Drones" in text
    assert "Leerlingen bouwen drones." in text
    assert "https://wegwijzer.example/l/abcdefghijk" in text
    assert "https://t.me/sto_test_bot?start=labcdefghijk" in text
    assert UNTIL in text


def test_without_a_bot_only_the_line_about_telegram_falls_away() -> None:
    book = made_book()
    book.addresses.bot_name = None

    text = book.fill(mail_words.forwarded(make_plan(), LINK, UNTIL))

    assert "Telegram" not in text
    assert "https://wegwijzer.example/l/abcdefghijk" in text
    assert UNTIL in text


def test_mail_asks_first_and_is_read_in_half_a_minute() -> None:
    subject, paragraphs = mail_words.request_mail(make_plan(), "een docent", UNTIL)

    assert subject == "Lees het idee “Drones” en zeg of je het steunt"
    assert paragraphs[0].startswith("Een docent vraagt of je")
    # Four words a second.
    assert len(" ".join(paragraphs).split()) <= 120


@pytest.mark.parametrize("writes", [mail_words.request_mail, mail_words.reminder_mail])
def test_mail_holds_little_of_what_somebody_typed(writes) -> None:
    asked = ("1 december 2026",) if writes is mail_words.reminder_mail else ()
    plan = make_plan(titel="T" * 500, idee="idee " * 500)

    subject, paragraphs = writes(plan, "een docent", UNTIL, *asked)

    assert len(subject) < 120
    assert sum(map(len, paragraphs)) < 600 + 600
    assert max(len(one) for one in paragraphs) < 620


@pytest.mark.parametrize(
    "typed",
    [
        "win https://kwaad.example/x",
        "win http://kwaad.example",
        "win WWW.kwaad.example",
        "win kwaad.example/pad?x=1",
    ],
)
def test_mail_leads_nowhere_that_somebody_typed(typed) -> None:
    plan = make_plan(titel=typed, idee=typed, naam=typed)

    subject, paragraphs = mail_words.request_mail(plan, mail_words.teacher_name(plan, None), UNTIL)

    assert "kwaad" not in subject + " ".join(paragraphs)


def test_idea_with_prices_and_stops_stays_as_it_is() -> None:
    idea = "Les 1.2 en 3.4: 8 drones à € 450,00. En/of scholing, d.w.z. twee middagen."

    assert mail_words.quoted(idea, 600) == idea


@pytest.mark.parametrize(
    ("name", "school", "said"),
    [
        ("Docent Voorbeeld", "Voorbeeldcollege", "Docent Voorbeeld"),
        (None, "Voorbeeldcollege", "een docent van Voorbeeldcollege"),
        (None, None, "een docent"),
    ],
)
def test_who_asks_is_named_as_well_as_is_known(name, school, said) -> None:
    plan = make_plan(**({"naam": name} if name else {}))

    assert mail_words.teacher_name(plan, school) == said


@pytest.mark.parametrize("action", MANAGEMENT_ACTIONS)
def test_every_verdict_has_words(action) -> None:
    heard = words.heard_text(make_plan(), make_event(action, "Mooi."), {})

    assert heard.startswith("Mevrouw X (teamleider)")
    assert "“Drones”" in heard
    assert "“Mooi.”" in heard
    assert words.BUTTONS[action]
    assert words.SAID[action]


def test_remarks_stand_with_the_answers_they_are_about() -> None:
    event = make_event(Action.RETURN, doelen="Noem een getal.", middelen="Wie betaalt?")

    heard = words.heard_text(make_plan(), event, {"doelen": "Doelen", "middelen": "Middelen"})

    assert "• Doelen: “Noem een getal.”\n• Middelen: “Wie betaalt?”" in heard


@pytest.mark.parametrize("status", PlanStatus)
def test_management_may_speak_while_the_plan_is_written(status) -> None:
    plan = replace(make_plan(), status=status, reference="STO-2026-0001")

    closed = words.closed_text(plan)

    assert (closed is None) == plan.is_open


@pytest.mark.parametrize("status", [PlanStatus.APPROVED, PlanStatus.NOT_NOW, PlanStatus.RECEIVED])
def test_management_does_not_read_what_the_region_decided(status) -> None:
    plan = replace(make_plan(), status=status, reference="STO-2026-0001")

    assert words.closed_text(plan) == words.HANDED_OVER.format(reference="STO-2026-0001")


@pytest.mark.parametrize("text", [mail_words.forwarded(make_plan(), LINK, UNTIL), *words.ASKED])
def test_nothing_is_promised(text) -> None:
    assert not re.search(r"subsidie|geld|goedgekeurd", text)
    assert link_mark(LINK) in text or text in words.ASKED


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Directeur@School.example", "directeur@school.example"),
        ("het is directeur@school.example.", "directeur@school.example"),
        ("<d.x+sto@mail.school.example>", "d.x+sto@mail.school.example"),
        ("mailto:d@school.example", "d@school.example"),
        ("directeur", None),
        ("directeur@school", None),
        ("a@b.example en c@d.example", None),
        ("a@b.example,c@d.example", None),
        ("a@b.example\nBcc: x", "a@b.example"),
        ("jàn@school.example", None),
        ("a..b@school.example", None),
        ("a@school..example", None),
        ("@school.example", None),
        ("a" * 250 + "@school.example", None),
        ("", None),
    ],
)
def test_one_address_is_read(typed, read) -> None:
    assert read_address(typed) == read
    assert read is None or is_address(read)
