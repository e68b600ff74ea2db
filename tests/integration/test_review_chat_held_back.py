"""In a coupled chat nobody sees a decision before the teacher, but who decides."""

from __future__ import annotations

import pytest

from bot.domain.plan_states import Action
from bot.services.review_input import Order
from bot.storage.database import Database
from bot.texts import review_chat as words
from bot.texts.review_page import NOTHING_NOW
from tests.chat_user import ChatUser
from tests.clocks import SteppingClock
from tests.desk_chat import DeskChat, made_desk_chat
from tests.reviews import act, actor

REASON = "Nu even niet."
OTHERS = ["at_school", "support"]


@pytest.fixture
async def desk(database: Database, clock: SteppingClock) -> DeskChat:
    return await made_desk_chat(database, clock)


async def do(desk: DeskChat, action: Action, text: str = "", to: str = "") -> None:
    await act(desk.teacher, actor("manager"), desk.plan_id, Order(action, text=text, to=to))


async def holder(desk: DeskChat, name: str) -> ChatUser:
    """Give the chat of somebody to whom the plan was passed on."""
    other = desk.user("7003")
    await other.couple(name)
    await do(desk, Action.FORWARD, to=name)
    return other


@pytest.mark.parametrize("name", OTHERS)
async def test_decision_that_can_be_undone_shows_nowhere(desk: DeskChat, name: str) -> None:
    other = await holder(desk, name)
    before = await desk.button("desk_ask", "oude vraag")
    waiting = await other.say("/bord")
    await do(desk, Action.NOT_NOW, REASON)

    viewed = await other.press_made(await desk.button("desk_view"))
    labels = other.labels
    pressed = await other.press_made(before)
    board = await other.say("/bord")

    assert NOTHING_NOW in viewed
    assert "kies wat je" not in viewed
    assert labels[:2] == [words.NOTE, words.VIEW]
    for said in (viewed, pressed, board):
        assert REASON not in said
        assert "beslu" not in said.lower()
        assert "niet nu" not in said.lower()
    assert waiting.startswith(words.BOARD_HEAD)
    assert board == words.BOARD_EMPTY


@pytest.mark.parametrize("name", OTHERS)
async def test_undone_decision_stays_hidden_and_others_go_on(desk: DeskChat, name: str) -> None:
    other = await holder(desk, name)
    before = await desk.button("desk_ask", "oude vraag")
    await do(desk, Action.NOT_NOW, REASON)
    await do(desk, Action.UNDO)

    viewed = await other.press_made(await desk.button("desk_view"))
    pressed = await other.press_made(before)
    await other.press("Vraag aan docent")
    await other.press("Doelen")
    await other.say("Hoe meet je dat?")

    for said in (viewed, pressed):
        assert REASON not in said
        assert "beslu" not in said.lower()
    assert "plan doorgestuurd" in viewed
    assert (await desk.events())[-1].action is Action.ASK


async def test_who_decides_sees_what_was_undone(desk: DeskChat) -> None:
    await do(desk, Action.NOT_NOW, REASON)
    await do(desk, Action.UNDO)

    viewed = await desk.manager.press_made(await desk.button("desk_view"))

    assert f"besluit: niet nu\n“{REASON}”" in viewed
    assert "besluit ongedaan gemaakt" in viewed


@pytest.mark.parametrize("name", OTHERS)
async def test_decision_shows_once_the_teacher_knows(desk: DeskChat, name: str) -> None:
    other = await holder(desk, name)
    await do(desk, Action.APPROVE, "Mooi plan.")
    await do(desk, Action.UNDO)
    await do(desk, Action.NOT_NOW, REASON)
    desk.clock.step(minutes=10)
    async with desk.database.write() as uow:
        await desk.services.clockwork.fire(uow, desk.clock.now())

    viewed = await other.press_made(await desk.button("desk_view"))

    assert f"besluit: niet nu\n“{REASON}”" in viewed
    assert "Mooi plan." not in viewed
    assert "ongedaan" not in viewed
