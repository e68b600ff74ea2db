"""The teacher answers a question about one answer of a plan that was sent, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.chat.presses import press_table
from bot.chat.turn_taker import pressed_choice
from bot.domain.inbox import Kind
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.plan_states import Action
from bot.domain.turn import Choice
from bot.services.review_input import Order
from bot.services.review_ports import DueKind, Version
from bot.storage.database import Database
from bot.storage.tables import answer, outbox
from bot.texts import plan_intake as plan_words
from bot.texts import revision as words
from tests.clocks import SteppingClock
from tests.person import PLAN_ANSWERS, SIX, Person, make_services, write_plan
from tests.reviews import act, actor, add_contacts, handed_over, only_plan

NEW = "40% kiest techniek in 2028; wij tellen elk jaar in februari"
QUESTION = "Hoe meet je dat, en wanneer?"


@dataclass
class Stored:
    """A plan with all that followed its hand-over."""

    plan: Plan
    review: Review
    events: tuple[PlanEvent, ...]
    versions: list[Version]


@pytest.fixture
async def person(database: Database, clock: SteppingClock) -> Person:
    await add_contacts(database, "manager")
    return Person(database, make_services(database, clock), clock)


@pytest.fixture
async def plan(person: Person) -> Plan:
    """A plan that was sent, with a question about the aims."""
    sent = await handed_over(person)
    await ask(person, sent.id)
    return sent


async def ask(person: Person, plan_id: str, step: str = "doelen", text: str = QUESTION) -> None:
    person.clock.step(minutes=1)
    await act(person, actor("manager"), plan_id, Order(Action.ASK, step=step, text=text))


async def press(person: Person, label: str, choice: Choice | None = None) -> str:
    """Press what was shown last, as the worker hands it on; `choice` may be an older button."""
    turn, attempt = await person.arrive(label, Kind.PRESS, pressed=choice)
    async with person.database.write() as uow:
        row = await uow.inbox.get(turn)
        pressed = row.pressed or await pressed_choice(uow, row)
    assert pressed, label
    use_case = press_table(person.services)[pressed.intent]
    person.last = await person.services.runner.run(turn, attempt, use_case)
    return person.said


async def stored(person: Person, plan_id: str) -> Stored:
    async with person.database.read() as uow:
        review = await uow.reviews.get(plan_id)
        assert review
        return Stored(
            await uow.plans.get(plan_id),
            review,
            await uow.reviews.events(plan_id),
            await uow.reviews.versions(plan_id),
        )


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.engine.connect() as connection:
        return list((await connection.execute(table.select().order_by(table.c.id))).all())


async def mails(person: Person, address: str = "regio@assen.example") -> list[dict[str, Any]]:
    return [
        row.payload
        for row in await rows(person.database, outbox)
        if row.channel == "email" and row.address == address
    ]


async def test_press_asks_the_question_with_the_present_answer(person: Person, plan: Plan) -> None:
    said = await press(person, "Antwoord aanpassen")

    assert QUESTION in said
    assert PLAN_ANSWERS["doelen"] in said
    assert "Typ je nieuwe antwoord" in said
    assert person.labels == ["Laat zo staan", "Later"]


async def test_long_answer_is_shown_short(person: Person) -> None:
    await write_plan(person, until="middelen")
    await person.answer("lang " * 400)
    await person.answer("Naam")
    await person.answer("n@school.example")
    await person.do(person.services.hand_over.send, "Versturen")
    sent = await only_plan(person)
    await ask(person, sent.id, "middelen")

    said = await press(person, "Antwoord aanpassen")

    assert said.count("lang") == 120
    assert "…" in said


async def test_typed_answer_does_not_leave_by_itself(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    before = await stored(person, plan.id)

    said = await person.answer(NEW)

    assert NEW in said
    assert "Regio Assen" in said
    assert person.labels == ["Versturen", "Nog niet"]
    assert await stored(person, plan.id) == before


async def test_new_version_changes_one_answer_alone(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    person.clock.step(days=1)

    said = await press(person, "Versturen")

    now = await stored(person, plan.id)
    first, second = (version.summary for version in now.versions)
    assert now.plan.status is PlanStatus.REVISED
    assert now.plan.text("doelen") == NEW
    assert (now.review.version, now.review.waiting_since) == (2, person.clock.now())
    assert [one for one in first if one != "answers" and first[one] != second[one]] == []
    for step, old, new in zip(SIX, first["answers"], second["answers"], strict=True):
        assert new == ({**old, "text": NEW} if step == "doelen" else old)
    assert "Regio Assen" in said
    assert "De rest van je plan is zoals het was" in said


async def test_sent_answer_leaves_an_event_and_a_mail(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    await press(person, "Versturen")

    now = await stored(person, plan.id)
    event = now.events[-1]
    mail = (await mails(person))[-1]
    old = PLAN_ANSWERS["doelen"]
    assert (event.action, event.step, event.text) == (Action.REVISE, "doelen", NEW)
    assert (event.before, event.after) == (PlanStatus.ASKED, PlanStatus.REVISED)
    assert event.data["old"] == old
    assert NEW in mail["paragraphs"][0]
    assert old in mail["paragraphs"][1]
    assert mail["attachments"] == ["plan_pdf", "plan_json"]


async def test_sent_answer_restarts_the_clock_for_the_region(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    person.clock.step(days=10)
    await press(person, "Versturen")

    async with person.database.read() as uow:
        due = await uow.due.of_plan(plan.id)

    assert DueKind.LAPSE not in [row.kind for row in due]
    assert due[0].due_at > person.clock.now()
    assert due[0].contact_id == "manager"


async def test_old_answer_stays_as_history(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    await press(person, "Versturen")

    given = [row for row in await rows(person.database, answer) if row.step == "doelen"]
    assert [(row.text, row.is_current) for row in given] == [
        (PLAN_ANSWERS["doelen"], False),
        (NEW, True),
    ]


async def test_leaving_the_answer_is_an_answer_too(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")

    said = await press(person, "Laat zo staan")

    now = await stored(person, plan.id)
    assert now.plan.status is PlanStatus.REVISED
    assert [version.summary for version in now.versions] == [now.versions[0].summary] * 2
    assert now.events[-1].text == words.REMARK_STAYS
    assert "laat het antwoord zo staan" in (await mails(person))[-1]["paragraphs"][0]
    assert "Er is niets veranderd" in said


async def ask_as_colleague(person: Person, plan: Plan) -> None:
    """Let one ask who does not have the plan, instead of the question that is open."""
    await add_contacts(person.database, "colleague")
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))
    person.clock.step(minutes=1)
    order = Order(Action.ASK, step="doelen", text=QUESTION)
    await act(person, actor("colleague"), plan.id, order)


async def test_who_asked_hears_the_answer_and_who_has_the_plan_too(
    person: Person, plan: Plan
) -> None:
    await ask_as_colleague(person, plan)
    await press(person, "Antwoord aanpassen")
    proposed = await person.answer(NEW)

    said = await press(person, words.SEND)

    (asker,) = await mails(person, "ook@assen.example")
    holder = (await mails(person))[-1]
    assert "versturen naar Stand-in" in proposed
    assert "Stand-in krijgt je nieuwe antwoord" in said
    assert "De docent heeft je vraag bij “Doelen” beantwoord" in asker["paragraphs"][0]
    assert "ligt nu bij Regio Assen" in asker["paragraphs"][-1]
    assert "de vraag van Stand-in bij “Doelen”" in holder["paragraphs"][0]
    assert "je vraag" not in " ".join(holder["paragraphs"])
    async with person.database.read() as uow:
        links = [await uow.links.get(mail["link_id"]) for mail in (asker, holder)]
    assert [link and link.contact_id for link in links] == ["colleague", "manager"]


async def test_one_address_hears_the_answer_once(person: Person, plan: Plan) -> None:
    await ask_as_colleague(person, plan)
    async with person.database.write() as uow:
        (colleague,) = [one for one in await uow.contacts.all() if one.id == "colleague"]
        await uow.contacts.save(replace(colleague, email="Regio@assen.example"))
    before = len(await mails(person))

    await press(person, "Antwoord aanpassen")
    await press(person, "Laat zo staan")

    assert len(await mails(person)) == before + 1
    assert await mails(person, "Regio@assen.example") == []
    assert "De docent las je vraag" in (await mails(person))[-1]["paragraphs"][0]


async def test_who_asked_and_may_not_see_the_plan_any_more_hears_nothing(
    person: Person, plan: Plan
) -> None:
    await ask_as_colleague(person, plan)
    async with person.database.write() as uow:
        (colleague,) = [one for one in await uow.contacts.all() if one.id == "colleague"]
        await uow.contacts.save(replace(colleague, region_id="emmen"))

    await press(person, "Antwoord aanpassen")
    said = await press(person, "Laat zo staan")

    assert await mails(person, "ook@assen.example") == []
    assert "de vraag van Stand-in" in (await mails(person))[-1]["paragraphs"][0]
    assert "Regio Assen hoort" in said


async def test_pressing_send_twice_sends_once(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    send = person.choices[0]
    await press(person, "Versturen")

    await press(person, "", send)

    now = await stored(person, plan.id)
    assert now.review.version == 2
    assert [event.action for event in now.events].count(Action.REVISE) == 1


@pytest.mark.parametrize(("word", "is_sent"), [("ja graag", True), ("nee", False)])
async def test_plain_word_answers_whether_it_may_leave(
    person: Person, plan: Plan, word: str, is_sent: bool
) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)

    await person.answer(word)

    now = await stored(person, plan.id)
    assert (now.plan.text("doelen") == NEW) is is_sent
    assert (now.plan.status is PlanStatus.REVISED) is is_sent


async def test_sending_in_other_words_sends_what_was_shown(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    first = await person.do(person.services.hand_over.send, "verstuur maar")
    await person.answer(NEW)

    await person.do(person.services.hand_over.send, "verstuur maar")

    assert "Typ eerst" in first
    assert (await stored(person, plan.id)).plan.text("doelen") == NEW


async def test_better_answer_takes_the_place_of_the_first(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer("eerste poging")
    said = await person.answer(NEW)
    await press(person, "Versturen")

    assert words.INSTEAD in said
    assert (await stored(person, plan.id)).plan.text("doelen") == NEW


async def test_answer_that_cannot_be_stored_is_refused(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")

    said = await person.answer("x" * 10_001)

    assert "te lang" in said
    assert "Laat zo staan" in person.labels
    assert (await stored(person, plan.id)).plan.status is PlanStatus.ASKED


MOVES = ("back", "skip", "keep", "correct", "overview", "example", "resume", "choose")


@pytest.mark.parametrize("move", MOVES)
async def test_moving_about_keeps_the_one_answer_open(
    person: Person, plan: Plan, move: str
) -> None:
    await press(person, "Antwoord aanpassen")
    before = await stored(person, plan.id)

    said = await person.do(getattr(person.services.intake, move), "iets")

    assert plan_words.NO_PLAN_OPEN not in said
    assert QUESTION in said
    assert person.labels[-2:] == ["Laat zo staan", "Later"]
    assert await stored(person, plan.id) == before


async def test_another_answer_is_for_the_one_who_asked(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")

    said = await person.do(person.services.intake.correct, "ik wil de titel aanpassen")

    assert "Alleen dit antwoord staat open" in said
    assert "contact op met Regio Assen" in said


@pytest.mark.parametrize("move", ["pause", "stop"])
async def test_pausing_keeps_the_question_for_later(person: Person, plan: Plan, move: str) -> None:
    await press(person, "Antwoord aanpassen")

    said = await person.do(getattr(person.services.intake, move), "pauze")
    await press(person, "Antwoord aanpassen")

    assert "alles is bewaard" in said
    assert QUESTION in person.said


async def test_later_lets_nothing_answer_the_question(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await press(person, "Later")

    await person.answer("dit is geen antwoord")

    assert "Antwoord aanpassen" not in person.said
    assert (await stored(person, plan.id)).plan.status is PlanStatus.ASKED


async def test_draft_in_hand_waits_until_it_is_answered(person: Person, plan: Plan) -> None:
    await write_plan(person, until="titel")
    await person.answer("Mijn tweede plan")
    await ask_again_in_push(person, plan)
    await press(person, "", Choice("Antwoord aanpassen", "revise", plan.id))
    await person.answer(NEW)

    said = await press(person, "Versturen")
    await person.do(person.services.intake.resume, plan_words.GO_ON, kind=Kind.PRESS)

    assert "“Mijn tweede plan” staat op pauze" in said
    assert "Welkom terug bij “Mijn tweede plan”" in person.said


async def ask_again_in_push(person: Person, plan: Plan) -> None:
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))
    await ask(person, plan.id)


async def test_question_in_between_comes_back_to_this_one(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")

    said = await person.do(person.services.faq.answer, "wat is sto?", near=("wat-is-sto",))
    await person.answer(NEW)

    assert "Terug naar de vraag over “Doelen" in said
    assert "Versturen" in person.labels


async def test_what_may_be_a_question_can_be_one(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer("wat is sto eigenlijk", near=("wat-is-sto",))
    labels = person.labels

    said = await press(person, "Dit was een vraag")

    assert labels == ["Versturen", "Dit was een vraag"]
    assert "er is niets verstuurd" in said
    assert person.choices[0].value == "wat-is-sto"
    assert (await stored(person, plan.id)).plan.status is PlanStatus.ASKED


async def test_what_was_taken_for_a_question_is_shown_first(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.do(person.services.faq.answer, NEW, near=("wat-is-sto",))

    said = await person.press(person.services.second_thoughts.was_answer, "Dit was mijn antwoord")
    unsent = (await stored(person, plan.id)).plan
    await press(person, "Versturen")

    assert NEW in said
    assert unsent.status is PlanStatus.ASKED
    assert (await stored(person, plan.id)).plan.text("doelen") == NEW


async def test_sent_answer_cannot_be_taken_back(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    await press(person, "Versturen")

    await person.do(person.services.second_thoughts.was_question, "dit was een vraag")

    assert (await stored(person, plan.id)).plan.text("doelen") == NEW


async def test_text_is_said_back_when_the_question_is_gone(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))

    said = await person.answer(NEW)

    now = await stored(person, plan.id)
    assert "Regio Assen heeft de vraag ingetrokken" in said
    assert said.count(NEW) == 1
    assert now.plan.status is PlanStatus.RECEIVED
    assert now.plan.text("doelen") == PLAN_ANSWERS["doelen"]


async def test_answer_that_waits_to_leave_does_not_once_it_is_closed(
    person: Person, plan: Plan
) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))

    said = await press(person, "Versturen")

    assert "heeft de vraag ingetrokken" in said
    assert NEW in said
    assert (await stored(person, plan.id)).review.version == 1


@pytest.mark.parametrize("other", ["doelen", "middelen"])
async def test_answer_never_goes_to_another_question(
    person: Person, plan: Plan, other: str
) -> None:
    await press(person, "Antwoord aanpassen")
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))
    await ask(person, plan.id, other, "Een heel andere vraag?")

    said = await person.answer(NEW)

    assert "Een heel andere vraag?" in said
    assert NEW in said
    assert "Versturen" not in person.labels
    assert (await stored(person, plan.id)).plan.status is PlanStatus.ASKED


async def test_shown_answer_is_not_sent_to_a_later_question(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))
    await ask(person, plan.id, "doelen", "Een heel andere vraag?")

    said = await press(person, "Versturen")

    assert "Een heel andere vraag?" in said
    assert (await stored(person, plan.id)).review.version == 1


async def test_question_that_was_answered_is_closed(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await press(person, "Laat zo staan")

    said = await press(person, "", Choice("Antwoord aanpassen", "revise", plan.id))

    assert "al geantwoord" in said
    assert (await stored(person, plan.id)).review.version == 2


@pytest.mark.parametrize("intent", ["revise", "revise_keep"])
async def test_plan_of_somebody_else_is_out_of_reach(
    person: Person, plan: Plan, intent: str
) -> None:
    stranger = Person(person.database, person.services, person.clock, address="2002")

    said = await press(stranger, "", Choice("Antwoord aanpassen", intent, plan.id))

    assert QUESTION not in said
    assert (await stored(person, plan.id)).plan.status is PlanStatus.ASKED


async def test_answer_typed_by_somebody_else_is_not_sent(person: Person, plan: Plan) -> None:
    stranger = Person(person.database, person.services, person.clock, address="2002")
    turn, _ = await stranger.arrive("niet van jou")
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW)
    value = person.choices[0].value
    assert value
    plan_id, _, question = value.split("|")

    forged = Choice(
        "Versturen", "revise_send", f"{plan_id}|{turn}|{question}", person.choices[0].at
    )
    await press(person, "", forged)

    assert (await stored(person, plan.id)).plan.status is PlanStatus.ASKED


async def test_edited_answer_is_shown_anew_before_it_leaves(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer("met een tikvout", source="77:1")

    said = await person.do(person.services.answers.edit, NEW, kind=Kind.EDIT, source="77:1")
    await press(person, "Versturen")

    assert NEW in said
    assert (await stored(person, plan.id)).plan.text("doelen") == NEW


async def test_edit_of_the_answer_that_is_open_asks_to_type_it(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW, source="77:1")
    await press(person, "Versturen")
    await ask(person, plan.id)

    by_button = await person.do(person.services.answers.edit, "a", kind=Kind.EDIT, source="77:1")
    await press(person, "Antwoord aanpassen")
    typed = await person.do(person.services.answers.edit, "a", kind=Kind.EDIT, source="77:1")

    for said in (by_button, typed):
        assert "al verstuurd" not in said
        assert "contactpersoon" not in said
        assert "dat is genoeg" in said
    assert "Kies “Antwoord aanpassen”" in by_button
    assert QUESTION in typed


async def test_edit_after_sending_says_that_it_left(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    await person.answer(NEW, source="77:1")
    await press(person, "Versturen")

    said = await person.do(person.services.answers.edit, "anders", kind=Kind.EDIT, source="77:1")

    assert "al verstuurd" in said
    assert (await stored(person, plan.id)).plan.text("doelen") == NEW


async def test_buttons_of_the_draft_change_nothing(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")
    at = f"{plan.id}/doelen"

    empty = Choice("Leegmaken", "cmd_skip", "clear", at)
    await person.press_old(person.services.intake.skip, empty)
    await person.press_old(person.services.answers.answer, Choice("x", "plan_answer", "x", at))

    assert (await stored(person, plan.id)).plan.text("doelen") == PLAN_ANSWERS["doelen"]


async def test_greeting_takes_up_what_was_asked(person: Person, plan: Plan) -> None:
    said = await person.do(person.services.welcome.greet, "hallo")

    assert QUESTION in said
    assert "Laat zo staan" in person.labels


async def test_greeting_with_a_draft_tells_of_the_question(person: Person, plan: Plan) -> None:
    await write_plan(person, until="titel")

    said = await person.do(person.services.welcome.greet, "hallo")

    assert "STO-2026-0001" in said
    assert "Antwoord aanpassen" in person.labels
    assert "Welkom terug" in said


async def test_goodbye_offers_the_question_for_later(person: Person, plan: Plan) -> None:
    await press(person, "Antwoord aanpassen")

    await person.do(person.services.welcome.bye, "doei")

    assert person.labels == ["Antwoord aanpassen"]


async def test_plain_reply_to_the_question_is_taken_for_the_answer(
    person: Person, plan: Plan
) -> None:
    said = await person.answer(NEW)

    assert "Dit wordt je nieuwe antwoord bij “Doelen”" in said
    assert (await stored(person, plan.id)).plan.status is PlanStatus.ASKED
    await press(person, words.SEND)
    assert (await stored(person, plan.id)).plan.text("doelen") == NEW


async def test_only_the_first_message_after_the_question_is_a_reply(
    person: Person, plan: Plan, clock: SteppingClock
) -> None:
    clock.step(minutes=1)
    await person.do(person.services.welcome.thanks, "bedankt")

    said = await person.answer("nog iets heel anders")

    assert "Dit wordt je nieuwe antwoord" not in said
    assert (await stored(person, plan.id)).plan.text("doelen") == PLAN_ANSWERS["doelen"]


async def test_reply_while_a_draft_is_open_belongs_to_the_draft(person: Person, plan: Plan) -> None:
    await write_plan(person, until="doelen")
    await ask_again(person, plan)

    said = await person.answer(NEW)

    assert "Vraag 3 van 6" in said
    assert (await stored(person, plan.id)).plan.text("doelen") == PLAN_ANSWERS["doelen"]


async def ask_again(person: Person, plan: Plan) -> None:
    await act(person, actor("manager"), plan.id, Order(Action.TAKE_BACK))
    await ask(person, plan.id)
