"""Buttons that need no Rasa: they go straight to a use case, by their intent."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.turns import UseCase
from bot.services.use_cases import UseCases


def press_table(services: UseCases) -> Mapping[str, UseCase]:
    """Give the use case of every such button."""
    return {}
