"""What `/mijngegevens` gives to read: everything of the person, as it was typed, soon enough."""

from __future__ import annotations

import json
import re
import time
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery.documents import DocumentMaker
from bot.delivery.pdf import render_my_data
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.turn import DocumentKind, Reply
from bot.services.review_chat_steps import Step
from bot.services.review_input import Order
from bot.storage.database import Database
from bot.texts import my_data as words
from bot.texts import my_data_chat as chat_words
from tests.clocks import SteppingClock
from tests.integration.running_chat import sqlite_only
from tests.integration.test_pdf import read, shown, squeezed
from tests.person import PLAN_ANSWERS, Person, make_services
from tests.reviews import act, actor, add_contacts, handed_over

NASTY = '#import "x"; $1/0$ <b>vet</b> \\ *ster* _streep_ `code` @naam {{ 7*7 }}'
KINDS = (DocumentKind.MY_DATA, DocumentKind.MY_DATA_PDF)


@pytest.fixture
def person(database: Database, clock: SteppingClock) -> Person:
    return Person(database, make_services(database, clock), clock)


async def person_id(person: Person) -> str:
    async with person.database.read() as uow:
        talk = await uow.conversations.find(person.channel, person.address)
        assert talk
        return talk.person_id


async def files(person: Person) -> tuple[bytes, bytes]:
    """Give the two files that the answer to /mijngegevens brings."""
    await person.do(person.services.privacy.export, "/mijngegevens")
    documents = [reply.document for reply in person.last if reply.document]
    assert [one.kind for one in documents] == list(KINDS)
    assert [one.name for one in documents] == ["mijn-gegevens.json", "mijn-gegevens.pdf"]
    maker = DocumentMaker(person.database, person.clock)
    made = [await maker.make(one.kind, one.subject) for one in documents]
    assert made[0]
    assert made[1]
    return made[0], made[1]


async def test_file_to_read_holds_who_plans_history_messages_and_what_was_sent(
    person: Person,
) -> None:
    await add_contacts(person.database)
    plan = await handed_over(person)
    await act(person, actor("manager"), plan.id, Order(Action.RECEIVE))
    await act(
        person, actor("manager"), plan.id, Order(Action.ASK, step="doelen", text="Hoe meet je dat?")
    )
    await act(person, actor("manager"), plan.id, Order(Action.NOTE, text="alleen voor ons"))
    data, page = await files(person)
    text = shown(page)

    for answer in PLAN_ANSWERS.values():
        assert squeezed(answer.replace("🚁", "□")) in text
    for said in (
        "Docent Voorbeeld",
        "Plan “Drones in de zorg” (STO-2026-0001)",
        "vraag aan de docent",
        "programmamanager) stelde een vraag bij “Doelen”",
        "Hoe meet je dat?",
        "e-mail aan ook@assen.example",
        "Je berichten",
        "ik wil een plan maken",
    ):
        assert squeezed(said) in text, said
    assert squeezed("alleen voor ons") not in text
    assert b"alleen voor ons" not in data
    to = {row["to"] for row in json.loads(data)["deliveries"]}
    assert "ook@assen.example" in to


@sqlite_only
async def test_what_was_typed_is_shown_literally(person: Person) -> None:
    await person.do(person.services.intake.start, "ik wil een plan maken")
    await person.answer(NASTY)

    _, page = await files(person)

    assert squeezed(NASTY) in shown(page)
    assert read(page).trailer["/Root"]["/MarkInfo"]["/Marked"]


async def test_both_files_hold_what_was_said_and_thought_of_it(person: Person) -> None:
    services = person.services
    await person.do(services.faq.answer, "wat is STO?", near=("wat-is-sto",))
    said, labels = person.said, person.labels
    thumb = next(choice for choice in person.choices if choice.intent == "faq_thumb")
    await person.press_old(services.faq.thumb, thumb)
    async with person.database.write() as uow:
        talk = await uow.conversations.of(person.channel, person.address)
        secret = "⟦link:abcdefghijk⟧"
        await uow.turns.push(talk, "unasked", [Reply(f"Er is nieuws over je plan: {secret}")])

    content, page = await files(person)

    data, text = json.loads(content), shown(page)
    replies = {reply["text"]: reply for reply in data["replies"]}
    assert said in replies
    assert replies[said]["buttons"] == labels
    assert "Er is nieuws over je plan: (link)" in replies
    assert data["votes"][0] | {"given_at": ""} == {
        "entry": "wat-is-sto", "is_up": True, "given_at": ""
    }  # fmt: skip
    assert data["messages"][1]["pressed"] == thumb.label
    for shown_text in (
        *said.splitlines(),
        f"Knoppen: {' / '.join(labels)}",
        "Er is nieuws over je plan: (link)",
        "antwoord “wat-is-sto” nuttig",
    ):
        assert squeezed(without_emoji(shown_text)) in text, shown_text
    assert text.count(squeezed(without_emoji(thumb.label))) == 2


def without_emoji(text: str) -> str:
    return re.sub("[👍👎]", "□", text)


@pytest.mark.parametrize(
    "pending",
    [
        {"kind": "management_function", "name": "Mevrouw Anders", "function": "rector"},
        {"kind": "asked_answer", "step": "doelen", "typed": "Mevrouw Anders, rector"},
        {"kind": "review", "text": "Mevrouw Anders", "place": "rector", "moments": ["maandag"]},
    ],
)
async def test_both_files_hold_what_is_half_way(person: Person, pending: dict[str, Any]) -> None:
    await person.do(person.services.welcome.greet, "hallo")
    async with person.database.write() as uow:
        talk = await uow.conversations.of(person.channel, person.address)
        await uow.conversations.save(replace(talk, pending=pending))
    maker = DocumentMaker(person.database, person.clock)

    content, page = [await maker.make(kind, talk.person_id) for kind in KINDS]

    assert content
    assert page
    assert json.loads(content)["half_way"] == [{"channel": "telegram", **pending}]
    assert squeezed("Mevrouw Anders") in shown(page)
    assert squeezed("rector") in shown(page)


def test_whatever_is_typed_at_a_desk_is_shown() -> None:
    codes = {"kind", "intent", "shown", "contact_id", "mark", "at", "about", "to", "decision"}
    of_step = {one.name for one in fields(Step)} - {"source"}

    assert of_step - codes <= set(chat_words.TYPED)


@sqlite_only
async def test_earlier_answers_and_skipped_ones_are_named(person: Person) -> None:
    await person.do(person.services.intake.start, "ik wil een plan maken")
    for text in list(PLAN_ANSWERS.values())[:5]:
        await person.answer(text)
    await person.do(person.services.intake.correct, "ik wil mijn titel aanpassen")
    await person.answer("Robots in de zorg")

    text = shown((await files(person))[1])

    assert squeezed("Plan “Robots in de zorg”") in text
    assert squeezed("Eerder, op 22 november 2026") in text
    assert squeezed("Drones in de zorg") in text


@sqlite_only
async def test_person_of_whom_nothing_is_left_gets_a_page_that_says_so(person: Person) -> None:
    page = await DocumentMaker(person.database, person.clock).make(
        DocumentKind.MY_DATA_PDF, "nobody"
    )

    assert page
    assert squeezed("Je berichten Niets.") in shown(page)
    assert squeezed("Waar je halverwege mee bent Niets.") in shown(page)


@sqlite_only
async def test_years_of_messages_are_there_within_a_minute(person: Person) -> None:
    await person.do(person.services.welcome.greet, "hallo")
    async with person.database.write() as uow:
        talk = await uow.conversations.of(person.channel, person.address)
        for number in range(3000):
            text = f"bericht {number}: " + "woorden " * 20
            message = Incoming(Channel.TELEGRAM, "1001", f"old:{number}", Kind.TEXT, text, None)
            row = await uow.inbox.add(talk, message, person.clock.now() - timedelta(days=1))
            assert row
            await uow.turns.say(talk, f"turn:{row}", [Reply(f"antwoord {text}")], turn_id=row)
    began = time.monotonic()

    _, page = await files(person)

    assert time.monotonic() - began < 60
    assert "antwoordbericht2999:" in shown(page)


def test_everything_that_may_be_in_it_has_words() -> None:
    assert set(words._DID) == {action.value for action in Action}
    assert set(words._ROLES) == {role.value for role in Role}
    assert set(words._CHANNELS) == {*(channel.value for channel in Channel), "email"}


@pytest.mark.parametrize("text", ["", " ", "\n\n", "🚁", "x" * 500, "\u05d0\u05d1", "\x00"])
def test_any_text_makes_a_file(text: str) -> None:
    part = words.DataPart(f"Kop {text}", ((text, text),), (words.DataLine(text, text),), text)
    page = words.MyDataPage(words.TITLE, "Gemaakt", words.INTRO, (part,))

    at = SteppingClock().now().replace(microsecond=123456)
    assert render_my_data(page, at).startswith(b"%PDF")
