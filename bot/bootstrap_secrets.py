"""The secrets of an installation: as they are set, else made once and kept in the data folder."""

from __future__ import annotations

from bot.config import Settings, made_secret
from bot.domain.errors import SettingsError


def rasa_token(settings: Settings) -> str:
    if settings.rasa_token:
        return settings.rasa_token.get_secret_value()
    if settings.rasa_url:
        raise SettingsError("Bij WEGWIJZER_RASA_URL hoort WEGWIJZER_RASA_TOKEN; zet hem ook.")
    return made_secret(settings.data_dir, "rasa")


def link_secret(settings: Settings) -> str:
    if settings.link_secret:
        return settings.link_secret.get_secret_value()
    return made_secret(settings.data_dir, "links")


def webhook_secret(settings: Settings) -> str:
    if settings.telegram_webhook_secret:
        return settings.telegram_webhook_secret.get_secret_value()
    return made_secret(settings.data_dir, "webhook")
