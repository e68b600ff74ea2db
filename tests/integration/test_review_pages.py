"""The pages behind a link: reviewing a plan, supporting an idea, confirming an address."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import pairwise

import pytest

from bot.chat.presses import press_table
from bot.domain.access import Link, Purpose
from bot.domain.inbox import Channel
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent, is_overtaken
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.turn import Choice, DocumentKind
from bot.services.review import ReviewDesk
from bot.services.review_input import Order
from bot.storage.database import Database
from bot.texts.links import HIDDEN_WORD
from bot.texts.review_page import NOTHING_NOW, TALK, history_text
from bot.web.review import PDF_FAILED
from tests.clocks import SteppingClock
from tests.desk_pages import HOST, DeskWeb, answered_anew, make_desk, plain
from tests.integration.test_revision_services import press
from tests.person import PLAN_ANSWERS, SIX, Person, write_plan
from tests.reviews import CONTACTS, act, actor, add_contacts, handed_over, only_plan, put_in


@pytest.fixture
def desk(database: Database, clock: SteppingClock) -> DeskWeb:
    return make_desk(database, clock)


@pytest.fixture
def teacher(desk: DeskWeb) -> Person:
    return Person(desk.database, desk.services, desk.clock)


@pytest.fixture
async def plan(desk: DeskWeb, teacher: Person) -> Plan:
    await add_contacts(desk.database, *(name for name in CONTACTS if name != "colleague"))
    plan = await handed_over(teacher)
    await add_contacts(desk.database, "colleague")
    return plan


@pytest.fixture
async def link(desk: DeskWeb, plan: Plan) -> Link:
    return await desk.review_link(plan.id)


async def status_of(desk: DeskWeb, plan: Plan) -> PlanStatus:
    async with desk.database.read() as uow:
        return (await uow.plans.get(plan.id)).status


async def events_of(desk: DeskWeb, plan: Plan) -> tuple[PlanEvent, ...]:
    async with desk.database.read() as uow:
        return await uow.reviews.events(plan.id)


async def last_event(desk: DeskWeb, plan: Plan) -> PlanEvent:
    return (await events_of(desk, plan))[-1]


def problem_of(page: str) -> tuple[str, str, str]:
    """Give what the page says is wrong, the field that it points to, and what is said there."""
    alert = re.search(r'<div class="alert" role="alert">(.*?)</div>', page, re.DOTALL)
    assert alert
    target = re.search(r'href="#([^"]+)"', alert[1])
    assert target
    wrong = re.search(rf'<p class="wrong" id="{target[1]}-wrong">(.*?)</p>', page)
    field = re.search(rf'id="{target[1]}"[^>]*aria-describedby="([^"]*)"[^>]*aria-invalid', page)
    assert wrong
    assert field
    assert f"{target[1]}-wrong" in field[1].split()
    return plain(alert[1]), target[1], plain(wrong[1])


# Reading


async def test_page_says_what_is_asked_first(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        headings = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", browser.page, re.DOTALL)

    levels = [int(level) for level, _ in headings]
    assert plain(headings[0][1]) == PLAN_ANSWERS["titel"]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert plain(headings[1][1]) == "Wat wordt er van je gevraagd?"
    said = browser.said
    assert "Laat weten dat je het plan hebt ontvangen" in said
    assert re.search(r"Doe dit vóór \d+ \w+ 202\d", said)
    for fact in ("Ligt nu bij jou", "School Dr. Nassau", "Regio Assen", "Docent Docent Voorbeeld"):
        assert fact in said
    assert "<dt>Voor</dt>" not in browser.page
    assert 'href="mailto:docent@school.example"' in browser.page
    assert "gemeld door de docent" in said


async def test_every_answer_is_shown_verbatim(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        texts = re.findall(r'<p class="said[^"]*">(.*?)</p>', browser.page, re.DOTALL)

    given = [PLAN_ANSWERS[step] for step in ("idee", "doelgroep", *SIX)]
    assert [unescape(text) for text in (*texts[:2], *texts[3:])] == given
    assert "<b>bezoek</b>" not in browser.page


async def test_open_answers_and_hints_are_listed(desk: DeskWeb, plan: Plan, link: Link) -> None:
    await answered_anew(desk, plan, "doelen", "meer techniek")
    async with desk.database.write() as uow:
        summary = await uow.plans.summary(plan.id)
        assert summary
        answers = [
            {**one, "text": None} if one["key"] == "mijlpalen" else one
            for one in summary["answers"]
        ]
        await uow.reviews.add_version(plan.id, 3, {**summary, "answers": answers}, desk.clock.now())

    async with desk.visitor(link) as browser:
        points = re.search(r'<ul class="points">(.*?)</ul>', browser.page, re.DOTALL)

    assert points
    said = [plain(point) for point in re.findall(r"<li>(.*?)</li>", points[1], re.DOTALL)]
    assert said[0] == "Mijlpalen"
    assert "Doelen: nog geen aantal of percentage genoemd" in said


async def test_versions_show_their_difference(desk: DeskWeb, plan: Plan, link: Link) -> None:
    desk.clock.step(days=1)
    await answered_anew(desk, plan, "doelen", "40% kiest techniek in 2027; nu 18%")

    async with desk.visitor(link) as browser:
        newest = browser.page
        first = (await browser.open("?versie=1")).text
        strange = [(await browser.open(f"?versie={one}")).text for one in ("9", "x", "²", "9" * 99)]

    assert re.findall(r"<del>.*?</span>(.*?)<", newest) == ["30% "]
    assert re.findall(r"<ins>.*?</span>(.*?)<", newest) == ["40% "]
    assert "weggehaald: </span>" in newest
    assert "toegevoegd: </span>" in newest
    assert newest.count("veranderd</span>") == 1
    assert "Versie 2 23 november 2026" in plain(newest)
    assert "<ins>" not in first
    assert 'name="form" value="ask"' not in first
    assert "Dit is een oude versie." in plain(first)
    assert {plain(page) for page in strange} == {plain(newest)}


async def test_history_tells_it_in_plain_words(desk: DeskWeb, teacher: Person, plan: Plan) -> None:
    manager = actor("manager")
    await act(teacher, manager, plan.id, Order(Action.NOTE, text="Past bij pijler 2"))
    await act(teacher, manager, plan.id, Order(Action.ASK, step="doelen", text="Hoe meet je dat?"))
    await act(teacher, manager, plan.id, Order(Action.TAKE_BACK))
    await act(teacher, manager, plan.id, Order(Action.FORWARD, to="colleague", text="Voor jou"))

    async with desk.visitor(await desk.review_link(plan.id, "colleague")) as browser:
        found = re.search(r'<ol class="history">(.*?)</ol>', browser.page, re.DOTALL)

    assert found
    lines = [plain(line) for line in re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL)]
    assert [line.partition("10:00 ")[2] for line in lines] == [
        "Regio Assen: plan doorgestuurd naar Stand-in, programmamanager van de regio"
        " alleen voor beoordelaars Voor jou",
        "Regio Assen: vraag bij “Doelen” ingetrokken",
        "Regio Assen: vraag bij “Doelen” Hoe meet je dat?",
        "Regio Assen: notitie alleen voor beoordelaars Past bij pijler 2",
        "De docent: plan verstuurd",
    ]


async def test_every_action_has_words(desk: DeskWeb, plan: Plan) -> None:
    for action in Action:
        event = PlanEvent(
            plan.id, desk.clock.now(), Role.CLOCK, "x", action, plan.status, plan.status
        )

        assert history_text(event, "Doelen", "iemand", ())


async def test_plan_comes_as_pdf(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        file = await browser.client.get(f"{browser.home}/plan.pdf")
        desk.is_broken = True
        broken = await browser.client.get(f"{browser.home}/plan.pdf")

    assert file.content == b"%PDF-of-" + plan.id.encode()
    assert file.headers["content-type"] == "application/pdf"
    assert 'filename="STO-2026-0001.pdf"' in file.headers["content-disposition"]
    assert desk.made == [(DocumentKind.PLAN_PDF, plan.id)]
    assert broken.status_code == 503
    assert PDF_FAILED in broken.text


# Who sees and may do what


async def test_plan_of_another_region_does_not_exist(desk: DeskWeb, plan: Plan) -> None:
    link = await desk.review_link(plan.id, "other_region")

    async with desk.browser() as browser:
        await browser.client.get(desk.door(link))
        home = f"/toegang/{link.id}"
        pages = [await browser.client.get(path) for path in (home, f"{home}/plan.pdf")]

    assert [page.status_code for page in pages] == [404, 404]
    assert PLAN_ANSWERS["titel"] not in "".join(page.text for page in pages)
    assert desk.made == []


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("manager", {"receive", "ask", "invite", "forward", "note", "decide"}),
        ("at_school", {"receive", "ask", "invite", "forward", "note"}),
        ("operator", {"receive", "forward", "note"}),
    ],
)
async def test_forms_are_those_of_the_role(
    desk: DeskWeb, plan: Plan, who: str, expected: set[str]
) -> None:
    async with desk.visitor(await desk.review_link(plan.id, who)) as browser:
        forms = set(re.findall(r'name="form" value="(\w+)"', browser.page))

    assert forms - {"couple", "overview"} == expected


async def test_operator_is_told_to_enter_a_contact_first(desk: DeskWeb, plan: Plan) -> None:
    link = await desk.review_link(plan.id, "operator")
    async with desk.visitor(link) as browser:
        with_contacts = browser.said
    async with desk.database.write() as uow:
        for contact in await uow.contacts.all():
            await uow.contacts.remove(contact.id)

    async with desk.visitor(link) as browser:
        without = browser.said

    assert "contacts add" not in with_contacts
    assert "Voer eerst een contact in met “wegwijzer contacts add”" in without


async def test_action_of_another_role_is_refused(desk: DeskWeb, plan: Plan) -> None:
    async with desk.visitor(await desk.review_link(plan.id, "at_school")) as browser:
        fields = {**browser.hidden("note"), "form": "decide", "decision": "approve"}
        refused = await browser.client.post(browser.home, data=fields)

    assert refused.status_code == 409
    assert "Dat kan nu niet met dit plan." in plain(refused.text)
    assert await status_of(desk, plan) is PlanStatus.SUBMITTED


async def test_who_does_not_have_the_plan_need_not_act(desk: DeskWeb, plan: Plan) -> None:
    async with desk.visitor(await desk.review_link(plan.id, "colleague")) as browser:
        assert "Dit plan ligt bij Regio Assen, programmamanager van de regio." in browser.said


# Acting


async def test_receiving_is_one_button(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        page = await browser.send("receive")

    assert page.history[0].status_code == 303
    assert str(page.url).endswith(f"/toegang/{link.id}?gedaan=receive")
    assert 'role="status">Dank je wel. De docent weet nu dat je het plan hebt.' in page.text
    assert await status_of(desk, plan) is PlanStatus.RECEIVED
    assert not browser.has_form("receive")


async def test_question_opens_one_answer(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        page = await browser.send("ask", step="doelen", text="  Hoe meet je dat? ")

    event = await last_event(desk, plan)
    assert (event.action, event.step, event.text) == (Action.ASK, "doelen", "Hoe meet je dat?")
    assert "de vraag ligt bij de docent" in plain(page.text)
    assert "De vraag bij Doelen: Hoe meet je dat?" in plain(page.text)
    async with desk.visitor(link) as browser:
        await browser.send("take_back")
    assert await status_of(desk, plan) is PlanStatus.RECEIVED


async def test_link_that_is_pasted_in_a_form_is_not_kept(
    desk: DeskWeb, plan: Plan, link: Link
) -> None:
    word = desk.signer.word(link.id)
    async with desk.visitor(link) as browser:
        page = await browser.send("note", text=f"Lees {HOST}/l/{word}")
        await browser.send("ask", step="doelen", text=f"Hoort {word} hierbij?")

    assert page.status_code == 200
    [noted, asked] = (await events_of(desk, plan))[-2:]
    assert noted.text == f"Lees {HOST}/l/{HIDDEN_WORD}"
    assert asked.text == f"Hoort {HIDDEN_WORD} hierbij?"
    assert word not in repr(await desk.everything())


async def test_link_at_an_answer_fills_the_form_in(desk: DeskWeb, link: Link) -> None:
    async with desk.visitor(link) as browser:
        assert f'href="{browser.home}?bij=doelen#ask"' in browser.page
        page = (await browser.open("?bij=doelen")).text

    assert '<option value="doelen" selected>' in page
    assert page.count('<details class="act" open>') == 1
    assert 'role="alert"' not in page


@pytest.mark.parametrize(
    "typed", ["2026-12-01T15:30", "2026-12-01 15:30", "1 december 15:30", "01-12-2026 15.30"]
)
async def test_moment_is_read_however_it_comes(
    desk: DeskWeb, plan: Plan, link: Link, typed: str
) -> None:
    async with desk.visitor(link) as browser:
        page = await browser.send("invite", moment1="", moment2=typed, place="op school")

    event = await last_event(desk, plan)
    assert event.data["moments"] == ["2026-12-01T15:30:00+01:00"]
    assert event.data["place"] == "op school"
    assert "uitnodiging voor een gesprek: di 1 december, 15:30 (op school)" in plain(page.text)


async def test_passing_on_names_who_is_away(desk: DeskWeb, plan: Plan, link: Link) -> None:
    away = replace(CONTACTS["colleague"], absent_until="2026-12-04", stand_in_id="at_school")
    async with desk.database.write() as uow:
        await uow.contacts.save(away)

    async with desk.visitor(link) as browser:
        offered = re.findall(r'name="to" value="(\w+)">\s*<span>(.*?)</span>', browser.page)
        await browser.send("forward", to="at_school")

    assert [(contact, plain(label)) for contact, label in offered] == [
        ("at_school", "STO-contactpersoon op school, Dr. Nassau College"),
        ("other_school", "STO-contactpersoon op school, Ander College"),
        (
            "colleague",
            "Stand-in, programmamanager van de regio (afwezig tot en met 4 december 2026; "
            "STO-contactpersoon op school, Dr. Nassau College neemt waar)",
        ),
        ("support", "Ondersteuner vanuit STO"),
        ("operator", "Beheerder van de STO-wegwijzer"),
    ]
    async with desk.database.read() as uow:
        review = await uow.reviews.get(plan.id)
    assert review
    assert review.holder_id == "at_school"


async def test_plan_goes_only_to_known_contacts(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        refused = await browser.send("forward", to="other_region", text="Kijk jij even?")

    assert refused.status_code == 422
    assert problem_of(refused.text)[1:] == ("forward-to", "Kies naar wie je het plan doorstuurt.")
    assert "Kijk jij even?</textarea>" in refused.text
    assert await status_of(desk, plan) is PlanStatus.SUBMITTED


async def test_decision_waits_and_can_be_undone(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        page = await browser.send("decide", decision="not_now", text="Het potje is leeg.")
        decided = browser.said
        desk.clock.step(minutes=9)
        undone = await browser.send("undo")

    assert page.status_code == 200
    assert "Besluit: niet nu Het potje is leeg." in decided
    assert "krijgt het om 10:10" in decided
    assert "Ongedaan maken kan tot 10:10." in decided
    assert "ongedaan gemaakt" in plain(undone.text)
    assert await status_of(desk, plan) is PlanStatus.SUBMITTED


async def test_agreed_talk_stays_on_the_page_until_it_is_over(
    desk: DeskWeb, teacher: Person, plan: Plan, link: Link
) -> None:
    moment = desk.clock.now() + timedelta(days=2)
    order = Order(Action.INVITE, moments=(moment,), place="Lokaal 12")
    await act(teacher, actor("manager"), plan.id, order)
    pressed = Choice("", "choose_moment", f"{plan.id}|{moment.isoformat()}")
    await press(teacher, "", pressed)
    await act(teacher, actor("manager"), plan.id, Order(Action.ASK, step="doelen", text="Hoe?"))
    views, pages = desk.services.review_views, []
    for _ in range(2):
        async with desk.database.read() as uow:
            view = await views.view(uow, actor("manager"), plan.id, desk.clock.now())
        pages.append([fact.value for fact in view.facts if fact.label == TALK])
        desk.clock.step(days=2)

    assert pages == [["di 24 november, 10:00, Lokaal 12"], []]


async def test_decision_that_left_stays(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        await browser.send("decide", decision="approve", text="")
        desk.clock.step(minutes=10)
        late = await browser.send("undo")

    assert late.status_code == 409
    assert "Neem zelf contact op met de docent." in plain(late.text)
    assert "op weg naar de docent" in plain(late.text)
    assert not browser.has_form("undo")
    assert await status_of(desk, plan) is PlanStatus.APPROVED


LACKING = [
    ("ask", {"step": "", "text": "Hoe dan?"}, "ask-step", "Kies bij welk antwoord"),
    ("ask", {"step": "naam", "text": "Hoe dan?"}, "ask-step", "Kies bij welk antwoord"),
    ("ask", {"step": "doelen", "text": " . "}, "ask-text", "Schrijf je vraag op"),
    ("ask", {"step": "doelen", "text": "x" * 4001}, "ask-text", "Dat is te lang"),
    ("note", {"text": ""}, "note-text", "Schrijf je notitie op"),
    ("decide", {"text": "Mooi plan"}, "decide-decision", "Kies een besluit"),
    ("decide", {"decision": "undo", "text": "Ha"}, "decide-decision", "Kies een besluit"),
    ("decide", {"decision": "not_now"}, "decide-text", "Schrijf op waarom"),
    ("decide", {"decision": "approve_with_conditions"}, "decide-text", "voorwaarden"),
    ("forward", {"text": "Voor jou"}, "forward-to", "Kies naar wie"),
    ("invite", {"place": "school"}, "invite-moment1", "Noem minstens één moment"),
    ("invite", {"moment1": "straks"}, "invite-moment1", "kan ik niet lezen"),
    ("invite", {"moment2": "2026-12-01"}, "invite-moment2", "kan ik niet lezen"),
    ("invite", {"moment3": "2026-11-21T15:30"}, "invite-moment3", "al voorbij"),
    ("invite", {"moment1": "0001-01-01T00:00"}, "invite-moment1", "al voorbij"),
    ("invite", {"moment1": "9999-12-31T23:59"}, "invite-moment1", "te ver weg"),
    ("invite", {"moment1": "1 dec 15:30", "place": "x" * 4001}, "invite-place", "te lang"),
]


async def test_what_lacks_is_said_at_its_field(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        before = await desk.everything()
        for form, fields, field, sentence in LACKING:
            page = await browser.send(form, **fields)

            alert, target, wrong = problem_of(page.text)
            assert (page.status_code, target) == (422, field)
            assert sentence in wrong
            assert wrong in alert
            opened = rf'<details class="act" open>.*?<form [^>]*id="{form}"'
            assert re.search(opened, page.text, re.DOTALL)
            typed = [text for name, text in fields.items() if name not in ("step", "decision")]
            assert all(text.strip() in page.text for text in typed)
            assert "<title>Niet gelukt" in page.text

    assert await desk.everything() == before


async def test_sent_twice_is_done_once(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        form = {**browser.hidden("note"), "text": "Bel de school"}

        answers = [await browser.client.post(browser.home, data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [event.action for event in await events_of(desk, plan)] == [Action.SUBMIT, Action.NOTE]


async def test_sent_twice_at_once_is_done_once(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        form = {**browser.hidden("decide"), "decision": "approve"}

        answers = await asyncio.gather(
            *(browser.client.post(browser.home, data=form) for _ in range(4))
        )

    assert [answer.status_code for answer in answers] == [303] * 4
    assert [event.action for event in await events_of(desk, plan)] == [
        Action.SUBMIT,
        Action.APPROVE,
    ]


async def test_of_two_deciders_the_first_wins(desk: DeskWeb, plan: Plan, link: Link) -> None:
    other_link = await desk.review_link(plan.id, "colleague")
    async with desk.visitor(link) as one, desk.visitor(other_link) as other:
        forms = [{**who.hidden("decide"), "decision": "approve"} for who in (one, other)]

        answers = await asyncio.gather(
            one.client.post(one.home, data=forms[0]), other.client.post(other.home, data=forms[1])
        )

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(await events_of(desk, plan)) == 2


async def test_second_of_two_people_sees_the_first(
    desk: DeskWeb, teacher: Person, plan: Plan, link: Link
) -> None:
    async with desk.visitor(link) as browser:
        await act(teacher, actor("colleague"), plan.id, Order(Action.RECEIVE))
        page = await browser.send("decide", decision="not_now", text="Het potje is leeg.")

        assert page.status_code == 409
        assert "Er is intussen iets veranderd." in plain(page.text)
        assert "Het potje is leeg.</textarea>" in page.text
        assert re.search(r'value="not_now"\s+checked', page.text)
        assert "Stand-in: plan ontvangen" in plain(page.text)
        assert await status_of(desk, plan) is PlanStatus.RECEIVED
        again = await browser.send("decide", decision="not_now", text="Het potje is leeg.")

    assert again.status_code == 200
    assert await status_of(desk, plan) is PlanStatus.NOT_NOW


async def test_new_version_asks_to_look_again(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        await answered_anew(desk, plan, "doelen", "40% kiest techniek")
        page = await browser.send("decide", decision="approve", text="Mooi!")

    assert page.status_code == 409
    assert "Er is een nieuwe versie. Kijk wat er veranderd is" in plain(page.text)
    assert "<ins>" in page.text
    assert "Mooi!</textarea>" in page.text
    assert await status_of(desk, plan) is PlanStatus.REVISED


async def test_text_survives_when_its_form_is_gone(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        await put_in(desk.database, plan, PlanStatus.WITHDRAWN, desk.clock.now())
        page = await browser.send("ask", step="doelen", text="Een lange vraag")

    assert page.status_code == 409
    assert not browser.has_form("ask")
    assert "readonly>Een lange vraag</textarea>" in page.text


async def test_invitation_survives_when_its_form_is_gone(
    desk: DeskWeb, plan: Plan, link: Link
) -> None:
    fields = {"moment1": "2026-12-01T15:30", "moment2": "2026-12-02T10:00", "place": "Lokaal 12"}

    async with desk.visitor(link) as browser:
        await put_in(desk.database, plan, PlanStatus.WITHDRAWN, desk.clock.now())
        page = await browser.send("invite", text="", **fields)

    assert page.status_code == 409
    assert not browser.has_form("invite")
    assert all(text in page.text for text in fields.values())


async def test_what_was_done_is_said_only_while_it_fits(
    desk: DeskWeb, plan: Plan, link: Link
) -> None:
    said = "Je besluit is genoteerd."

    async with desk.visitor(link) as browser:
        made_up = await browser.open("?gedaan=approve")
        done = await browser.send("decide", decision="approve")
        again = await browser.open("?gedaan=approve")
        await browser.send("undo")
        undone = await browser.open("?gedaan=approve")
        desk.clock.step(minutes=2)
        later = await browser.open("?gedaan=undo")

    assert [said in page.text for page in (made_up, done, again, undone)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert "ongedaan gemaakt. De docent" not in plain(later.text)


async def test_what_another_did_is_not_said_to_be_yours(
    desk: DeskWeb, plan: Plan, link: Link
) -> None:
    async with desk.visitor(link) as browser:
        await browser.send("receive")
    async with desk.visitor(await desk.review_link(plan.id, "colleague")) as browser:
        page = await browser.open("?gedaan=receive")

    assert "Dank je wel." not in plain(page.text)


async def test_place_of_a_talk_is_one_line(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        await browser.send("invite", moment1="2026-12-01T15:30", place="Lokaal 12\r\n\u2028 boven")

    assert (await last_event(desk, plan)).data["place"] == "Lokaal 12 boven"


WITHOUT_MAIL = "De docent gebruikt de webchat en gaf geen e-mailadres"


@pytest.mark.parametrize(
    ("channel", "has_email", "is_later"),
    [
        (Channel.WEB, False, True),
        (Channel.WEB, True, False),
        (Channel.TELEGRAM, False, False),
    ],
)
async def test_page_says_when_the_teacher_reads_later(
    desk: DeskWeb, channel: Channel, has_email: bool, is_later: bool
) -> None:
    await add_contacts(desk.database)
    person = Person(desk.database, desk.services, desk.clock, channel=channel)
    await write_plan(person, until=None if has_email else "email")
    if not has_email:
        await person.do(person.services.intake.skip, "Overslaan")
    await person.do(person.services.hand_over.send, "Versturen")
    plan = await only_plan(person)

    async with desk.visitor(await desk.review_link(plan.id)) as browser:
        before = browser.said
        await browser.send("decide", decision="approve")
        async with desk.database.write() as uow:
            review = await uow.reviews.get(plan.id)
            assert review
            await uow.reviews.save(replace(review, is_released=True))
        await browser.open()

    assert (WITHOUT_MAIL in before) == is_later
    assert ("het besluit staat klaar in de chat" in browser.said) == is_later
    assert ("de docent heeft het besluit gekregen" in browser.said) != is_later


async def test_forged_form_does_nothing(desk: DeskWeb, plan: Plan, link: Link) -> None:
    strange = [{"form": form} for form in ("", "release", "withdraw", "verzonnen")]
    numbers = ("", "x", "-1", "9" * 30, "²")
    unseen = [
        {"form": "decide", field: value} for field in ("seen", "version") for value in numbers
    ]

    async with desk.visitor(link) as browser:
        before = await desk.everything()
        form = {**browser.hidden("note"), "decision": "approve", "text": "een tekst"}
        pages = [
            await browser.client.post(browser.home, data={**form, **forged})
            for forged in strange + unseen
        ]

    assert [page.status_code for page in pages] == [422] * len(strange) + [409] * len(unseen)
    assert all("een tekst</textarea>" in page.text for page in pages)
    assert await desk.everything() == before


async def test_what_fails_gives_the_text_back(
    desk: DeskWeb, plan: Plan, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_given: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(ReviewDesk, "act", broken)
    async with desk.visitor(link) as browser:
        page = await browser.send("note", text="Een lange notitie")

    assert page.status_code == 503
    assert "readonly>Een lange notitie</textarea>" in page.text
    assert "disk full" not in page.text


async def test_markup_is_shown_literally(desk: DeskWeb, plan: Plan, link: Link) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x> {{ 7*7 }}"

    async with desk.visitor(link) as browser:
        await browser.send("note", text=evil)
        page = await browser.send("ask", step=evil, text=evil)
        flashed = await browser.open(f"?gedaan={evil}&versie={evil}&bij={evil}")

    assert "<script" not in page.text + flashed.text
    assert "<img src=x" not in page.text + flashed.text
    assert f"<blockquote>{evil}</blockquote>" in unescape(flashed.text)


# The school's management


@pytest.fixture
async def idea(desk: DeskWeb, teacher: Person) -> Plan:
    """A plan of which two of the six answers are given."""
    await write_plan(teacher, until="activiteiten")
    return await only_plan(teacher)


@pytest.fixture
async def support_link(desk: DeskWeb, idea: Plan) -> Link:
    return await desk.link(Purpose.MANAGEMENT, idea.id, email="leiding@nassau.example")


async def test_idea_is_read_at_a_glance(desk: DeskWeb, idea: Plan, support_link: Link) -> None:
    async with desk.visitor(support_link) as browser:
        top = browser.said.partition("Lees verder")[0]

    assert PLAN_ANSWERS["titel"] in top
    assert "Wat als leerlingen Z&W zelf drones bouwen?" in top
    assert "Wat wordt er van je gevraagd?" in top
    assert len(top.split()) < 200
    for step in ("idee", "doelgroep", "regiovisie", "doelen"):
        assert f'name="remark-{step}"' in browser.page
    assert 'name="remark-mijlpalen"' not in browser.page
    assert "Nog open: Activiteiten, Mijlpalen, Samenwerking, Middelen" in browser.said


async def test_management_speaks_and_changes_its_mind(
    desk: DeskWeb, idea: Plan, support_link: Link
) -> None:
    who = {"name": "M. Voorbeeld", "function": "teamleider"}

    async with desk.visitor(support_link) as browser:
        returned = await browser.send(
            "verdict", verdict="return", text="Mooi begin.",
            **{"remark-doelen": "Hoeveel leerlingen?", "remark-idee": " "}, **who,
        )  # fmt: skip
        first = browser.said
        kept = re.findall(r'name="(name|function)"[^>]*value="([^"]*)"', browser.page)
        await browser.send("verdict", verdict="endorse", **who)

    events = [event for event in await events_of(desk, idea) if event.role is Role.MANAGEMENT]
    assert returned.history[0].status_code == 303
    assert "De docent hoort het meteen." in first
    assert "M. Voorbeeld (teamleider) gaf het idee terug met opmerkingen" in first
    assert "Denk je er nu anders over?" in first
    assert dict(kept) == who
    assert [event.action for event in events] == [Action.RETURN, Action.ENDORSE]
    assert events[0].data["remarks"] == {"doelen": "Hoeveel leerlingen?"}
    assert "steunt het idee" in browser.said


@pytest.mark.parametrize("verdict", ["endorse", "return", "decline"])
async def test_region_reads_verdict_but_not_what_was_written(
    desk: DeskWeb, teacher: Person, idea: Plan, support_link: Link, verdict: str
) -> None:
    async with desk.visitor(support_link) as browser:
        await browser.send(
            "verdict", verdict=verdict, text="Alleen voor jou.", name="M. Voorbeeld", function="d"
        )
    await add_contacts(desk.database, "manager")
    for step in list(PLAN_ANSWERS)[list(PLAN_ANSWERS).index("activiteiten") :]:
        await teacher.answer(PLAN_ANSWERS[step])
    await teacher.do(teacher.services.hand_over.send, "Versturen")

    async with desk.visitor(await desk.review_link(idea.id)) as browser:
        said = browser.said

    assert "M. Voorbeeld (d)" in said
    assert "Alleen voor jou." not in said


SILENT = [
    ({"name": "M", "function": "directeur"}, "verdict"),
    ({"verdict": "submit", "name": "M", "function": "directeur"}, "verdict"),
    ({"verdict": "endorse", "name": "", "function": "directeur"}, "name"),
    ({"verdict": "endorse", "name": "M" * 300, "function": "d"}, "name"),
    ({"verdict": "endorse", "name": "M", "function": " "}, "function"),
    ({"verdict": "decline", "name": "M", "function": "directeur"}, "text"),
    ({"verdict": "return", "name": "M", "function": "directeur"}, "text"),
    (
        {"verdict": "return", "name": "M", "function": "d", "remark-doelen": "x" * 4001},
        "remark-doelen",
    ),
]


async def test_management_hears_what_lacks(desk: DeskWeb, idea: Plan, support_link: Link) -> None:
    async with desk.visitor(support_link) as browser:
        before = await desk.everything()
        for fields, field in SILENT:
            page = await browser.send("verdict", **fields)

            assert (page.status_code, problem_of(page.text)[1]) == (422, f"verdict-{field}")
            typed = [text for name, text in fields.items() if name != "verdict"]
            assert all(text in page.text for text in typed)

    assert await desk.everything() == before


async def test_management_is_closed_after_hand_over(
    desk: DeskWeb, teacher: Person, plan: Plan
) -> None:
    link = await desk.link(Purpose.MANAGEMENT, plan.id)

    async with desk.visitor(link) as browser:
        said = browser.said
        reviewed = await browser.client.get(f"{browser.home}/plan.pdf")

    assert not browser.has_form("verdict")
    assert "al naar de regio verstuurd, met nummer STO-2026-0001" in said
    assert reviewed.status_code == 404


async def test_management_too_late_hears_so(
    desk: DeskWeb, teacher: Person, idea: Plan, support_link: Link
) -> None:
    async with desk.visitor(support_link) as browser:
        async with desk.database.write() as uow:
            await uow.plans.move(
                replace(idea, status=PlanStatus.SUBMITTED, reference="STO-2026-0009"),
                desk.clock.now(),
            )
        page = await browser.send(
            "verdict", verdict="endorse", name="M", function="d", text="Goed idee"
        )

    assert page.status_code == 409
    assert "Goed idee" in page.text


async def test_management_too_late_keeps_its_remarks(
    desk: DeskWeb, idea: Plan, support_link: Link
) -> None:
    typed = {"remark-doelen": "Hoeveel leerlingen?", "remark-idee": "Mooi", "name": "M. Voorbeeld"}

    async with desk.visitor(support_link) as browser:
        async with desk.database.write() as uow:
            await uow.plans.move(
                replace(idea, status=PlanStatus.SUBMITTED, reference="STO-2026-0009"),
                desk.clock.now(),
            )
        page = await browser.send("verdict", verdict="return", function="d", **typed)

    assert page.status_code == 409
    assert not browser.has_form("verdict")
    assert all(text in page.text for text in typed.values())


async def test_management_is_thanked_only_for_what_it_said(
    desk: DeskWeb, idea: Plan, support_link: Link
) -> None:
    async with desk.visitor(support_link) as browser:
        made_up = await browser.open("?gedaan=endorse")
        said = await browser.send("verdict", verdict="endorse", name="M", function="d")
        desk.clock.step(minutes=2)
        later = await browser.open("?gedaan=endorse")

    assert ["Dank je wel." in page.text for page in (made_up, said, later)] == [False, True, False]


async def test_support_is_for_the_idea_that_was_on_the_page(
    desk: DeskWeb, teacher: Person, idea: Plan, support_link: Link
) -> None:
    async with desk.visitor(support_link) as browser:
        change = Choice("Verander: Het idee", "management_change", f"{idea.id}|idee")
        await teacher.press_old(press_table(desk.services)[change.intent], change)
        await teacher.answer("Iets heel anders")
        await browser.send("verdict", verdict="endorse", name="M", function="d")

    async with desk.database.read() as uow:
        plan = await uow.plans.get(idea.id)
    (event,) = [one for one in await events_of(desk, idea) if one.role is Role.MANAGEMENT]
    assert is_overtaken(event, plan)


# A contact's own entry


async def contact_now(desk: DeskWeb, name: str = "at_school") -> object:
    async with desk.database.read() as uow:
        return next(one for one in await uow.contacts.all() if one.id == name)


async def test_entry_is_confirmed_by_one_button(desk: DeskWeb, plan: Plan) -> None:
    desk.clock.moment = desk.clock.moment.replace(hour=23, minute=30)
    link = await desk.link(Purpose.CONFIRM, contact="at_school")

    async with desk.visitor(link) as browser:
        shown = browser.said
        before = await contact_now(desk)
        page = await browser.send("right")

    assert "STO-contactpersoon op school" in shown
    assert "Regio Assen" in shown
    assert "School Dr. Nassau College" in shown
    assert "E-mail sto@nassau.example" in shown
    assert before == CONTACTS["at_school"]
    assert await contact_now(desk) == replace(CONTACTS["at_school"], checked_on="2026-11-23")
    assert "Nagekeken 23 november 2026" in plain(page.text)
    assert "Dank je wel." in plain(page.text)


async def test_wrong_entry_is_told_to_the_operator(desk: DeskWeb, plan: Plan) -> None:
    link = await desk.link(Purpose.CONFIRM, contact="at_school")
    await desk.mails()

    async with desk.visitor(link) as browser:
        empty = await browser.send("wrong", text=" ")
        form = {**browser.hidden("wrong"), "text": "Ik werk hier niet meer"}
        answers = [await browser.client.post(browser.home, data=form) for _ in range(2)]

    mails = await desk.mails()
    assert empty.status_code == 422
    assert problem_of(empty.text)[1] == "wrong-text"
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [address for address, _ in mails] == ["beheer@example.org"]
    assert "zegt dat het niet klopt" in mails[0][1]
    assert await contact_now(desk) == CONTACTS["at_school"]


async def test_operator_has_no_entry(desk: DeskWeb, plan: Plan) -> None:
    link = await desk.link(Purpose.CONFIRM, contact="operator", email="beheer@example.org")

    async with desk.browser() as browser:
        await browser.client.get(desk.door(link))
        page = await browser.client.get(f"/toegang/{link.id}")

    assert page.status_code == 404


# Telegram


async def test_coupling_link_is_shown_once_asked(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        page = await browser.send("couple", "/telegram")

    (word,) = set(re.findall(r"https://t\.me/sto_test_bot\?start=l([A-Za-z0-9_-]{54})", page.text))
    async with desk.database.read() as uow:
        couple = await desk.book.read(uow, word)
    assert page.status_code == 200
    assert couple
    assert (couple.purpose, couple.contact_id) == (Purpose.COUPLE, "manager")


async def test_coupled_contact_can_uncouple(
    desk: DeskWeb, teacher: Person, plan: Plan, link: Link
) -> None:
    async with desk.database.write() as uow:
        talk = await uow.conversations.find(teacher.channel, teacher.address)
        assert talk
        await uow.contacts.save(replace(CONTACTS["manager"], conversation_id=talk.id))

    async with desk.visitor(link) as browser:
        fields = {**browser.hidden("uncouple"), "form": "couple"}
        twice = await browser.client.post(f"{browser.home}/telegram", data=fields)
        await browser.send("uncouple", "/telegram")

    assert twice.status_code == 409
    assert await contact_now(desk, "manager") == CONTACTS["manager"]
    assert browser.has_form("couple")


async def test_mail_about_coupling_leads_to_uncoupling(
    desk: DeskWeb, teacher: Person, plan: Plan
) -> None:
    async with desk.database.write() as uow:
        talk = await uow.conversations.find(teacher.channel, teacher.address)
        assert talk
        await uow.contacts.save(replace(CONTACTS["manager"], conversation_id=talk.id))
    link = await desk.link(Purpose.CONFIRM, contact="manager")

    async with desk.visitor(link) as browser:
        await browser.send("uncouple", "/telegram")

    assert await contact_now(desk, "manager") == CONTACTS["manager"]
    assert browser.has_form("couple")


async def test_without_a_bot_nothing_is_coupled(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.visitor(link) as browser:
        fields = browser.hidden("couple")
        desk.book.addresses.bot_name = None
        page = await browser.open()
        refused = await browser.client.post(f"{browser.home}/telegram", data=fields)

    assert "Telegram" not in page.text
    assert refused.status_code == 409


async def test_coupling_is_not_for_management(desk: DeskWeb, support_link: Link) -> None:
    async with desk.visitor(support_link) as browser:
        fields = {**browser.hidden("verdict"), "form": "couple"}
        page = await browser.client.post(f"{browser.home}/telegram", data=fields)

    assert page.status_code == 404


async def test_decision_that_can_be_undone_is_hidden_from_who_does_not_decide(
    desk: DeskWeb, plan: Plan, link: Link
) -> None:
    at_school = await desk.review_link(plan.id, "at_school")
    async with desk.visitor(link) as manager:
        await manager.send("decide", decision="not_now", text="Nu even niet.")
        own = manager.said
    async with desk.visitor(at_school) as contact:
        other = contact.page

    assert "Nu even niet." in own
    assert "Nu even niet." not in other
    assert "niet nu" not in other.lower()
    assert "ontvangen" in other.lower()


async def test_undone_decision_stays_hidden_and_others_go_on(
    desk: DeskWeb, teacher: Person, plan: Plan
) -> None:
    """What the school does next is held against all that happened, also what it does not see."""
    await act(teacher, actor("manager"), plan.id, Order(Action.NOT_NOW, text="Nu even niet."))
    await act(teacher, actor("manager"), plan.id, Order(Action.UNDO))
    async with desk.visitor(await desk.review_link(plan.id)) as manager:
        own = manager.said
    async with desk.visitor(await desk.review_link(plan.id, "at_school")) as contact:
        other = contact.said
        asked = await contact.send("ask", step="doelen", text="Hoe meet je dat?")

    assert "Nu even niet." in own
    assert "ongedaan gemaakt" in own
    assert "Nu even niet." not in other
    assert "besluit" not in other.lower()
    assert asked.status_code == 200
    assert (await last_event(desk, plan)).action is Action.ASK


async def test_held_back_decision_leaves_nothing_to_do_but_a_note(
    desk: DeskWeb, teacher: Person, plan: Plan
) -> None:
    await act(teacher, actor("manager"), plan.id, Order(Action.FORWARD, to="at_school"))
    await act(teacher, actor("manager"), plan.id, Order(Action.APPROVE))

    async with desk.visitor(await desk.review_link(plan.id, "at_school")) as contact:
        assert NOTHING_NOW in contact.said
        assert "kies wat je" not in contact.said
        noted = await contact.send("note", text="Bel eerst de school.")

    assert noted.status_code == 200
    assert (await last_event(desk, plan)).action is Action.NOTE
