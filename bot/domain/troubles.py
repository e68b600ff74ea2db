"""What goes wrong so that the operator has to know: told by alarm, counted by kind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Trouble(StrEnum):
    """What an alarm may be about."""

    #: a message was put aside after failing again and again
    PARKED = "parked"
    #: a delivery that cannot be made
    GIVEN_UP = "given_up"
    #: an e-mail that did not get away for an hour, and is still tried
    LATE = "late"
    #: Telegram does not know our token (any more)
    TOKEN_REFUSED = "token_refused"  # noqa: S105 (the name of a trouble, no password)
    #: another program takes updates from Telegram with our token
    TAKEN = "taken"


Counts = Mapping[Trouble, int]

#: These are nobody's fault and nothing to mend: the person left, or deleted the plan.
NO_TROUBLE = frozenset({"blocked", "chat_not_found", "plan_is_gone"})


def is_trouble(problem: str) -> bool:
    """Say whether the operator has to know that a delivery was given up for this reason."""
    return problem not in NO_TROUBLE


def counts_of(data: Mapping[str, int]) -> Counts:
    """Read back counts that were stored; kinds of another version are left out."""
    known = {kind.value: kind for kind in Trouble}
    return {known[name]: count for name, count in data.items() if name in known}


def with_one_more(counts: Counts, trouble: Trouble) -> Counts:
    """Give these counts with one more of a kind."""
    return {**counts, trouble: counts.get(trouble, 0) + 1}
