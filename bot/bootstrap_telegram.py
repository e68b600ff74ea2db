"""Makes what speaks to Telegram, as the settings say."""

from __future__ import annotations

import os

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.config import Settings


def make_bot(settings: Settings) -> Bot | None:
    """Give the bot of the token in the settings, None without one."""
    if not settings.telegram_token:
        return None
    # How long a 429 asks us to wait comes as a timedelta; the library warns about the other form.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    root = settings.telegram_api_url.rstrip("/")
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=HTTPXRequest(connection_pool_size=32, read_timeout=20, connect_timeout=10),
        get_updates_request=HTTPXRequest(connection_pool_size=2, connect_timeout=10),
    )
