"""Telegram's updates on their way in: stored before they are confirmed, each one once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.storage.tables import answer, conversation, inbox
from bot.texts import conversation as words
from tests.botapi import User
from tests.integration.fake_rasa import How
from tests.integration.running_chat import Chat, ChatMaker, refusing, sqlite_only, stored

pytest_plugins = ["tests.integration.chat_fixtures"]

NOT_TEXT: tuple[Callable[[User], int], ...] = (
    User.send_sticker,
    User.send_voice,
    lambda user: user.send_photo("dit is mijn doel"),
    User.send_contact,
    User.send_location,
    User.send_poll,
    User.send_dice,
    lambda user: user.send_document(size=60_000_000),
    lambda user: user.send({"story": {"id": 1, "chat": user.chat.to_json()}}),
)
UNREADABLE: tuple[dict[str, Any], ...] = (
    {"message_id": "geen getal", "chat": {"id": 1, "type": "private"}, "date": 0, "text": "x"},
    {"date": 5},
    {"message_id": 1, "chat": None, "date": None, "text": 7},
)


def in_one_batch(chat: Chat) -> AbstractContextManager[Any]:
    """Let no poll end before everything that happens in the body is there."""
    return chat.world.lock


async def confirmed(chat: Chat, count: int) -> None:
    await chat.world.wait_for(lambda now: len(now.confirmed) >= count)


async def test_batch_is_stored_before_it_is_confirmed(chat: Chat) -> None:
    await chat.world.wait_for(lambda now: now.poll_number > 0)
    held = chat.world.fail("getUpdates", hold=True)
    with in_one_batch(chat):
        for _ in range(3):
            chat.world.user().send_text("hallo")
    await held.wait_for_hits()

    before = chat.world.confirmed
    rows = await stored(chat.database, inbox)
    held.release()
    await confirmed(chat, 3)

    assert before == set()
    assert [row.text for row in rows] == ["hallo"] * 3


async def test_same_update_twice_is_one_message(chat: Chat) -> None:
    user = chat.world.user()
    chat.world.duplicate_next(2)
    await user.ask("een")
    await user.ask("twee")
    await user.ask("drie")

    assert [update.deliveries for update in chat.world.updates] == [2, 2, 1]
    assert [row.text for row in await stored(chat.database, inbox)] == ["een", "twee", "drie"]
    assert len(user.received) == 3


@sqlite_only
async def test_ids_may_restart_after_a_quiet_week(chat: Chat) -> None:
    user = chat.world.user()
    await user.ask("voor de vakantie")
    await confirmed(chat, 1)
    chat.world.restart_ids(at=1000)

    await user.ask("na de vakantie")
    await user.ask("en verder")

    assert len(user.received) == 3


@sqlite_only
async def test_restart_asks_for_what_was_not_confirmed(chats: ChatMaker) -> None:
    user = chats.world.user()
    async with chats.run():
        await user.ask("een")
        await chats.world.wait_for(lambda now: len(now.confirmed) == 1)
    user.send_text("terwijl hij uit stond")

    async with chats.run():
        await user.wait_for(2)

    assert chats.rasa.said == ["een", "terwijl hij uit stond"]


async def test_nothing_is_confirmed_while_the_database_refuses(chat: Chat) -> None:
    user = chat.world.user()
    async with refusing(chat.database, inbox):
        user.send_text("bewaar mij")
        polls = len(chat.world.calls_of("getUpdates"))
        await chat.world.wait_for(lambda now: len(now.calls_of("getUpdates")) >= polls + 1)
        before = chat.world.confirmed

    await user.wait_for(1)
    await confirmed(chat, 1)

    assert before == set()
    assert [row.text for row in await stored(chat.database, inbox)] == ["bewaar mij"]


@sqlite_only
async def test_only_text_is_read_and_the_question_stays(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")

    for send in NOT_TEXT:
        send(user)
    received = await user.wait_for(len(NOT_TEXT))

    for said in received:
        assert said.text.startswith("Ik kan alleen tekst lezen")
        assert "doelen" in said.text.lower()
        assert "Overslaan" in said.labels
    rows = (await stored(chat.database, inbox))[-len(NOT_TEXT) :]
    assert {(row.kind, row.text, row.state) for row in rows} == {("other", "", "done")}
    assert "doelen" not in [row.step for row in await stored(chat.database, answer)]


@sqlite_only
async def test_nothing_of_contact_or_location_is_stored(chat: Chat) -> None:
    user = chat.world.user()
    user.send_contact()
    user.send_location()
    await user.wait_for(2)

    rows = str(await stored(chat.database, inbox)) + str(chat.logs)

    assert "31600000000" not in rows
    assert "Collega" not in rows
    assert "52.09" not in rows


async def test_edited_message_revises_its_answer(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    message_id = user.send_text("eerste doel")
    await user.wait_for(1)

    user.edit(message_id, "beter doel")
    said = (await user.wait_for(2))[-1]

    given = [row for row in await stored(chat.database, answer) if row.step == "doelen"]
    assert [(row.text, row.is_current) for row in given] == [
        ("eerste doel", False),
        ("beter doel", True),
    ]
    assert "activiteiten" in said.text.lower()


@sqlite_only
async def test_edit_waits_for_the_message_itself(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    held = chat.rasa.twist(How.HELD)
    message_id = user.send_text("eerste doel")
    await chat.rasa.wait_for_turns(1)
    user.edit(message_id, "beter doel")
    await confirmed(chat, 1)

    held.release()
    await user.wait_for(2)

    given = [row for row in await stored(chat.database, answer) if row.step == "doelen"]
    assert [(row.text, row.is_current) for row in given] == [
        ("eerste doel", False),
        ("beter doel", True),
    ]


@sqlite_only
async def test_groups_get_one_sentence_and_are_left(chat: Chat) -> None:
    user = chat.world.user()
    groups = [chat.world.group(kind=kind) for kind in ("group", "supergroup", "channel")]
    with in_one_batch(chat):
        for group in groups:
            group.add_bot(user)
            group.send_text(user, "hallo allemaal")
            group.send_text(user, "doet de bot mee?")

    await confirmed(chat, len(chat.world.updates))
    await chat.world.wait_for(lambda now: not any(group.has_bot for group in groups))

    for group in groups:
        assert [message.text for message in group.received] == [words.GROUP]
    assert await stored(chat.database, inbox) == []
    assert await stored(chat.database, conversation) == []


@sqlite_only
async def test_group_is_left_where_nothing_may_be_said(chat: Chat) -> None:
    group = chat.world.group(kind="channel")
    chat.world.fail("sendMessage", status=400, description="Bad Request: not enough rights")

    group.add_bot(chat.world.user())

    await chat.world.wait_for(lambda now: not group.has_bot)
    assert [call.outcome for call in chat.world.calls_of("sendMessage")] == [400]


@sqlite_only
async def test_anonymous_administrators_and_migration_store_nothing(chat: Chat) -> None:
    user = chat.world.user()
    group = chat.world.group()
    with in_one_batch(chat):
        group.add_bot(user)
        group.send_as_anonymous_admin("wie is dit?")
        new = group.migrate(user)

    await chat.world.wait_for(lambda now: not new.has_bot)

    assert await stored(chat.database, inbox) == []


@sqlite_only
async def test_other_bots_are_ignored(chat: Chat) -> None:
    robot = chat.world.user(is_bot=True)
    robot.send_text("ik ben er ook een")

    await chat.world.user().ask("hallo")

    assert [row.text for row in await stored(chat.database, inbox)] == ["hallo"]
    assert robot.received == []


@sqlite_only
async def test_unreadable_update_keeps_nobody_waiting(chat: Chat) -> None:
    user = chat.world.user()
    with in_one_batch(chat):
        for content in UNREADABLE:
            chat.world.push("message", content)
        user.send_text("hallo")

    await user.wait_for(1)
    await confirmed(chat, len(UNREADABLE) + 1)

    assert [row.text for row in await stored(chat.database, inbox)] == ["hallo"]


@sqlite_only
async def test_message_without_sender_is_ignored(chat: Chat) -> None:
    chat.world.post(chat.world.user().chat, None, {"text": "van niemand"})

    await chat.world.user().ask("hallo")

    assert len(await stored(chat.database, inbox)) == 1


@sqlite_only
async def test_unknown_fields_and_forwards_are_text(chat: Chat) -> None:
    user = chat.world.user()
    origin = {"type": "hidden_user", "sender_user_name": "Iemand", "date": 1}
    user.send_text("doorgestuurd", forward_origin=origin, nieuw_veld={"a": [1]})

    await user.wait_for(1)

    assert [row.text for row in await stored(chat.database, inbox)] == ["doorgestuurd"]


@sqlite_only
async def test_command_may_name_the_bot(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")

    (said,) = await user.ask("/terug@wegwijzer_bot")

    assert "regiovisie" in said.text.lower()
    assert chat.rasa.calls == []


async def test_unknown_command_is_an_answer_like_any_text(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")

    await user.ask("/samen sterk")

    given = [row.text for row in await stored(chat.database, answer) if row.step == "doelen"]
    assert given == ["/samen sterk"]


async def test_typed_text_is_stored_verbatim_but_for_what_cannot_be_shown(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    typed = "  één\n\n- «twee» 👩🏽‍🔬\x00\u202e\ud83d & <b>drie</b>  "

    await user.ask(typed)

    (row,) = [row for row in await stored(chat.database, answer) if row.step == "doelen"]
    assert row.text == "  één\n\n- «twee» 👩🏽‍🔬 & <b>drie</b>  "


async def test_long_answer_in_several_messages_is_one_answer(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    parts = ["a" * 4096, "b" * 4096, "c" * 100]

    user.send_long_text("".join(parts))
    await user.wait_for(3)
    (said,) = await user.ask("de volgende")

    rows = await stored(chat.database, inbox)
    assert [row.text for row in rows[-4:-1]] == parts
    given = [row for row in await stored(chat.database, answer) if row.is_current][-2:]
    assert [(row.step, row.text) for row in given] == [
        ("doelen", "".join(parts)),
        ("activiteiten", "de volgende"),
    ]
    assert "mijlpalen" in said.text.lower()


@sqlite_only
async def test_answer_beyond_the_limit_spills_into_no_other_question(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")

    user.send_long_text("a" * 20_000)
    said = await user.wait_for(5)

    given = [row for row in await stored(chat.database, answer) if row.is_current][-1]
    assert (given.step, given.text) == ("doelen", "a" * 8192)
    assert all("te lang voor één antwoord" in message.text for message in said[2:4])


@sqlite_only
async def test_answer_behind_a_full_message_stands_by_itself(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    await user.ask("a" * 4096)
    async with chat.database.engine.begin() as connection:
        earlier = datetime.now(UTC) - timedelta(seconds=10)
        await connection.execute(update(inbox).values(received_at=earlier))

    await user.ask("een ander antwoord")

    given = [row for row in await stored(chat.database, answer) if row.is_current][-1]
    assert (given.step, given.text) == ("activiteiten", "een ander antwoord")


@sqlite_only
async def test_every_press_is_acknowledged(chat: Chat) -> None:
    user = chat.world.user()
    await user.ask("hallo")

    await user.tap("Mijn plannen")
    await chat.world.wait_for(lambda _: bool(user.callback_answers))

    assert user.callback_answers == [""]


@sqlite_only
async def test_press_that_is_too_old_to_acknowledge_counts(chat: Chat) -> None:
    user = chat.world.user()
    await user.ask("hallo")
    held = chat.world.fail("answerCallbackQuery", hold=True)
    user.press("Mijn plannen")
    await held.wait_for_hits()
    chat.world.expire_callbacks()

    held.release()
    await user.wait_for("nog geen plannen")
    await chat.world.wait_for(lambda now: now.calls_of("answerCallbackQuery")[0].outcome == 400)

    assert "hallo" not in user.callback_answers


@sqlite_only
async def test_made_up_buttons_change_nothing(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    (shown,) = await user.ask("/help")
    made_up = ["x", "verzonnen-sleutel", "k" * 64, "/start", "null"]

    for data in made_up:
        user.press_data(data, shown.message_id)
    received = await user.wait_for(1 + len(made_up))

    assert all("eerdere vraag" in said.text for said in received[1:])
    assert "doelen" not in [row.step for row in await stored(chat.database, answer)]


@sqlite_only
async def test_button_of_somebody_else_does_nothing(chat: Chat) -> None:
    owner, other = chat.world.user(), chat.world.user()
    await chat.plan_of(owner, until="doelen")
    (shown,) = await owner.ask("/help")
    (own,) = await other.ask("hallo")

    other.press_data(shown.buttons[0].data or "", own.message_id)
    said = (await other.wait_for(2))[-1]

    assert "eerdere vraag" in said.text


async def test_blocking_closes_and_writing_opens_the_chat(chat: Chat) -> None:
    user = chat.world.user()
    await user.ask("hallo")

    user.block()
    await confirmed(chat, 2)
    closed = [row.is_closed for row in await stored(chat.database, conversation)]
    user.unblock()
    await user.ask("ik ben er weer")

    assert closed == [True]
    assert [row.is_closed for row in await stored(chat.database, conversation)] == [False]


@sqlite_only
async def test_block_is_not_confirmed_before_it_is_stored(chat: Chat) -> None:
    user = chat.world.user()
    await user.ask("hallo")
    await confirmed(chat, 1)
    async with refusing(chat.database, conversation):
        user.block()
        polls = len(chat.world.calls_of("getUpdates"))
        await chat.world.wait_for(lambda now: len(now.calls_of("getUpdates")) >= polls + 1)
        await chat.world.wait_for(lambda now: now.updates[-1].deliveries >= 1)

    await confirmed(chat, 2)

    assert [row.is_closed for row in await stored(chat.database, conversation)] == [True]


@sqlite_only
async def test_second_bot_with_the_same_token_loses_nothing(chat: Chat) -> None:
    user = chat.world.user()
    fault = chat.world.fail("getUpdates", status=409)
    user.send_text("een")
    user.send_text("twee")
    await fault.wait_for_hits()

    await user.wait_for(2)

    assert chat.rasa.said == ["een", "twee"]


@sqlite_only
@pytest.mark.parametrize(
    "fault",
    [{"status": 502}, {"drop": "after"}, {"status": 429}],
)
async def test_failing_polls_are_made_again(chat: Chat, fault: dict[str, Any]) -> None:
    user = chat.world.user()
    broken = chat.world.fail("getUpdates", **fault)
    user.send_text("een")
    await broken.wait_for_hits()
    user.send_text("twee")

    await user.wait_for(2)

    assert chat.rasa.said == ["een", "twee"]


@sqlite_only
async def test_commands_are_registered_at_the_start(chat: Chat) -> None:
    await chat.world.wait_for(lambda now: bool(now.profile.commands))

    (commands,) = chat.world.profile.commands.values()

    assert [command["command"] for command in commands] == [
        "start", "plan", "mijnplannen", "vraag", "steun", "bord", "terug", "pauze", "help",
        "privacy", "mijngegevens", "verwijder",
    ]  # fmt: skip


@sqlite_only
async def test_logs_hold_no_text_name_or_number_of_a_person(chat: Chat) -> None:
    user = chat.world.user(first_name="Bijzonder")
    chat.rasa.twist(How.ERROR)
    user.send_text("geheim plan")
    await user.wait_for(words.KEPT)
    chat.leap(seconds=5)
    await user.wait_for(2)

    logged = str(chat.logs)

    assert "turn_kept" in logged
    for private in ("geheim", "Bijzonder", str(user.id)):
        assert private not in logged


@sqlite_only
async def test_service_message_is_not_answered(chat: Chat) -> None:
    user = chat.world.user()
    user.send_text("hoi")
    await user.wait_for(1)

    user.send(
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
    )
    user.send_text("nog iets")
    await user.wait_for(2)

    assert [row.text for row in await stored(chat.database, inbox)] == ["hoi", "nog iets"]
