"""How the server knows the bot, and what the bot tells about itself."""

from __future__ import annotations

import httpx
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    InvalidToken,
)

from tests.botapi import TOKEN, BotApiServer, TelegramWorld


async def test_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.username, me.is_bot) == (700000001, "wegwijzer_bot", True)


@pytest.mark.parametrize(
    ("token", "code", "description"),
    [
        ("700000001:" + "X" * 35, 401, "Unauthorized"),
        ("no-token-at-all", 404, "Not Found"),
        ("700000001:short", 404, "Not Found"),
    ],
)
async def test_wrong_token_is_refused_like_telegram(
    server: BotApiServer, token: str, code: int, description: str
) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{server.base_url}{token}/getMe")

    assert answer.status_code == code
    assert answer.json() == {"ok": False, "error_code": code, "description": description}


async def test_revoked_token_raises_invalid_token(bot: Bot, world: TelegramWorld) -> None:
    world.is_token_revoked = True

    with pytest.raises(InvalidToken):
        await bot.get_me()


async def test_unknown_method_is_not_found(server: BotApiServer) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{server.base_url}{TOKEN}/sendTelepathy")

    assert answer.status_code == 404
    assert answer.json()["description"] == "Not Found: method not found"


async def test_method_names_ignore_letter_case(server: BotApiServer) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{server.base_url}{TOKEN}/GETME")

    assert answer.json()["ok"] is True


async def test_profile_texts_are_kept_by_language(bot: Bot, world: TelegramWorld) -> None:
    await bot.set_my_commands([("start", "Beginnen"), ("help", "Uitleg")])
    await bot.set_my_description("Ik help je op weg.", language_code="nl")
    await bot.set_my_short_description("Wegwijzer")

    assert world.profile.commands == {
        "": [
            {"command": "start", "description": "Beginnen"},
            {"command": "help", "description": "Uitleg"},
        ]
    }
    assert world.profile.description == {"nl": "Ik help je op weg."}
    assert world.profile.short_description == {"": "Wegwijzer"}


@pytest.mark.parametrize("command", ["Start", "met-streep", "x" * 33, ""])
async def test_bad_command_names_are_refused(bot: Bot, command: str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([(command, "Beschrijving")])
