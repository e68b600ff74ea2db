"""Who presses without right, too late or on something old changes nothing, and hears why."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.plan import PlanStatus
from bot.domain.plan_states import Action
from bot.domain.turn import Choice
from bot.services.review_choices import INTENTS
from bot.services.review_input import Order
from bot.storage.database import Database
from bot.texts import review as review_words
from bot.texts import review_chat as words
from tests.chat_user import ChatUser
from tests.clocks import SteppingClock
from tests.desk_chat import DeskChat, made_desk_chat
from tests.person import Person, write_plan
from tests.reviews import act, actor, only_plan

QUESTION = "Hoe meet je dat, en wanneer?"
CHANGED = "Er is intussen iets veranderd."


@pytest.fixture
async def desk(database: Database, clock: SteppingClock) -> DeskChat:
    return await made_desk_chat(database, clock)


async def is_untouched(desk: DeskChat) -> bool:
    return [event.action for event in await desk.events()] == [Action.SUBMIT]


@pytest.mark.parametrize("name", [None, "other_region", "other_school", "support"])
async def test_plan_of_others_does_not_exist(desk: DeskChat, name: str | None) -> None:
    other = desk.user("7009")
    if name:
        await other.couple(name)

    for intent in INTENTS:
        said = await other.press_made(await desk.button(intent, f"knop {intent}"))
        assert said == words.GONE
        assert other.labels == []
    assert await is_untouched(desk)


MANGLED = [None, "", "|||", "x|1|1", "{plan}", "{plan}|1", "{plan}|a|b", "{plan}|1|1|1"]


async def test_mangled_buttons_show_nothing(desk: DeskChat) -> None:
    for number, value in enumerate([*MANGLED, "{plan}|-1|0", "{plan} |1|1"]):
        made = value and value.format(plan=desk.plan_id)
        for intent in INTENTS:
            said = await desk.manager.press_made(Choice(f"{intent} {number}", intent, made))
            assert said == words.GONE
    assert await is_untouched(desk)


async def test_draft_does_not_exist_for_managers(desk: DeskChat) -> None:
    other = Person(desk.database, desk.services, desk.clock, "1002")
    await write_plan(other, until="doelen")
    draft = await only_plan(other)

    for intent in INTENTS:
        made = Choice(f"knop {intent}", intent, f"{draft.id}|1|0")
        assert await desk.manager.press_made(made) == words.GONE


@pytest.mark.parametrize("intent", ["desk_ask", "desk_invite", "desk_forward", "desk_decide"])
async def test_what_was_not_seen_is_looked_at_first(desk: DeskChat, intent: str) -> None:
    last = (await desk.events())[-1].id

    for version, seen in ((0, last), (2, last), (1, 0), (1, last + 1), (1, 10**17)):
        value = f"{desk.plan_id}|{version}|{seen}"
        said = await desk.manager.press_made(Choice(f"oud {seen} {version}", intent, value))
        assert CHANGED in said
        assert "Doorsturen" in desk.manager.labels
    assert await is_untouched(desk)


async def test_old_button_tells_what_happened_since(desk: DeskChat) -> None:
    button = await desk.button("desk_decide", "oud besluit")
    await act(desk.teacher, actor("colleague"), desk.plan_id, Order(Action.RECEIVE))

    said = await desk.manager.press_made(button)

    assert f"{words.MEANWHILE}\n• Stand-in: plan ontvangen" in said
    assert "plan verstuurd" not in said


async def test_change_during_a_step_gives_the_text_back(desk: DeskChat) -> None:
    await desk.manager.press("Vraag aan docent")
    await desk.manager.press("Doelen")
    await act(desk.teacher, actor("colleague"), desk.plan_id, Order(Action.RECEIVE))

    said = await desk.manager.say(QUESTION)

    assert CHANGED in said
    assert f"“{QUESTION}”" in said
    assert "Vraag aan docent" in desk.manager.labels
    assert (await desk.plan()).status is PlanStatus.RECEIVED


async def test_change_before_the_confirmation_gives_the_reason_back(desk: DeskChat) -> None:
    await desk.manager.press("Besluit")
    await desk.manager.press(words.NOT_NOW)
    await desk.manager.say("Nu even niet.")
    await act(desk.teacher, actor("colleague"), desk.plan_id, Order(Action.RECEIVE))

    said = await desk.manager.press("Versturen")

    assert CHANGED in said
    assert "Dit had je getypt:\n“Nu even niet.”" in said
    assert (await desk.plan()).status is PlanStatus.RECEIVED


async def test_note_minds_no_change(desk: DeskChat) -> None:
    await desk.manager.press("Notitie")
    await act(desk.teacher, actor("colleague"), desk.plan_id, Order(Action.RECEIVE))

    await desk.manager.say("Bel eerst de school.")

    assert (await desk.events())[-1].action is Action.NOTE


async def test_who_is_uncoupled_meanwhile_does_nothing(desk: DeskChat) -> None:
    await desk.manager.press("Vraag aan docent")
    await desk.manager.press("Doelen")
    async with desk.database.write() as uow:
        await uow.contacts.save(replace(await desk.contact(), conversation_id=None))

    said = await desk.manager.say(QUESTION)

    assert said.startswith(words.GONE)
    assert f"“{QUESTION}”" in said
    assert await is_untouched(desk)


async def test_who_left_the_region_meanwhile_does_nothing(desk: DeskChat) -> None:
    await desk.manager.press("Besluit")
    await desk.manager.press(words.NOT_NOW)
    await desk.manager.say("Nu even niet.")
    async with desk.database.write() as uow:
        await uow.contacts.save(replace(await desk.contact(), region_id="emmen"))

    assert (await desk.manager.press("Versturen")).startswith(words.GONE)
    assert await is_untouched(desk)


async def test_other_contact_of_the_chat_does_not_end_a_step(desk: DeskChat) -> None:
    """What one contact began is not finished in the name of another."""
    await desk.manager.couple("at_school")
    await desk.manager.press_made(await desk.button("desk_decide", "het besluit"))
    await desk.manager.press(words.NOT_NOW)
    async with desk.database.write() as uow:
        await uow.contacts.save(replace(await desk.contact(), conversation_id=None))

    said = await desk.manager.say("Nu even niet.")

    assert said.startswith(words.GONE)
    assert await is_untouched(desk)


async def test_button_of_a_step_that_is_over_is_stale(desk: DeskChat) -> None:
    await desk.manager.press("Besluit")
    await desk.manager.press("Laat maar")

    assert await desk.manager.press(words.APPROVE) == words.STALE
    assert await is_untouched(desk)


async def test_button_of_another_step_leaves_this_one_open(desk: DeskChat) -> None:
    await desk.manager.press("Besluit")
    await desk.manager.press("Notitie")

    said = await desk.manager.press(words.APPROVE)
    await desk.manager.say("Bel eerst de school.")

    assert said.startswith(words.STALE)
    assert (await desk.events())[-1].action is Action.NOTE


async def test_made_up_picks_decide_nothing(desk: DeskChat) -> None:
    await desk.manager.press("Besluit")
    mark = desk.manager.choices[0].value.partition("|")[0]

    for pick in ("confirm|send", "text|skip", "decision|undo", "decision|send", "nothing|send"):
        made = Choice(f"gemaakt {pick}", "desk_pick", f"{mark}|{pick}")
        assert (await desk.manager.press_made(made)).startswith(words.STALE)
    assert await is_untouched(desk)


@pytest.mark.parametrize(
    ("intent", "pick", "said"),
    [
        ("desk_ask", "about|email", review_words.CHOOSE_ANSWER),
        ("desk_forward", "to|other_region", review_words.CHOOSE_TARGET),
    ],
)
async def test_made_up_choices_are_refused(
    desk: DeskChat, intent: str, pick: str, said: str
) -> None:
    await desk.manager.press_made(await desk.button(intent))
    mark = desk.manager.choices[0].value.partition("|")[0]

    heard = await desk.manager.press_made(Choice("gemaakt", "desk_pick", f"{mark}|{pick}"))

    assert heard.startswith(said)
    assert await is_untouched(desk)


async def test_receiving_twice_is_refused_kindly(desk: DeskChat) -> None:
    await desk.manager.press("Ontvangen")

    said = await desk.manager.press("Ontvangen")

    assert "Dat kan nu niet met dit plan.\nStand: ontvangen, versie 1." in said
    assert "Besluit" in desk.manager.labels
    assert len(await desk.events()) == 2


async def begun(user: ChatUser, button: Choice, label: str, reason: str) -> None:
    await user.press_made(button)
    await user.press(label)
    await user.say(reason)


async def test_of_two_managers_the_first_wins(desk: DeskChat) -> None:
    colleague = desk.user("7002")
    await colleague.couple("colleague")
    button = await desk.button("desk_decide", "het besluit")
    await begun(desk.manager, button, words.NOT_NOW, "Nu even niet.")
    await begun(colleague, button, words.WITH_CONDITIONS, "Zoek een bedrijf.")

    said = await asyncio.gather(desk.manager.press("Versturen"), colleague.press("Versturen"))

    decisions = [event for event in await desk.events() if event.action is not Action.SUBMIT]
    assert len(decisions) == 1
    is_manager = decisions[0].contact_id == "manager"
    winner, loser = said if is_manager else reversed(said)
    assert "Je besluit is genoteerd" in winner
    assert CHANGED in loser
    assert ("Zoek een bedrijf." if is_manager else "Nu even niet.") in loser


async def test_refused_order_leaves_nothing_behind(
    desk: DeskChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target that goes away at the very moment: the event is not stored without its effect."""
    await desk.manager.press("Doorsturen")
    known = await desk.contact("colleague")
    original = desk.services.desk._passed_on

    async def gone(uow, review, order):
        await uow.contacts.remove(known.id)
        return await original(uow, review, order)

    monkeypatch.setattr(desk.services.desk, "_passed_on", gone)
    said = await desk.manager.press("Stand-in, programmamanager van de regio")

    assert said.startswith(review_words.CHOOSE_TARGET)
    assert await is_untouched(desk)
    assert (await desk.review()).holder_id == "manager"
