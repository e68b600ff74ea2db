"""Inline buttons, presses and their answers."""

from __future__ import annotations

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
)

from tests.botapi import TelegramWorld
from tests.botapi.clients import keyboard


async def test_press_takes_newest_button(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("hallo")
    for data in ("oud", "nieuw"):
        button = InlineKeyboardButton("Ja", callback_data=data)
        await bot.send_message(user.id, "?", reply_markup=InlineKeyboardMarkup([[button]]))

    user.press("Ja")

    query = (await bot.get_updates())[-1].callback_query
    assert query
    assert query.data == "nieuw"
    assert query.message
    assert query.message.message_id == user.received[-1].message_id


async def test_callback_is_answered_only_once(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("hallo")
    await bot.send_message(user.id, "?", reply_markup=keyboard("Ja"))
    query = user.press("Ja")

    await bot.answer_callback_query(query, "Prima")

    assert user.callback_answers == ["Prima"]
    for unknown in (query, "12345"):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(unknown)


async def test_old_callback_cannot_be_answered(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    query = user.press_data("vervalst", user.send_text("hallo"))

    world.expire_callbacks()

    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query)
    assert user.callback_answers == []


async def test_buttons_can_be_taken_away(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    mine = user.send_text("hallo")
    message = await bot.send_message(user.id, "?", reply_markup=keyboard("Ja"))

    await bot.edit_message_reply_markup(user.id, message.message_id)

    assert user.received[0].labels == []
    with pytest.raises(LookupError, match="no button 'Ja'"):
        user.press("Ja")
    for message_id, reason in (
        (message.message_id, "Message is not modified"),
        (mine, "Message can't be edited"),
        (999, "Message to edit not found"),
    ):
        with pytest.raises(BadRequest, match=reason):
            await bot.edit_message_reply_markup(user.id, message_id)
