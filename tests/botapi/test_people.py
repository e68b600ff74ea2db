"""What people send arrives as Telegram would give it."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import (
    ChatMigrated,
    Forbidden,
)

from tests.botapi import TelegramWorld
from tests.botapi.clients import texts


async def test_every_kind_of_message_parses(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    user.send_sticker()
    user.send_voice()
    user.send_photo("bijschrift", media_group_id="1")
    user.send_contact()
    user.send_location()
    user.send_document("plan.pdf", size=30 * 2**20)
    user.send_poll()
    user.send_dice()

    messages = [update.message for update in await bot.get_updates()]

    kinds = ["sticker", "voice", "photo", "contact", "location", "document", "poll", "dice"]
    shown = [[kind for kind in kinds if getattr(message, kind)] for message in messages]
    assert shown == [[kind] for kind in kinds]


async def test_commands_are_marked_in_text(bot: Bot, world: TelegramWorld) -> None:
    world.user().send_text("/start abc")
    world.user().send_text("👍 en/of /help")

    first, second = [update.message for update in await bot.get_updates()]

    assert first
    assert first.parse_entities() == {first.entities[0]: "/start"}
    assert second
    assert second.parse_entities() == {second.entities[0]: "/help"}


async def test_edited_message_keeps_its_id(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    sent = user.send_text("eerst")

    user.edit(sent, "daarna")

    _, update = await bot.get_updates()
    edited = update.edited_message
    assert edited
    assert (edited.message_id, edited.text) == (sent, "daarna")
    assert edited.edit_date is not None


async def test_half_an_emoji_reaches_the_bot(bot: Bot, world: TelegramWorld) -> None:
    world.user().send_text("kapot \ud83d")

    assert texts(await bot.get_updates()) == ["kapot \ud83d"]


def test_long_text_is_split_by_apps(world: TelegramWorld) -> None:
    user = world.user()

    ids = user.send_long_text("👍" * 3000)

    assert [len(user.chat.messages[sent]["text"]) for sent in ids] == [2048, 952]
    with pytest.raises(ValueError, match="1 to 4096"):
        user.send_text("x" * 4097)


async def test_raw_updates_of_unknown_kind(bot: Bot, world: TelegramWorld) -> None:
    world.push("telepathy", {"strength": 7})

    (update,) = await bot.get_updates()

    assert update.api_kwargs == {"telepathy": {"strength": 7}}


async def test_bot_added_to_group_and_leaves(bot: Bot, world: TelegramWorld) -> None:
    group = world.group_message(world.user(), "hallo allemaal")

    joined, service, said = await bot.get_updates()
    await bot.send_message(group.id, "Alleen privé")
    await bot.leave_chat(group.id)
    gone = (await bot.get_updates())[-1].my_chat_member

    assert joined.my_chat_member
    assert joined.my_chat_member.new_chat_member.status == "member"
    assert service.message
    assert service.message.new_chat_members[0].id == bot.id
    assert said.message
    assert said.message.chat.type == "group"
    assert [message.text for message in group.received] == ["Alleen privé"]
    assert gone
    assert gone.new_chat_member.status == "left"
    assert not group.has_bot
    with pytest.raises(Forbidden, match="not a member of the group chat"):
        await bot.send_message(group.id, "nog iets")


async def test_migrated_group_names_new_id(bot: Bot, world: TelegramWorld) -> None:
    user = world.user()
    group = world.group_message(user, "hallo")

    new = group.migrate(user)

    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "hallo")
    assert caught.value.new_chat_id == new.id


async def test_channel_posts_have_no_sender(bot: Bot, world: TelegramWorld) -> None:
    user, channel = world.user(), world.group(kind="channel")
    channel.add_bot(user)
    channel.send_text(user, "mededeling")

    post = (await bot.get_updates())[-1].channel_post

    assert post
    assert post.from_user is None
    assert post.text == "mededeling"


async def test_other_bots_and_anonymous_admins(bot: Bot, world: TelegramWorld) -> None:
    world.user(is_bot=True).send_text("piep")
    group = world.group()
    group.add_bot(world.user())
    group.send_as_anonymous_admin("besluit")

    messages = [update.message for update in await bot.get_updates() if update.message]

    assert messages[0].from_user
    assert messages[0].from_user.is_bot
    assert messages[-1].sender_chat
    assert messages[-1].sender_chat.id == group.id
