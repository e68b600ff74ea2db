"""Every action of who receives plans, by the buttons of a coupled chat, while Rasa is away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.inbox import Kind
from bot.domain.plan import PlanStatus
from bot.domain.plan_states import Action
from bot.storage.database import Database
from bot.texts import review as review_words
from bot.texts import review_chat as words
from bot.texts.conversation import ONLY_TEXT
from bot.texts.review_page import DONE
from tests.clocks import SteppingClock
from tests.desk_chat import DeskChat, made_desk_chat
from tests.person import PLAN_ANSWERS, Person, write_plan

OPEN_TO_MANAGER = [
    "Ontvangen",
    "Vraag aan docent",
    "Uitnodigen",
    "Doorsturen",
    "Besluit",
    "Notitie",
    "Bekijk het plan",
]
QUESTION = "Hoe meet je dat, en wanneer?"


@pytest.fixture
async def desk(database: Database, clock: SteppingClock) -> DeskChat:
    return await made_desk_chat(database, clock)


async def test_new_plan_comes_in_with_its_buttons(desk: DeskChat) -> None:
    said = (await desk.manager.heard())[-1]

    assert "STO-2026-0001 “Drones in de zorg”" in said
    assert "School: Dr. Nassau College" in said
    labels = [button["label"] for button in await desk.manager.shown()]
    assert labels[: len(OPEN_TO_MANAGER)] == OPEN_TO_MANAGER


async def test_received_is_told_to_the_teacher(desk: DeskChat) -> None:
    said = await desk.manager.press("Ontvangen")

    assert DONE[Action.RECEIVE] in said
    assert desk.manager.labels == OPEN_TO_MANAGER[1:]
    assert (await desk.plan()).status is PlanStatus.RECEIVED
    assert "heeft je plan STO-2026-0001" in (await desk.teacher_heard())[-1]


async def test_question_reopens_one_answer(desk: DeskChat) -> None:
    await desk.manager.press("Vraag aan docent")
    shown = await desk.manager.press("Doelen")
    said = await desk.manager.say(QUESTION)

    assert f"“{PLAN_ANSWERS['doelen']}”" in shown
    assert DONE[Action.ASK] in said
    plan, event = await desk.plan(), (await desk.events())[-1]
    assert (plan.status, plan.open_step) == (PlanStatus.ASKED, "doelen")
    assert (event.action, event.step, event.text) == (Action.ASK, "doelen", QUESTION)
    assert (event.contact_id, event.name) == ("manager", "Regio Assen")
    assert f"“{QUESTION}”" in (await desk.teacher_heard())[-1]


async def test_question_is_taken_back(desk: DeskChat) -> None:
    await desk.manager.press("Vraag aan docent")
    await desk.manager.press("Doelen")
    await desk.manager.say(QUESTION)

    said = await desk.manager.press("Vraag intrekken")

    assert DONE[Action.TAKE_BACK] in said
    assert (await desk.plan()).status is PlanStatus.RECEIVED


async def test_invitation_names_moments_and_place(desk: DeskChat) -> None:
    asked = await desk.manager.press("Uitnodigen")
    read = await desk.manager.say("wo 2 december half tien, di 1 dec 15:30")
    said = await desk.manager.say("Lokaal 12, op school")

    assert "di 24 november, 15:30\ndo 26 november, 10:00" in asked
    assert "• di 1 december, 15:30\n• wo 2 december, 09:30" in read
    assert DONE[Action.INVITE] in said
    event = (await desk.events())[-1]
    assert [datetime.fromisoformat(text) for text in event.data["moments"]] == [
        datetime(2026, 12, 1, 14, 30, tzinfo=UTC),
        datetime(2026, 12, 2, 8, 30, tzinfo=UTC),
    ]
    assert event.data["place"] == "Lokaal 12, op school"
    assert "• di 1 december, 15:30" in (await desk.teacher_heard())[-1]


async def test_place_of_an_invitation_may_be_left_out(desk: DeskChat) -> None:
    await desk.manager.press("Uitnodigen")
    await desk.manager.say("morgen 10:00")
    await desk.manager.press("Overslaan")

    assert (await desk.events())[-1].data["place"] == ""
    assert (await desk.plan()).status is PlanStatus.INVITED


async def test_other_moments_replace_what_was_read(desk: DeskChat) -> None:
    await desk.manager.press("Uitnodigen")
    await desk.manager.say("morgen 10:00")
    await desk.manager.press("Andere momenten")
    await desk.manager.say("overmorgen 10:00")
    await desk.manager.press("Overslaan")

    assert (await desk.events())[-1].data["moments"] == ["2026-11-24T10:00:00+01:00"]


NOT_MOMENTS = {
    "volgende maand een keer": "dit kan ik niet lezen",
    "1 december": "hier ontbreekt een tijd",
    "ma 1 december 10:00": "die datum valt op een andere dag van de week",
    "22 november 9:00": review_words.MOMENT_IS_OVER,
    "1 dec 9:00, 2 dec 9:00, 3 dec 9:00, 4 dec 9:00": "hoogstens 3 momenten",
    "…": review_words.MOMENT_LACKS,
}


async def test_moments_that_do_not_do_are_asked_again(desk: DeskChat) -> None:
    await desk.manager.press("Uitnodigen")

    for typed, said in NOT_MOMENTS.items():
        assert said in await desk.manager.say(typed)
    assert "Ik lees:" in await desk.manager.say("di 1 dec 15:30")
    assert [event.action for event in await desk.events()] == [Action.SUBMIT]


async def test_year_is_read_back_when_it_is_another(desk: DeskChat) -> None:
    await desk.manager.press("Uitnodigen")

    assert "• ma 4 januari 2027, 10:00" in await desk.manager.say("4 januari 10:00")


async def test_plan_is_passed_on_to_somebody_in_the_list(desk: DeskChat) -> None:
    colleague = desk.user("7002")
    await colleague.couple("colleague")

    await desk.manager.press("Doorsturen")
    offered = desk.manager.labels
    said = await desk.manager.press("Stand-in, programmamanager van de regio")

    assert not any("Ontvangen" in label for label in offered)
    assert DONE[Action.FORWARD] in said
    assert (await desk.review()).holder_id == "colleague"
    assert "naar jou doorgestuurd" in (await colleague.heard())[-1]
    assert "Ontvangen" in [button["label"] for button in await colleague.shown()]
    assert "doorgestuurd naar Stand-in" in (await desk.teacher_heard())[-1]


async def test_who_left_the_list_is_no_target(desk: DeskChat) -> None:
    await desk.manager.press("Doorsturen")
    async with desk.database.write() as uow:
        await uow.contacts.remove("colleague")

    said = await desk.manager.press("Stand-in, programmamanager van de regio")

    assert said.startswith(review_words.CHOOSE_TARGET)
    assert (await desk.review()).holder_id == "manager"


async def test_note_stays_among_reviewers(desk: DeskChat) -> None:
    heard = await desk.teacher_heard()

    await desk.manager.press("Notitie")
    said = await desk.manager.say("Bel eerst de school.")

    assert DONE[Action.NOTE] in said
    assert (await desk.events())[-1].text == "Bel eerst de school."
    assert await desk.teacher_heard() == heard


DECISIONS = [
    (words.APPROVE, "Mooi plan!", Action.APPROVE, PlanStatus.APPROVED),
    (words.APPROVE, None, Action.APPROVE, PlanStatus.APPROVED),
    (
        words.WITH_CONDITIONS,
        "Zoek eerst een bedrijf.",
        Action.APPROVE_WITH_CONDITIONS,
        PlanStatus.CONDITIONAL,
    ),
    (words.NOT_NOW, "De regio kiest dit jaar anders.", Action.NOT_NOW, PlanStatus.NOT_NOW),
]


async def decide(desk: DeskChat, label: str, reason: str | None) -> str:
    """Go up to the confirmation."""
    await desk.manager.press("Besluit")
    await desk.manager.press(label)
    return await (desk.manager.say(reason) if reason else desk.manager.press("Overslaan"))


@pytest.mark.parametrize(("label", "reason", "action", "status"), DECISIONS)
async def test_decision_is_confirmed_and_leaves_later(
    desk: DeskChat, label: str, reason: str | None, action: Action, status: PlanStatus
) -> None:
    before = await desk.teacher_heard()
    confirm = await decide(desk, label, reason)
    untouched = (await desk.plan()).status

    said = await desk.manager.press("Versturen")

    assert untouched is PlanStatus.SUBMITTED
    assert (await desk.plan()).status is status
    event = (await desk.events())[-1]
    assert (event.action, event.text) == (action, reason or "")
    assert "Om 10:10 gaat het naar de docent." in said
    assert "Ongedaan maken" in desk.manager.labels
    assert await desk.teacher_heard() == before
    read = await released(desk)
    assert words.CONFIRM.format(text=read) in confirm


async def released(desk: DeskChat) -> str:
    """Let the decision leave; give what the teacher reads."""
    desk.clock.step(minutes=10)
    async with desk.database.write() as uow:
        await desk.services.clockwork.fire(uow, desk.clock.now())
    return (await desk.teacher_heard())[-1]


async def test_decision_is_undone_in_time(desk: DeskChat) -> None:
    await decide(desk, words.NOT_NOW, "Nu even niet.")
    await desk.manager.press("Versturen")
    desk.clock.step(minutes=9)

    said = await desk.manager.press("Ongedaan maken")

    assert DONE[Action.UNDO] in said
    assert (await desk.plan()).status is PlanStatus.SUBMITTED
    assert "Besluit" in desk.manager.labels


async def test_decision_that_left_is_not_undone(desk: DeskChat) -> None:
    await decide(desk, words.NOT_NOW, "Nu even niet.")
    await desk.manager.press("Versturen")
    desk.clock.step(minutes=10)

    said = await desk.manager.press("Ongedaan maken")

    assert review_words.DECISION_HAS_LEFT in said
    assert (await desk.plan()).status is PlanStatus.NOT_NOW


async def test_confirming_takes_nothing_but_its_buttons(desk: DeskChat) -> None:
    await decide(desk, words.NOT_NOW, "Nu even niet.")

    said = await desk.manager.say("ja doe maar")

    assert said.startswith(words.CHOOSE)
    assert "“Nu even niet.”" in said
    assert (await desk.plan()).status is PlanStatus.SUBMITTED


async def test_other_words_replace_the_reason(desk: DeskChat) -> None:
    await decide(desk, words.NOT_NOW, "Nu even niet.")
    await desk.manager.press("Andere tekst")
    await desk.manager.say("Volgend jaar past het beter.")
    await desk.manager.press("Versturen")

    assert (await desk.events())[-1].text == "Volgend jaar past het beter."


async def test_another_decision_is_chosen_meanwhile(desk: DeskChat) -> None:
    await decide(desk, words.NOT_NOW, "Nu even niet.")
    await desk.manager.press(words.WITH_CONDITIONS)
    await desk.manager.say("Zoek eerst een bedrijf.")
    await desk.manager.press("Versturen")

    assert (await desk.plan()).status is PlanStatus.CONDITIONAL


async def test_changed_message_changes_the_reason(desk: DeskChat) -> None:
    await desk.manager.press("Besluit")
    await desk.manager.press(words.NOT_NOW)
    await desk.manager.say("Nu evn niet.", source="typo")

    confirm = await desk.manager.edit("Nu even niet.", "typo")
    await desk.manager.press("Versturen")

    assert "“Nu even niet.”" in confirm
    assert (await desk.events())[-1].text == "Nu even niet."


async def test_changing_an_older_message_keeps_the_step(desk: DeskChat) -> None:
    await desk.manager.press("Notitie")

    said = await desk.manager.edit("heel iets anders", "long ago")
    await desk.manager.say("Bel eerst de school.")

    assert words.STILL_AT_DESK in said
    assert (await desk.events())[-1].text == "Bel eerst de school."


async def test_picture_keeps_the_step(desk: DeskChat) -> None:
    await desk.manager.press("Notitie")

    said = await desk.manager.say("", Kind.OTHER)
    await desk.manager.say("Bel eerst de school.")

    assert said == ONLY_TEXT
    assert (await desk.events())[-1].text == "Bel eerst de school."


async def test_plan_is_shown_with_its_pdf(desk: DeskChat) -> None:
    said = await desk.manager.press("Bekijk het plan")

    assert PLAN_ANSWERS["idee"] in said
    assert "Stand: verstuurd, versie 1." in said
    assert "• de docent: plan verstuurd" in said
    document = desk.manager.last[0].document
    assert document
    assert (document.subject, document.name) == (desk.plan_id, "STO-2026-0001.pdf")
    assert desk.manager.labels == OPEN_TO_MANAGER


async def test_looking_keeps_what_is_being_filled_in(desk: DeskChat) -> None:
    await desk.manager.press("Vraag aan docent")
    await desk.manager.press("Doelen")

    said = await desk.manager.press("Bekijk het plan")
    await desk.manager.say(QUESTION)

    assert "Typ je vraag" in said
    assert (await desk.events())[-1].text == QUESTION


async def test_typed_words_leave_a_step(desk: DeskChat) -> None:
    for leaving in ("stop", "Laat maar", "annuleer", "Toch niet."):
        await desk.manager.press("Vraag aan docent")
        await desk.manager.press("Doelen")
        assert await desk.manager.say(leaving) == words.NOTHING_DONE
        assert desk.manager.labels == OPEN_TO_MANAGER

    with pytest.raises(AssertionError, match="goes to Rasa"):
        await desk.manager.say(QUESTION)


async def test_command_leaves_a_step(desk: DeskChat) -> None:
    await desk.manager.press("Notitie")

    await desk.manager.say("/bord")

    with pytest.raises(AssertionError, match="goes to Rasa"):
        await desk.manager.say("Bel eerst de school.")
    assert [event.action for event in await desk.events()] == [Action.SUBMIT]


async def test_labels_can_be_typed(desk: DeskChat) -> None:
    await desk.manager.say("vraag aan docent")
    await desk.manager.say("doelen")
    await desk.manager.say(QUESTION)
    await desk.manager.say("vraag intrekken")

    actions = [event.action for event in await desk.events()]
    assert actions == [Action.SUBMIT, Action.ASK, Action.TAKE_BACK]


async def test_typed_label_means_the_newest_message(desk: DeskChat) -> None:
    other = Person(desk.database, desk.services, desk.clock, "1002")
    async with desk.database.write() as uow:
        await uow.contacts.remove("colleague")
    await write_plan(other)
    await other.do(other.services.hand_over.send, "Versturen")

    said = await desk.manager.say("ontvangen")

    assert said.startswith("STO-2026-0002")
    assert (await desk.plan()).status is PlanStatus.SUBMITTED


async def test_what_is_no_choice_is_asked_again(desk: DeskChat) -> None:
    await desk.manager.press("Vraag aan docent")

    for typed in ("Is dit een vraag?", "hoi", "12"):
        said = await desk.manager.say(typed)
        assert said.startswith(words.CHOOSE)
        assert words.WHICH_ANSWER in said


async def test_text_that_is_too_long_keeps_the_step(desk: DeskChat) -> None:
    await desk.manager.press("Notitie")

    said = await desk.manager.say("x" * 4001)

    assert "Dat is te lang" in said
    assert DONE[Action.NOTE] in await desk.manager.say("Bel eerst de school.")


async def test_teacher_in_a_plan_is_asked_again(desk: DeskChat) -> None:
    person = Person(desk.database, desk.services, desk.clock, desk.manager.address)
    await write_plan(person, until="doelen")
    await desk.manager.press("Notitie")

    said = await desk.manager.say("Bel eerst de school.")

    assert DONE[Action.NOTE] in desk.manager.last[0].text
    assert "Terug naar vraag 2 van 6" in said
    assert "Genoteerd" in await person.answer("30% kiest techniek")


@pytest.mark.parametrize(("name", "can_decide"), [("at_school", False), ("colleague", True)])
async def test_role_gives_its_own_buttons(desk: DeskChat, name: str, can_decide: bool) -> None:
    other = desk.user("7003")
    await other.couple(name)

    await other.press_made(await desk.button("desk_view"))

    assert ("Besluit" in other.labels) is can_decide
    said = await other.press_made(await desk.button("desk_decide"))
    assert ("Dat kan nu niet met dit plan." in said) is not can_decide


async def test_chat_acts_as_the_one_who_may(desk: DeskChat) -> None:
    other = desk.user("7003")
    await other.couple("at_school")
    await other.couple("colleague")

    await other.press_made(await desk.button("desk_decide"))
    await other.press(words.NOT_NOW)
    await other.say("Nu even niet.")
    await other.press("Versturen")

    assert (await desk.events())[-1].contact_id == "colleague"


async def remind(desk: DeskChat) -> None:
    """Go on to the first moment at which something is due, and let the clock do it."""
    async with desk.database.write() as uow:
        at = await uow.due.next_at()
        assert at
        desk.clock.moment = at
        await desk.services.clockwork.fire(uow, at)


async def test_reminder_comes_with_buttons(desk: DeskChat) -> None:
    await remind(desk)

    assert "STO-2026-0001" in (await desk.manager.heard())[-1]
    labels = [button["label"] for button in await desk.manager.shown()]
    assert labels[: len(OPEN_TO_MANAGER)] == OPEN_TO_MANAGER
    assert DONE[Action.RECEIVE] in await desk.manager.press("Ontvangen")


async def test_reminder_of_several_plans_leads_to_the_board(desk: DeskChat) -> None:
    async with desk.database.write() as uow:
        await uow.contacts.remove("colleague")
    other = Person(desk.database, desk.services, desk.clock, "1002")
    await write_plan(other)
    await other.do(other.services.hand_over.send, "Versturen")

    await remind(desk)
    await desk.manager.press("Plannen die wachten")

    assert desk.manager.labels[:2] == ["Bekijk STO-2026-0001", "Bekijk STO-2026-0002"]


async def test_board_lists_what_waits(desk: DeskChat) -> None:
    said = await desk.manager.say("/bord")

    assert (
        "• STO-2026-0001 “Drones in de zorg”, Dr. Nassau College: wacht sinds 22 november" in said
    )
    assert desk.manager.labels == ["Bekijk STO-2026-0001", "Ontkoppel"]
    assert PLAN_ANSWERS["idee"] in await desk.manager.press("Bekijk STO-2026-0001")


async def test_board_leaves_out_what_waits_elsewhere(desk: DeskChat) -> None:
    await desk.manager.press("Vraag aan docent")
    await desk.manager.press("Doelen")
    await desk.manager.say(QUESTION)

    assert await desk.manager.say("/bord") == words.BOARD_EMPTY


async def test_long_board_shows_the_oldest(desk: DeskChat) -> None:
    async with desk.database.write() as uow:
        await uow.contacts.remove("colleague")
    for number in range(9):
        desk.clock.step(hours=1)
        other = Person(desk.database, desk.services, desk.clock, f"20{number}")
        await write_plan(other)
        await other.do(other.services.hand_over.send, "Versturen")

    said = await desk.manager.say("/bord")

    assert [label for label in desk.manager.labels if label.startswith("Bekijk")] == [
        f"Bekijk STO-2026-000{number}" for number in range(1, 9)
    ]
    assert words.BOARD_MORE.format(number=2) in said


async def test_board_tells_others_how_to_couple(desk: DeskChat) -> None:
    stranger = desk.user("7009")

    assert words.NOT_COUPLED in await stranger.say("/bord")
