"""How an attempt to deliver something ends."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.troubles import Trouble
from bot.services.backoff import backoff


@dataclass(frozen=True)
class Sent:
    """It arrived at the other side."""


@dataclass(frozen=True)
class Retry:
    """It may work later; `after` seconds when the other side said so. `problem` is a code."""

    problem: str
    after: float | None = None


@dataclass(frozen=True)
class GiveUp:
    """It will never work."""

    problem: str


@dataclass(frozen=True)
class ChannelClosed:
    """The person cannot be reached on this channel any more."""

    problem: str


@dataclass(frozen=True)
class Dropped:
    """It is not to be made any more: nobody is left to whom it may go."""


#: The problem of a retry while Telegram does not know our token.
TOKEN_REFUSED = Trouble.TOKEN_REFUSED.value

Outcome = Sent | Retry | GiveUp | ChannelClosed | Dropped

_FIRST_WAIT = 1.0
_LAST_WAIT = 1800.0


def wait_before_retry(tries: int) -> float:
    """Give the seconds to wait after the `tries`-th failure: 1, 2, 4, … at most half an hour."""
    return backoff(tries, _FIRST_WAIT, _LAST_WAIT)
