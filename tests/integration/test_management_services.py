"""The school's management is asked, answers, and the teacher hears it, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Table, select

from bot.chat.commands import command_table
from bot.chat.presses import press_table
from bot.domain.access import Link, Purpose, link_mark
from bot.domain.errors import BadInputError, NotAllowedError, NotFoundError
from bot.domain.inbox import Channel, Kind
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, idea_mark
from bot.domain.plan_states import Action
from bot.domain.roles import Actor, Role
from bot.domain.summary import PlanSummary
from bot.domain.turn import Choice
from bot.services.access import Visit
from bot.services.management_input import Verdict
from bot.services.management_request import NUDGE_AFTER, Mailed
from bot.services.management_view import ManagementView
from bot.services.review_ports import DueKind
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.review_tables import due, link, plan_event
from bot.storage.tables import conversation, outbox
from bot.texts import management as words
from bot.texts.conversation import YES_DELETE
from bot.texts.plan_intake import GO_ON
from bot.texts.summary import summary_text
from tests.clocks import SteppingClock
from tests.person import PLAN_ANSWERS, Person, make_services, write_plan

BOSS = "directie@school.example"
ENDORSE = Verdict(Action.ENDORSE, "Mevrouw X", "teamleider onderbouw")
RETURN = Verdict(
    Action.RETURN, "Mevrouw X", "teamleider", "Bijna goed.", {"idee": "Noem de kosten apart."}
)
DECLINE = Verdict(Action.DECLINE, "Meneer Y", "directeur", "Geen uren dit jaar.")


@dataclass
class School:
    """A teacher in the middle of a plan, and the management that is asked about it."""

    database: Database
    services: UseCases
    clock: SteppingClock
    teacher: Person

    async def plan(self) -> Plan:
        async with self.database.read() as uow:
            talk = await uow.conversations.find(self.teacher.channel, self.teacher.address)
            assert talk
            return (await uow.plans.of(talk.person_id))[0]

    async def link(self, email: str | None = None) -> Link:
        plan = await self.plan()
        async with self.database.write() as uow:
            book = self.services.book
            return await book.give(
                uow, self.clock.now(), Purpose.MANAGEMENT, plan_id=plan.id, email=email
            )

    async def visit(self, email: str | None = None) -> Visit:
        given = await self.link(email)
        async with self.database.read() as uow:
            visit = await self.services.access.visit(uow, given.id, self.clock.now())
        assert visit
        return visit

    async def say(self, verdict: Verdict, email: str | None = None) -> PlanEvent | None:
        visit = await self.visit(email)
        async with self.database.write() as uow:
            return await self.services.management.say(uow, visit, verdict, self.clock.now())

    async def view(self, actor: Actor | None = None) -> ManagementView:
        actor = actor or (await self.visit()).actor
        async with self.database.read() as uow:
            return await self.services.management.view(uow, actor, self.clock.now())

    async def nudge(self) -> None:
        plan = await self.plan()
        async with self.database.write() as uow:
            await self.services.support_requests.nudge(uow, plan.id, self.clock.now())

    async def press(self, person: Person, label: str) -> str:
        """Press a button that was shown last, or was pushed since."""
        async with self.database.read() as uow:
            talk = await uow.conversations.find(person.channel, person.address)
            assert talk
            shown = [c for c in await uow.inbox.last_choices(talk.id) if c.label == label]
        assert shown, label
        return await person.press_old(press_table(self.services)[shown[-1].intent], shown[-1])

    async def press_choice(self, choice: Choice) -> str:
        """Let the teacher press a button that an earlier message had."""
        return await self.teacher.press_old(press_table(self.services)[choice.intent], choice)

    async def type(self, person: Person, text: str) -> str:
        return await person.do(self.services.desk_chat.typed, text)

    async def send(self) -> None:
        await self.teacher.do(self.services.hand_over.send, "Versturen")

    async def delete_all(self) -> None:
        """Delete everything of the teacher, as /verwijder does."""
        await self.teacher.do(self.services.privacy.ask_delete)
        await self.teacher.press(self.services.privacy.delete, YES_DELETE)

    async def plan_summary(self) -> dict[str, Any]:
        plan = await self.plan()
        async with self.database.read() as uow:
            return await uow.plans.summary(plan.id) or {}

    async def rows(self, table: Table, **where: Any) -> list[Any]:
        query = select(table).filter_by(**where)
        if "id" in table.c:
            query = query.order_by(table.c.id)
        async with self.database.engine.connect() as connection:
            return list((await connection.execute(query)).all())

    async def mails(self) -> list[Any]:
        rows = await self.rows(outbox, channel="email")
        return [row for row in rows if row.payload["kind"] == "notice"]

    async def pushed(self) -> list[str]:
        """Give what the teacher was told unasked."""
        rows = await self.rows(outbox, address=self.teacher.address)
        return [row.payload["text"] for row in rows if row.key.startswith("event:")]


@pytest.fixture
async def school(database: Database, clock: SteppingClock) -> School:
    services = make_services(database, clock)
    return School(database, services, clock, Person(database, services, clock))


@pytest.fixture
async def writing(school: School) -> School:
    """The teacher is at the first question of the plan; the management was not asked yet."""
    await write_plan(school.teacher, until="management")
    await school.teacher.answer("nee, nog niet")
    return school


def boss_in_chat(school: School) -> Person:
    return Person(school.database, school.services, school.clock, address="2002")


# What the teacher does.


@pytest.mark.parametrize("answer", ["nee, nog niet", "Ja, maar nog geen besluit"])
async def test_offer_comes_before_the_next_question(school: School, answer: str) -> None:
    await write_plan(school.teacher, until="management")

    await school.teacher.answer(answer)

    assert school.teacher.last[0].text == words.OFFER
    assert [choice.label for choice in school.teacher.last[0].choices] == [
        words.FORWARD,
        words.MAIL,
    ]
    assert len(school.teacher.last) == 2


@pytest.mark.parametrize("answer", ["Ja, ze steunen het", "Nee, ze steunen het niet"])
async def test_who_has_an_answer_is_offered_nothing(school: School, answer: str) -> None:
    await write_plan(school.teacher, until="management")

    await school.teacher.answer(answer)

    assert words.OFFER not in school.teacher.said


async def test_writing_goes_on_after_the_offer(writing: School) -> None:
    said = await writing.teacher.answer("Past bij de regiovisie")

    assert "Vraag 2 van 6" in said
    assert (await writing.plan()).text("regiovisie") == "Past bij de regiovisie"


async def test_message_to_forward_stands_alone(writing: School) -> None:
    await writing.press(writing.teacher, words.FORWARD)

    message, after = writing.teacher.last
    given = (await writing.rows(link))[0]
    assert (given.purpose, given.email) == ("management", None)
    assert link_mark(given.id) in message.text
    assert PLAN_ANSWERS["titel"] in message.text
    assert message.choices == ()
    assert "vraag 1 van 6" in after.text
    assert "Vraag 2 van 6" in await writing.teacher.answer("Past bij de regiovisie")


async def test_mail_goes_to_the_address_that_is_typed(writing: School) -> None:
    asked = await writing.press(writing.teacher, words.MAIL)
    said = await writing.type(writing.teacher, "naar Directie@School.example graag")

    mails = await writing.mails()
    given = (await writing.rows(link))[0]
    assert asked == words.WHICH_ADDRESS
    assert [mail.address for mail in mails] == [BOSS]
    assert given.email == BOSS
    assert mails[0].payload["link_id"] == given.id
    subject = "Lees het idee “Drones in de zorg” en zeg of je het steunt"
    assert mails[0].payload["subject"] == subject
    assert "Dr. Nassau College" in mails[0].payload["paragraphs"][0]
    assert "Wat als leerlingen" in mails[0].payload["paragraphs"][1]
    assert BOSS in said
    assert "vraag 1 van 6" in said
    assert "Vraag 2 van 6" in await writing.teacher.answer("Past bij de regiovisie")


async def test_answer_to_the_mail_goes_to_the_teacher(school: School) -> None:
    await write_plan(school.teacher)
    plan = await school.plan()

    async with school.database.write() as uow:
        await school.services.support_requests.mail(uow, plan, BOSS, school.clock.now())

    payload = (await school.mails())[0].payload
    assert payload["reply_to"] == PLAN_ANSWERS["email"]
    assert payload["paragraphs"][0].startswith(PLAN_ANSWERS["naam"])


async def test_text_that_is_no_address_is_asked_again(writing: School) -> None:
    await writing.press(writing.teacher, words.MAIL)

    said = await writing.type(writing.teacher, "directie@school")

    assert said == words.NOT_AN_ADDRESS
    assert await writing.mails() == []
    await writing.type(writing.teacher, BOSS)
    assert len(await writing.mails()) == 1


@pytest.mark.parametrize("typed", ["stop", "Laat maar", "terug"])
async def test_address_can_be_left(writing: School, typed: str) -> None:
    await writing.press(writing.teacher, words.MAIL)

    said = await writing.type(writing.teacher, typed)

    assert words.LEFT in said
    assert "vraag 1 van 6" in said
    assert await writing.mails() == []
    assert (await writing.plan()).is_open


async def test_button_leaves_the_address_too(writing: School) -> None:
    await writing.press(writing.teacher, words.MAIL)

    assert words.LEFT in await writing.press(writing.teacher, words.LEAVE)


async def test_own_address_is_no_management(school: School) -> None:
    await write_plan(school.teacher)
    await school.press(school.teacher, words.ASK_SUPPORT)
    await school.press(school.teacher, words.MAIL)

    assert await school.type(school.teacher, PLAN_ANSWERS["email"]) == words.OWN_ADDRESS
    assert await school.mails() == []


async def test_same_address_gets_one_mail_until_there_is_an_answer(writing: School) -> None:
    mailed = [await _mail(writing, BOSS) for _ in range(2)]
    writing.clock.step(hours=1)
    await writing.say(RETURN, BOSS)

    mailed += [await _mail(writing, BOSS) for _ in range(2)]

    before = Mailed.ASKED_BEFORE
    assert mailed == [Mailed.ASKED, before, Mailed.ASKED_AGAIN, before]
    assert [mail.address for mail in await writing.mails()] == [BOSS, BOSS]


async def test_plan_asks_at_most_three_addresses(writing: School) -> None:
    mailed = [await _mail(writing, f"d{number}@school.example") for number in range(4)]
    writing.clock.step(days=2)

    late = await _mail(writing, "d9@school.example")

    assert mailed == [Mailed.ASKED] * 3 + [Mailed.TOO_MANY_FOR_PLAN]
    assert late is Mailed.TOO_MANY_FOR_PLAN
    assert len(await writing.mails()) == 3


async def test_teacher_asks_at_most_five_addresses_a_day(writing: School) -> None:
    for number in range(3):
        await _mail(writing, f"a{number}@school.example")
    await _second_plan(writing)

    mailed = [await _mail(writing, f"b{number}@school.example") for number in range(3)]
    writing.clock.step(days=1, minutes=1)
    later = await _mail(writing, "b9@school.example")

    assert mailed == [Mailed.ASKED, Mailed.ASKED, Mailed.TOO_MANY_TODAY]
    assert later is Mailed.ASKED


async def test_command_offers_support_in_the_middle_of_a_plan(writing: School) -> None:
    said = await writing.teacher.do(
        command_table(writing.services)["steun"], "steun", kind=Kind.COMMAND
    )

    assert words.OFFER in said
    assert "vraag 1 van 6" in said


async def test_command_without_plan_says_so(school: School) -> None:
    said = await school.teacher.do(school.services.ask_support.offer, "steun", kind=Kind.COMMAND)

    assert words.NOTHING_TO_ASK in said


async def test_support_needs_an_idea(school: School) -> None:
    await write_plan(school.teacher, until="idee")

    said = await school.teacher.do(school.services.ask_support.offer, "steun", kind=Kind.COMMAND)

    assert words.NEEDS_IDEA in said
    assert words.FORWARD not in school.teacher.labels


async def test_support_cannot_be_asked_after_sending(school: School) -> None:
    await write_plan(school.teacher)
    await school.send()

    said = await school.teacher.do(school.services.ask_support.offer, "steun", kind=Kind.COMMAND)

    assert "al verstuurd" in said
    assert "STO-2026-0001" in said


async def test_nobody_asks_support_for_another_persons_plan(writing: School) -> None:
    plan = await writing.plan()
    stranger = Person(writing.database, writing.services, writing.clock, address="3003")
    table = press_table(writing.services)

    for intent in ("offer", "forward", "mail", "stop", "change"):
        pressed = Choice("x", f"management_{intent}", f"{plan.id}")
        await stranger.press_old(table[pressed.intent], pressed)
        assert words.NOTHING_TO_ASK in stranger.said

    assert await writing.rows(link) == []
    assert await writing.plan() == plan


async def test_read_back_offers_support_until_it_is_confirmed(school: School) -> None:
    await write_plan(school.teacher)
    before = list(school.teacher.labels)
    await school.say(ENDORSE, BOSS)

    await school.teacher.do(school.services.intake.resume)

    assert words.ASK_SUPPORT in before
    assert words.ASK_SUPPORT not in school.teacher.labels
    assert "bevestigd op 22 november 2026" in school.teacher.said


@pytest.mark.parametrize(
    ("step", "is_overtaken"), [("idee", True), ("titel", True), ("doelen", False)]
)
async def test_support_is_for_the_idea_as_it_was(
    school: School, step: str, is_overtaken: bool
) -> None:
    await write_plan(school.teacher)
    await school.say(ENDORSE, BOSS)
    plan = await school.plan()

    await school.press_choice(Choice("x", "management_change", f"{plan.id}|{step}"))
    await school.teacher.answer("Iets heel anders")
    await school.teacher.do(school.services.intake.resume)
    offered = list(school.teacher.labels)
    read_back = school.teacher.said
    await school.teacher.do(school.services.ask_support.offer, "steun", kind=Kind.COMMAND)
    told = school.teacher.said
    await school.send()

    word = PlanSummary.from_dict(await school.plan_summary()).management
    assert word
    assert word.is_overtaken is is_overtaken
    assert ("; daarna is het idee veranderd" in read_back) is is_overtaken
    assert (words.ASK_SUPPORT in offered) is is_overtaken
    assert ("steunt je idee al" in told) is not is_overtaken


# What the management does.


async def test_view_shows_what_matters(writing: School) -> None:
    view = await writing.view()

    assert view.title == PLAN_ANSWERS["titel"]
    assert view.school == "Dr. Nassau College"
    assert view.region == "Assen"
    assert len(view.asked) == 3
    assert [answer.key for answer in view.answers] == ["idee", "doelgroep", "vorm"]
    assert view.answers[0].text == PLAN_ANSWERS["idee"]
    assert "Doelen" in view.still_open
    assert (view.word, view.closed, view.reference) == (None, None, None)
    assert view.may_change


async def test_link_opens_no_other_plan(writing: School) -> None:
    with pytest.raises(NotFoundError):
        await writing.view(Actor(Role.MANAGEMENT, plan_id="another"))
    with pytest.raises(NotFoundError):
        await writing.view(Actor(Role.MANAGEMENT))


@pytest.mark.parametrize(
    ("verdict", "email", "via"), [(ENDORSE, BOSS, "mail"), (DECLINE, None, "link")]
)
async def test_word_is_stored_and_told_at_once(
    writing: School, verdict: Verdict, email: str | None, via: str
) -> None:
    before = await writing.plan()

    event = await writing.say(verdict, email)

    assert event
    stored = (await writing.rows(plan_event))[-1]
    given = (await writing.rows(link))[-1]
    assert stored.action == verdict.action.value
    assert stored.name == f"{verdict.name} ({verdict.function})"
    assert stored.data == {
        "name": verdict.name,
        "function": verdict.function,
        "via": via,
        "remarks": {},
        "link_id": given.id,
        "seen": idea_mark(before),
    }
    assert (stored.before, stored.after) == ("draft", "draft")
    assert await writing.plan() == before
    pushed = await writing.pushed()
    assert len(pushed) == 1
    assert pushed[0].startswith(f"{verdict.name} ({verdict.function})")
    assert verdict.text in pushed[0]


async def test_push_leaves_the_open_question_open(writing: School) -> None:
    before = (await writing.rows(conversation))[0]

    await writing.say(RETURN)

    assert (await writing.rows(conversation))[0] == before
    # The buttons of the question can still be typed, too.
    async with writing.database.read() as uow:
        labels = [choice.label for choice in await uow.inbox.last_choices(before.id)]
    assert "Overslaan" in labels
    assert "Vraag 2 van 6" in await writing.teacher.answer("Past bij de regiovisie")
    assert (await writing.plan()).text("regiovisie") == "Past bij de regiovisie"


async def test_push_leaves_what_waits_at_the_desk(writing: School) -> None:
    await writing.press(writing.teacher, words.MAIL)
    await writing.say(ENDORSE)

    await writing.type(writing.teacher, BOSS)

    assert [mail.address for mail in await writing.mails()] == [BOSS]


async def test_remark_opens_the_answer_it_is_about(writing: School) -> None:
    await writing.say(RETURN)

    said = await writing.press(writing.teacher, "Verander: Het idee")

    assert PLAN_ANSWERS["idee"] in said
    assert (await writing.plan()).open_step == "idee"
    assert "Vraag 1 van 6" in await writing.teacher.answer("Een beter idee, kosten 4000 euro")


async def test_remark_opens_the_answer_of_a_plan_on_pause(writing: School) -> None:
    await writing.teacher.do(writing.services.intake.pause)
    await writing.say(RETURN)

    await writing.press(writing.teacher, "Verander: Het idee")
    await writing.teacher.answer("Een beter idee")

    assert (await writing.plan()).text("idee") == "Een beter idee"


async def test_teacher_can_go_on_ask_again_or_stop(writing: School) -> None:
    await writing.say(DECLINE)
    async with writing.database.read() as uow:
        talk = await uow.conversations.find(Channel.TELEGRAM, writing.teacher.address)
        assert talk
        labels = {choice.label for choice in await uow.inbox.last_choices(talk.id)}

    await writing.press(writing.teacher, words.STOP)

    assert {GO_ON, words.ASK_AGAIN, words.STOP} <= labels
    assert (await writing.plan()).status == "stopped"
    assert (await writing.rows(conversation))[0].plan_id is None


async def test_management_changes_its_mind_until_hand_over(school: School) -> None:
    await write_plan(school.teacher)
    for verdict in (DECLINE, RETURN, ENDORSE):
        await school.say(verdict)

    view = await school.view()
    await school.send()

    assert view.word
    assert view.word.action is Action.ENDORSE
    assert "steunt het idee, op 22 november 2026" in view.word.sentence
    assert len(await school.pushed()) == 3
    stored = PlanSummary.from_dict(await school.plan_summary())
    assert stored.management
    assert stored.management.verdict is Action.ENDORSE


async def test_word_of_management_goes_with_the_plan(school: School) -> None:
    await write_plan(school.teacher)
    await school.say(DECLINE, BOSS)
    await school.send()

    text = summary_text(PlanSummary.from_dict(await school.plan_summary()))

    said = "Schoolleiding: Steunt het idee niet: Meneer Y, directeur, bevestigd op 22 november 2026"
    assert said in text
    assert "Volgens de docent: Steunt het idee (de teamleider onderbouw)" in text
    assert text.index(said) < text.index("Volgens de docent")
    assert DECLINE.text not in text


async def test_after_hand_over_nothing_can_be_said(school: School) -> None:
    await write_plan(school.teacher)
    visit = await school.visit()
    await school.say(RETURN)
    await school.send()

    with pytest.raises(NotAllowedError, match="STO-2026-0001"):
        await school.say(ENDORSE)

    view = await school.view(visit.actor)
    assert not view.may_change
    assert view.reference == "STO-2026-0001"
    assert view.closed
    assert view.word
    assert view.word.action is Action.RETURN
    assert [answer.key for answer in view.answers][-1] == "middelen"
    assert len(await school.rows(plan_event, role="management")) == 1


async def test_word_said_during_hand_over_is_not_lost(school: School) -> None:
    await write_plan(school.teacher)
    visit = await school.visit()

    async with school.database.write() as uow:
        await school.services.management.say(uow, visit, ENDORSE, school.clock.now())
        sending = asyncio.create_task(school.send())
        # It gets as far as it can while this transaction is open.
        await asyncio.wait({sending}, timeout=1)
    await sending

    assert (await school.plan_summary())["management"]["verdict"] == "endorse"


async def test_stopped_plan_can_still_be_supported(writing: School) -> None:
    await writing.teacher.do(writing.services.intake.stop)

    await writing.say(ENDORSE)

    assert (await writing.plan()).status == "stopped"
    assert len(await writing.pushed()) == 1


async def test_form_sent_twice_counts_once(writing: School) -> None:
    verdict = Verdict(Action.ENDORSE, "Mevrouw X", "teamleider", mark="form-1")

    first, second = await writing.say(verdict), await writing.say(verdict)

    assert first
    assert second is None
    assert len(await writing.rows(plan_event)) == 1
    assert len(await writing.pushed()) == 1


@pytest.mark.parametrize(
    ("verdict", "problem"),
    [
        (Verdict(Action.ENDORSE, "  ", "teamleider"), words.NAME_LACKS),
        (Verdict(Action.ENDORSE, "X" * 201, "teamleider"), words.NAME_TOO_LONG.format(limit=200)),
        (Verdict(Action.ENDORSE, "X", "-"), words.FUNCTION_LACKS),
        (Verdict(Action.ENDORSE, "X", "t" * 91), words.FUNCTION_TOO_LONG.format(limit=90)),
        (Verdict(Action.RETURN, "X", "t", " \n", {"idee": " "}), words.REMARKS_LACK),
        (Verdict(Action.DECLINE, "X", "t"), words.REASON_LACKS),
        (Verdict(Action.RETURN, "X", "t", "", {"email": "Klopt dit?"}), words.UNKNOWN_ANSWER),
        (Verdict(Action.RETURN, "X", "t", "x" * 4001), "4001"),
    ],
)
async def test_what_lacks_is_said_in_dutch(writing: School, verdict: Verdict, problem: str) -> None:
    with pytest.raises(BadInputError) as raised:
        await writing.say(verdict)

    assert problem in str(raised.value)
    assert await writing.rows(plan_event) == []


async def test_longest_names_fit(writing: School) -> None:
    await writing.say(Verdict(Action.ENDORSE, "N" * 200, "f" * 90))

    assert len((await writing.rows(plan_event))[0].name) == 293


async def test_management_does_nothing_but_its_own(writing: School) -> None:
    with pytest.raises(NotAllowedError):
        await writing.say(Verdict(Action.APPROVE, "X", "t", "graag"))


async def test_remark_is_reason_enough(writing: School) -> None:
    await writing.say(Verdict(Action.DECLINE, "X", "t", "", {"idee": "Te duur."}))

    assert "• Het idee: “Te duur.”" in (await writing.pushed())[0]


# The reminder.


async def test_mailed_request_is_due_once_after_five_days(writing: School) -> None:
    await _mail(writing, BOSS)

    moments = await writing.rows(due, kind=DueKind.MANAGEMENT_NUDGE.value)

    assert [moment.due_at for moment in moments] == [writing.clock.now() + NUDGE_AFTER]


async def test_silent_address_is_reminded_once(writing: School) -> None:
    await _mail(writing, BOSS)
    writing.clock.step(days=4)
    await _mail(writing, "ander@school.example")
    writing.clock.step(days=1)

    await writing.nudge()
    await writing.nudge()

    reminders = [mail for mail in await writing.mails() if "Herinnering" in mail.payload["subject"]]
    assert [mail.address for mail in reminders] == [BOSS]
    assert "22 november 2026" in reminders[0].payload["paragraphs"][0]


@pytest.mark.parametrize("happened", ["answered", "stopped", "sent", "too early"])
async def test_nobody_is_reminded_for_nothing(school: School, happened: str) -> None:
    await write_plan(school.teacher)
    await _mail(school, BOSS)
    school.clock.step(days=4 if happened == "too early" else 6)
    if happened == "answered":
        await school.say(RETURN)
    if happened == "stopped":
        await school.teacher.do(school.services.intake.stop)
    if happened == "sent":
        await school.send()

    await school.nudge()

    assert not [mail for mail in await school.mails() if "Herinnering" in mail.payload["subject"]]


async def test_answer_takes_the_reminder_away(writing: School) -> None:
    await _mail(writing, BOSS)

    await writing.say(ENDORSE, BOSS)

    moments = await writing.rows(due, kind=DueKind.MANAGEMENT_NUDGE.value)
    assert [moment.state for moment in moments] == ["cancelled"]


async def test_who_is_asked_after_an_answer_is_reminded_too(writing: School) -> None:
    await _mail(writing, BOSS)
    writing.clock.step(hours=1)
    await writing.say(RETURN, BOSS)
    writing.clock.step(hours=1)
    await _mail(writing, "ander@school.example")
    writing.clock.step(days=5)

    await writing.nudge()

    reminders = [mail for mail in await writing.mails() if "Herinnering" in mail.payload["subject"]]
    assert [mail.address for mail in reminders] == ["ander@school.example"]


async def test_plan_that_is_gone_reminds_nobody(writing: School) -> None:
    async with writing.database.write() as uow:
        await writing.services.support_requests.nudge(uow, "gone", writing.clock.now())

    assert await writing.mails() == []


# The same in a chat.


async def open_in_chat(school: School, person: Person) -> Link:
    given = await school.link()
    word = school.services.book.signer.word(given.id)
    await person.do(school.services.desk_chat.open_link, word, kind=Kind.LINK)
    return given


async def test_link_shows_the_plan_in_telegram(writing: School) -> None:
    boss = boss_in_chat(writing)

    await open_in_chat(writing, boss)

    assert boss.labels == list(words.BUTTONS.values())
    assert PLAN_ANSWERS["idee"] in boss.said
    assert words.ASKED[0] in boss.said
    assert "Dr. Nassau College" in boss.said
    assert "Nog open: Aansluiting op de regiovisie" in boss.said


async def test_support_in_telegram_in_two_messages(writing: School) -> None:
    boss = boss_in_chat(writing)
    given = await open_in_chat(writing, boss)

    asked = await writing.press(boss, "Steunen")
    said = await writing.type(boss, "Mevrouw X, teamleider onderbouw, leerjaar 1")

    stored = (await writing.rows(plan_event))[0]
    assert words.WHICH_NAME in asked
    assert words.WHO_READS in asked
    assert "Dank je wel" in said
    assert stored.action == "endorse"
    assert stored.data["name"] == "Mevrouw X"
    assert stored.data["function"] == "teamleider onderbouw, leerjaar 1"
    assert (stored.data["via"], stored.data["link_id"]) == ("telegram", given.id)
    assert len(await writing.pushed()) == 1
    assert boss.labels == list(words.BUTTONS.values())


async def test_function_is_asked_where_it_lacks(writing: School) -> None:
    boss = boss_in_chat(writing)
    await open_in_chat(writing, boss)
    await writing.press(boss, "Steunen")

    asked = await writing.type(boss, "Mevrouw X")
    lacks = await writing.type(boss, "?!")
    await writing.type(boss, "teamleider")

    assert asked == words.WHICH_FUNCTION
    assert lacks == words.FUNCTION_LACKS
    assert (await writing.rows(plan_event))[0].name == "Mevrouw X (teamleider)"


@pytest.mark.parametrize(
    ("label", "action"),
    [("Terug met opmerkingen", Action.RETURN), ("Steun ik niet", Action.DECLINE)],
)
async def test_reason_is_asked_in_telegram(writing: School, label: str, action: Action) -> None:
    boss = boss_in_chat(writing)
    await open_in_chat(writing, boss)
    await writing.press(boss, label)

    asked = await writing.type(boss, "Mevrouw X, teamleider")
    lacks = await writing.type(boss, "...")
    assert await writing.rows(plan_event) == []
    await writing.type(boss, "Noem de kosten apart.")

    stored = (await writing.rows(plan_event))[0]
    assert asked == words.WHICH_TEXT[action]
    assert lacks in (words.REMARKS_LACK, words.REASON_LACKS)
    assert (stored.action, stored.text) == (action.value, "Noem de kosten apart.")


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_every_step_in_telegram_can_be_left(writing: School, at: int) -> None:
    boss = boss_in_chat(writing)
    await open_in_chat(writing, boss)
    await writing.press(boss, "Steun ik niet")
    for typed in ("Mevrouw X", "teamleider")[: at - 1]:
        await writing.type(boss, typed)

    said = await writing.type(boss, "laat maar")

    assert said == words.NOT_SAID
    assert await writing.rows(plan_event) == []


async def test_telegram_manager_changes_his_mind(writing: School) -> None:
    boss = boss_in_chat(writing)
    await open_in_chat(writing, boss)
    await writing.press(boss, "Steunen")
    await writing.type(boss, "Meneer Y, directeur")

    await writing.press(boss, "Steun ik niet")
    await writing.type(boss, "Meneer Y, directeur")
    await writing.type(boss, "Geen uren dit jaar.")

    assert [row.action for row in await writing.rows(plan_event)] == ["endorse", "decline"]
    view = await writing.view()
    assert view.word
    assert view.word.action is Action.DECLINE


async def test_telegram_says_that_it_comes_too_late(school: School) -> None:
    await write_plan(school.teacher)
    boss = boss_in_chat(school)
    await open_in_chat(school, boss)
    old = boss.choices[0]
    await school.press(boss, "Steunen")
    await school.send()

    too_late = await school.type(boss, "Mevrouw X, teamleider")
    pressed = await boss.press_old(press_table(school.services)[old.intent], old)

    assert "STO-2026-0001" in too_late
    assert "STO-2026-0001" in pressed
    assert len(await school.rows(plan_event, role="management")) == 0


async def test_teacher_cannot_support_the_own_plan_in_the_chat(writing: School) -> None:
    given = await open_in_chat(writing, writing.teacher)
    pressed = Choice("Steunen", "management_endorse", given.id)

    assert words.OWN_PLAN in writing.teacher.said
    assert "vraag 1 van 6" in writing.teacher.said
    await writing.teacher.press_old(press_table(writing.services)[pressed.intent], pressed)
    assert words.OWN_PLAN in writing.teacher.said
    assert await writing.rows(plan_event) == []


async def test_button_of_a_revoked_link_does_nothing(writing: School) -> None:
    boss = boss_in_chat(writing)
    await open_in_chat(writing, boss)
    old = boss.choices[0]
    async with writing.database.write() as uow:
        await uow.links.revoke(plan_id=(await writing.plan()).id)

    said = await boss.press_old(press_table(writing.services)[old.intent], old)

    assert "Deze link werkt niet" in said


async def test_manager_who_is_a_teacher_too_keeps_the_own_question(writing: School) -> None:
    boss = boss_in_chat(writing)
    await write_plan(boss, until="doelen")

    await open_in_chat(writing, boss)
    shown = boss.said
    await writing.press(boss, "Steunen")
    said = await writing.type(boss, "Mevrouw X, teamleider")

    assert "vraag 2 van 6" in shown
    assert "vraag 2 van 6" in said
    assert "Vraag 3 van 6" in await boss.answer("Mijn eigen doel")


# Privacy.


async def test_deleting_takes_word_links_and_moments_along(writing: School) -> None:
    await _mail(writing, BOSS)
    await writing.say(RETURN, BOSS)

    await writing.delete_all()

    for table in (plan_event, link, due):
        assert await writing.rows(table) == []
    assert await writing.mails() == []


async def _mail(school: School, email: str) -> Mailed:
    plan = await school.plan()
    async with school.database.write() as uow:
        return await school.services.support_requests.mail(uow, plan, email, school.clock.now())


async def _second_plan(school: School) -> None:
    school.clock.step(minutes=1)
    new = Choice("Nieuw plan", "start_plan", "new")
    await school.teacher.press_old(school.services.intake.start, new)
    for step in ("school", "school_region", "contact_known", "contact_failed", "titel", "idee"):
        await school.teacher.answer(PLAN_ANSWERS[step])
