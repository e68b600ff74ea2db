"""Who runs the assistant, as the settings say."""

from __future__ import annotations

from bot.config import Settings, keep_of
from bot.services.welcome import Operator


def operator_of(settings: Settings) -> Operator:
    """Give the operator that the services introduce and the pages name."""
    return Operator(
        settings.operator_name,
        settings.operator_email,
        mail_stays_here=not settings.smtp_url,
        keep=keep_of(settings),
    )
