"""The part that keeps Telegram connected: says how we want our updates, then takes them in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.bootstrap import Parts
from bot.chat.telegram_updates import ALLOWED_UPDATES
from bot.domain.errors import SettingsError
from bot.services.backoff import Backoff
from bot.services.bell import Bell
from bot.web.telegram_webhook import PATH as WEBHOOK_PATH

log = structlog.get_logger()

#: How often Telegram is asked whether it could bring everything.
_ASK_SECONDS = 60.0


async def connect_telegram(parts: Parts) -> None:
    """Say to Telegram how we want our updates, then fetch them or have them brought."""
    bot, door, poller = parts.bot, parts.door, parts.poller
    if not bot or not door or not poller:
        return
    settings = parts.settings
    if settings.telegram_mode == "webhook" and not settings.telegram_webhook_url:
        raise SettingsError("Bij de webhook hoort WEGWIJZER_TELEGRAM_WEBHOOK_URL; zet hem.")
    if not await _until_reached(bot.initialize):
        await _tell_of_refusal(parts)
        return
    parts.addresses.bot_name = bot.username
    await _until_reached(door.register)
    if settings.telegram_mode == "webhook":
        await _until_reached(partial(_set_webhook, parts))
        await _watch_webhook(bot, parts.heartbeat.reached)
    else:
        await _until_reached(bot.delete_webhook)
        await poller.run()
    # It ends by itself only when Telegram does not know the token any more.
    await _tell_of_refusal(parts)


async def _watch_webhook(bot: Bot, reached: Callable[[], None]) -> None:
    """Call `reached` when Telegram holds nothing for us, until it does not know our token.

    Silence alone says nothing: nobody may write, or nothing may come through.
    """

    async def ask() -> None:
        info = await bot.get_webhook_info()
        if not info.pending_update_count:
            reached()

    again = Bell()
    while await _until_reached(ask):
        await again.wait(_ASK_SECONDS)


async def _tell_of_refusal(parts: Parts) -> None:
    async with parts.database.write() as uow:
        await parts.services.alarms.token_refused(uow, parts.clock.now())


async def _set_webhook(parts: Parts) -> None:
    if parts.bot and parts.settings.telegram_webhook_url:
        await parts.bot.set_webhook(
            parts.settings.telegram_webhook_url.rstrip("/") + WEBHOOK_PATH,
            secret_token=parts.webhook_secret,
            allowed_updates=list(ALLOWED_UPDATES),
        )


async def _until_reached(call: Callable[[], Awaitable[object]]) -> bool:
    """Call Telegram until it answers; False when it does not know our token."""
    wait = Backoff(1.0, 30.0)
    while True:
        try:
            await call()
            return True
        except InvalidToken:
            log.error("telegram_token_refused")
            return False
        except TelegramError as error:
            log.warning("telegram_not_reached", error=type(error).__name__)
            await asyncio.sleep(wait.next())
