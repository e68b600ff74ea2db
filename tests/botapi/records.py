"""What the server remembers of calls and presses, and what the bot told about itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]


@dataclass
class Call:
    """A call of the bot; `outcome` is the HTTP status, "dropped", or None while it runs."""

    method: str
    params: JSON
    at: float
    outcome: int | str | None = None


@dataclass
class Press:
    """A pressed button; `answer` is what answerCallbackQuery said, None before it came."""

    user_id: int
    data: str
    answer: str | None = None
    is_expired: bool = False


@dataclass
class Profile:
    """What the bot told about itself, by language code ("" for all)."""

    commands: dict[str, list[JSON]] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)
