"""What the bot may send, and where."""

from __future__ import annotations

import io

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import (
    BadRequest,
    Forbidden,
)

from tests.botapi import TelegramWorld
from tests.botapi.clients import keyboard


async def test_sent_text_reaches_the_person(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("/start")

    message = await bot.send_message(user.id, "  Hallo!\tWelkom\r\n", reply_markup=keyboard("Ja"))

    (received,) = await user.wait_for(1)
    assert (received.message_id, received.text) == (message.message_id, "Hallo! Welkom")
    assert [(button.label, button.data) for button in received.buttons] == [("Ja", "k:Ja")]
    assert message.text == "Hallo! Welkom"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Message text is empty"),
        (" \n \u200b", "Text must be non-empty"),
        ("x" * 4097, "Message is too long"),
        ("👍" * 2049, "Message is too long"),
        ("é" * 20000, "Text is too long"),
    ],
)
async def test_texts_telegram_does_not_take(
    bot: Bot, world: TelegramWorld, text: str, reason: str
) -> None:
    user = world.user()
    user.send_text("hallo")

    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(user.id, text)
    assert user.received == []


@pytest.mark.parametrize("text", ["x" * 4096, "👍" * 2048])
async def test_longest_text_is_taken(bot: Bot, world: TelegramWorld, text: str) -> None:
    user = world.user()
    user.send_text("hallo")

    assert (await bot.send_message(user.id, text)).text == text


@pytest.mark.parametrize("mode", ["rst", "HTML"])
async def test_parse_modes_are_not_taken(bot: Bot, world: TelegramWorld, mode: str) -> None:
    user = world.user()
    user.send_text("hallo")

    with pytest.raises(BadRequest, match="parse"):
        await bot.send_message(user.id, "tekst", parse_mode=mode)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("x" * 65, "Button_data_invalid"),
        ("é" * 33, "Button_data_invalid"),
        ("", "text buttons are unallowed"),
    ],
)
async def test_callback_data_has_64_bytes(
    bot: Bot, world: TelegramWorld, data: str, reason: str
) -> None:
    user = world.user()
    user.send_text("hallo")
    button = {"text": "Ja", "callback_data": data}
    markup = {"inline_keyboard": [[button]]}

    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(user.id, "tekst", api_kwargs={"reply_markup": markup})


async def test_longest_callback_data_is_taken(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("hallo")
    button = InlineKeyboardButton("Ja", callback_data="é" * 32)

    await bot.send_message(user.id, "tekst", reply_markup=InlineKeyboardMarkup([[button]]))

    assert user.received[0].buttons[0].data == "é" * 32


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        ("nothing", Forbidden, "can't initiate conversation"),
        ("block", Forbidden, "blocked by the user"),
        ("deactivate", Forbidden, "user is deactivated"),
    ],
)
async def test_closed_chats_are_forbidden(
    bot: Bot, world: TelegramWorld, change: str, error: type[Exception], reason: str
) -> None:
    user = world.user()
    if change != "nothing":
        user.send_text("hallo")
        getattr(user, change)()

    with pytest.raises(error, match=reason):
        await bot.send_message(user.id, "hallo")


async def test_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(42, "hallo")


async def test_reply_needs_an_existing_message(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    sent = user.send_text("hallo")

    reply = await bot.send_message(user.id, "dag", reply_parameters=ReplyParameters(sent))

    assert reply.reply_to_message
    assert reply.reply_to_message.text == "hallo"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(user.id, "dag", reply_parameters=ReplyParameters(999))


async def test_document_arrives_byte_for_byte(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("hallo")
    content = bytes(range(256)) * 5000

    message = await bot.send_document(
        user.id, io.BytesIO(content), filename="plan – één.pdf", caption="Je plan"
    )

    (received,) = await user.wait_for(1)
    assert received.document
    assert received.document.content == content
    assert received.document.name == "plan – één.pdf"
    assert received.text == "Je plan"
    assert message.document
    assert message.document.file_size == len(content)


@pytest.mark.parametrize(
    ("content", "caption", "reason"),
    [(b"", "", "File must be non-empty"), (b"x", "y" * 1025, "Message caption is too long")],
)
async def test_bad_documents_are_refused(
    bot: Bot, world: TelegramWorld, content: bytes, caption: str, reason: str
) -> None:
    user = world.user()
    user.send_text("hallo")

    with pytest.raises(BadRequest, match=reason):
        await bot.send_document(user.id, content, filename="plan.pdf", caption=caption)


async def test_chat_actions_are_seen(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_text("hallo")

    await bot.send_chat_action(user.id, "typing")

    assert user.actions == ["typing"]
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await bot.send_chat_action(user.id, "yawning")
